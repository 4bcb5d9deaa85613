import CEdit
import Foundation
import Synchronization
import Terminal

/// What reaches the reader of lines from elsewhere.
enum TerminalEvent: Sendable, Equatable {
    case interrupt, resize, stop, continued
    /// The process was asked to end (SIGTERM, SIGHUP).
    case leave
    /// Whole lines of a job's, to be shown above the line being typed.
    case message(String)
}

/// Events from any thread to the thread that reads lines; a byte on a pipe wakes it out of its `poll`.
final class Mailbox: Sendable {
    private let events = Mutex<[TerminalEvent]>([])
    /// The end to poll; -1 where no pipe could be made.
    let wakeDescriptor: Int32
    private let writeDescriptor: Int32

    init() {
        var reading: Int32 = -1
        var writing: Int32 = -1
        _ = genac_pipe(&reading, &writing, 1)
        wakeDescriptor = reading
        writeDescriptor = writing
    }

    deinit {
        close(wakeDescriptor)
        close(writeDescriptor)
    }

    func post(_ event: TerminalEvent) {
        events.withLock { $0.append(event) }
        var byte: UInt8 = 1
        _ = write(writeDescriptor, &byte, 1)
    }

    /// Shows what jobs said while a command ran.
    func showMessages(on output: Output) {
        for event in drain() {
            if case .message(let text) = event { output.prose(text.hasSuffix("\n") ? String(text.dropLast()) : text) }
        }
    }

    /// All events so far, in order; empties the pipe.
    func drain() -> [TerminalEvent] {
        var scratch = [UInt8](repeating: 0, count: 256)
        while read(wakeDescriptor, &scratch, scratch.count) > 0 {}
        return events.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
    }
}
