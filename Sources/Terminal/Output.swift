import CEdit
import Foundation
import Synchronization

/// A descriptor that results or messages are written to, with what is known of it as a terminal.
package final class Output: Sendable {
    /// An open file descriptor, which whoever made it closes.
    package let descriptor: Int32
    /// Whether a person reads it.
    package let isTerminal: Bool
    /// Escape sequences for colour may be written.
    package let hasColour: Bool
    private let fixedColumns: Int?
    private let isBuffered: Bool
    /// What is written is held until it is taken.
    private let isHeld: Bool
    private let state = Mutex(State())

    private struct State {
        var failure: Int32?
        var pending: [UInt8] = []
        var isInsideLine = false
        var hasWritten = false
    }

    /// The first failed write's errno; later writes do nothing.
    package var failure: Int32? { state.withLock { $0.failure } }
    /// True when the last byte written did not end a line.
    package var isInsideLine: Bool { state.withLock { $0.isInsideLine } }

    /// - Parameters:
    ///   - columns: a fixed width; nil: the terminal's.
    ///   - buffered: off a terminal, keep text until there is much of it.
    package init(descriptor: Int32, colour: ColourChoice = .auto, columns: Int? = nil, buffered: Bool = true) {
        self.descriptor = descriptor
        isTerminal = isatty(descriptor) == 1
        hasColour = colour.isOn(terminal: isTerminal)
        fixedColumns = columns
        isBuffered = buffered
        isHeld = false
    }

    /// Holds what would be written on `other`, as wide and as coloured, until it is taken.
    package init(holdingFor other: Output) {
        (descriptor, isTerminal, hasColour) = (other.descriptor, other.isTerminal, other.hasColour)
        (fixedColumns, isBuffered, isHeld) = (other.columns, true, true)
    }

    /// What was held.
    package func taken() -> String {
        state.withLock { state in
            defer { state.pending = [] }
            return String(decoding: state.pending, as: UTF8.self)
        }
    }

    /// Whether anything was written since this was asked last.
    package func hasWrittenSince() -> Bool {
        state.withLock { state in
            defer { state.hasWritten = false }
            return state.hasWritten
        }
    }

    /// Columns of the terminal now; a wide fixed width where there is none, so that files are not cut.
    package var columns: Int { fixedColumns ?? size?.columns ?? (isTerminal ? 80 : 120) }

    /// Whether what is written lands in a file, where nobody sees it come.
    package var isFile: Bool {
        var entry = stat()
        return fstat(descriptor, &entry) == 0 && entry.st_mode & S_IFMT == S_IFREG
    }

    /// The terminal's columns and rows now.
    package var size: (columns: Int, rows: Int)? {
        var columns: Int32 = 0
        var rows: Int32 = 0
        guard isTerminal, genac_terminal_size(descriptor, &columns, &rows) == 1 else { return nil }
        return (Int(columns), Int(rows))
    }

    /// Buffered off a terminal, where that is wanted; shown at once on one.
    package func write(_ text: String) {
        guard !text.isEmpty else { return }
        state.withLock { state in
            state.pending.append(contentsOf: text.utf8)
            state.isInsideLine = text.utf8.last != 0x0A
            state.hasWritten = true
            if isHeld { return }
            if isTerminal || !isBuffered || state.pending.count > 1 << 16 { flush(&state) }
        }
    }

    /// Writes a line, or ends one.
    package func line(_ text: String = "") { write(text + "\n") }

    /// A line of words, or several; on a terminal a line that is wider is broken at blanks.
    package func prose(_ text: String) {
        guard isTerminal else { return line(text) }
        for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
            for part in TextWidth.folded(String(paragraph), to: columns) { line(part) }
        }
    }

    /// Writes out what is buffered.
    package func flush() {
        if isHeld { return }
        state.withLock { flush(&$0) }
    }

    private func flush(_ state: inout State) {
        var start = 0
        while start < state.pending.count, state.failure == nil {
            let written = state.pending.withUnsafeBytes {
                Foundation.write(descriptor, $0.baseAddress?.advanced(by: start), $0.count - start)
            }
            if written > 0 {
                start += written
            } else if errno != EINTR {
                state.failure = errno
            }
        }
        state.pending.removeAll(keepingCapacity: true)
    }
}

/// `--color`.
package enum ColourChoice: String, Sendable, CaseIterable {
    case auto, always, never

    /// `auto` asks the terminal, NO_COLOR (no-color.org) and TERM.
    package func isOn(terminal: Bool, environment: [String: String] = ProcessInfo.processInfo.environment) -> Bool {
        switch self {
        case .always: return true
        case .never: return false
        case .auto:
            let terminalName = environment["TERM"] ?? ""
            return terminal && (environment["NO_COLOR"] ?? "").isEmpty && !terminalName.isEmpty
                && terminalName != "dumb"
        }
    }
}
