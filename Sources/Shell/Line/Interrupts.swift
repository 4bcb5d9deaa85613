import CEdit
import Compute
import Foundation
import Synchronization

/// Signals, turned into what they mean now: the line given up, the running command cancelled, the shell left.
package final class Interrupts: Sendable {
    enum Phase {
        case idle, editing
        case running(Cancellation, interruptedAt: ContinuousClock.Instant?)
        /// Another program has the terminal; Ctrl-C is for it.
        case foreign
    }

    private struct State {
        var phase = Phase.idle
        var leaveSignal: Int32?
        var lastWords: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())
    private let mailbox: Mailbox
    private let isInteractive: Bool
    /// How long a cancelled command may go on before a second Ctrl-C ends the process.
    private static let patience = Duration.seconds(3)

    init(mailbox: Mailbox, isInteractive: Bool) {
        self.mailbox = mailbox
        self.isInteractive = isInteractive
    }

    /// The signal that asked the process to end, if any did.
    var leaveSignal: Int32? { state.withLock { $0.leaveSignal } }

    /// Installs the handlers and the thread that listens to them; once in a process.
    func install() {
        var source: Int32 = -1
        var sink: Int32 = -1
        guard genac_pipe(&source, &sink, 0) == 0 else { return }
        var signals = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]
        if isInteractive { signals += [SIGWINCH, SIGCONT, SIGTSTP] }
        signal(SIGPIPE, SIG_IGN)
        // A file beyond the limit of its user's shell is an error of the writing.
        signal(SIGXFSZ, SIG_IGN)
        guard genac_watch_signals(sink, signals, Int32(signals.count)) == 0 else { return }
        let thread = Thread { [self, source] in
            var number: UInt8 = 0
            while true {
                let count = read(source, &number, 1)
                if count == 1 { receive(Int32(number)) } else if count == 0 || errno != EINTR { return }
            }
        }
        thread.name = "signals"
        thread.start()
    }

    /// What must be done before the process ends while nobody runs a command: jobs write their checkpoints.
    func beforeLeaving(_ lastWords: @escaping @Sendable () -> Void) { state.withLock { $0.lastWords = lastWords } }

    /// While a program has the terminal, Ctrl-C is its own; afterwards it is the command's again.
    func whileForeign<R>(_ body: () throws -> R) rethrows -> R {
        let before = state.withLock { state in
            defer { state.phase = .foreign }
            return state.phase
        }
        defer { enter(before) }
        return try body()
    }

    /// A signal to leave that came before `phase` holds in it too.
    func enter(_ phase: Phase) {
        state.withLock { state in
            state.phase = phase
            guard state.leaveSignal != nil else { return }
            if case .running(let cancellation, _) = phase { cancellation.cancel() }
            if case .editing = phase { mailbox.post(.leave) }
        }
    }

    /// The signal `number` arrived.
    func receive(_ number: Int32) {
        switch number {
        case SIGINT: interrupt()
        case SIGTERM, SIGHUP, SIGQUIT: leave(number)
        case SIGWINCH: whileEditing(.resize)
        case SIGCONT: whileEditing(.continued)
        case SIGTSTP:
            if case .editing = state.withLock({ $0.phase }) { mailbox.post(.stop) } else { genac_stop_process() }
        default: break
        }
    }

    private func whileEditing(_ event: TerminalEvent) {
        if case .editing = state.withLock({ $0.phase }) { mailbox.post(event) }
    }

    /// What is to be done about a signal, decided with the phase it came in: a command may begin or end at any moment.
    private enum Answer { case nothing, end, exitNow }

    private func interrupt() {
        let answer = state.withLock { state -> Answer in
            switch state.phase {
            case .foreign: return .nothing
            case .idle: return isInteractive ? .nothing : .end
            case .editing:
                mailbox.post(.interrupt)
                return .nothing
            case .running(let cancellation, nil):
                cancellation.cancel()
                state.phase = .running(cancellation, interruptedAt: .now)
                return .nothing
            case .running(_, let first?):
                return !isInteractive || ContinuousClock.now - first > Self.patience ? .exitNow : .nothing
            }
        }
        act(on: answer, code: 130)
    }

    private func leave(_ number: Int32) {
        let answer = state.withLock { state -> Answer in
            defer { state.leaveSignal = number }
            if state.leaveSignal != nil { return .exitNow }
            switch state.phase {
            case .running(let cancellation, _): cancellation.cancel()
            case .editing: mailbox.post(.leave)
            case .idle where !isInteractive: return .end
            case .idle, .foreign: break
            }
            return .nothing
        }
        act(on: answer, code: 128 + number)
    }

    private func act(on answer: Answer, code: Int32) {
        switch answer {
        case .nothing: break
        case .end: end(code)
        case .exitNow: _exit(code)
        }
    }

    /// Ends the process from the signals' own thread, which goes on listening meanwhile: a second signal leaves now.
    private func end(_ code: Int32) {
        let lastWords = state.withLock { $0.lastWords }
        Thread {
            lastWords?()
            _exit(code)
        }.start()
    }
}
