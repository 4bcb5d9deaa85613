import CEdit
import Compute
import Foundation
import Synchronization

/// Signals, turned into what they mean now: the line given up, the running command cancelled, the shell left.
public final class Interrupts: Sendable {
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

    public init(mailbox: Mailbox, isInteractive: Bool) {
        self.mailbox = mailbox
        self.isInteractive = isInteractive
    }

    /// The signal that asked the process to end, if any did.
    public var leaveSignal: Int32? { state.withLock { $0.leaveSignal } }

    /// Installs the handlers and the thread that listens to them; once in a process.
    public func install() {
        var source: Int32 = -1
        var sink: Int32 = -1
        guard genac_pipe(&source, &sink, 0) == 0 else { return }
        var signals = [SIGINT, SIGTERM, SIGHUP]
        if isInteractive { signals += [SIGWINCH, SIGCONT, SIGTSTP] }
        signal(SIGPIPE, SIG_IGN)
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

    func enter(_ phase: Phase) { state.withLock { $0.phase = phase } }

    /// The signal `number` arrived.
    func receive(_ number: Int32) {
        switch number {
        case SIGINT: interrupt()
        case SIGTERM, SIGHUP: leave(number)
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

    private func interrupt() {
        let isIdle = state.withLock { state in
            if case .idle = state.phase { true } else { false }
        }
        if isIdle, !isInteractive { end(130) }
        let mustExit = state.withLock { state in
            switch state.phase {
            case .foreign, .idle: return false
            case .editing:
                mailbox.post(.interrupt)
                return false
            case .running(let cancellation, nil):
                cancellation.cancel()
                state.phase = .running(cancellation, interruptedAt: .now)
                return false
            case .running(_, let first?):
                return !isInteractive || ContinuousClock.now - first > Self.patience
            }
        }
        if mustExit { _exit(130) }
    }

    private func leave(_ number: Int32) {
        let second = state.withLock { state in
            let second = state.leaveSignal != nil
            state.leaveSignal = number
            if case .running(let cancellation, _) = state.phase { cancellation.cancel() }
            if case .editing = state.phase { mailbox.post(.leave) }
            return second
        }
        if second { _exit(128 + number) }
        if case .idle = state.withLock({ $0.phase }), !isInteractive { end(128 + number) }
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
