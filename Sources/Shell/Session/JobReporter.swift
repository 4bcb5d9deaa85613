import Compute
import Foundation
import Synchronization
import Terminal
import Training

/// Says on the terminal what jobs do: changes of state and checkpoints at once, steps now and then.
final class JobReporter: Sendable {
    private let mailbox: Mailbox
    private let lastLine = Mutex<ContinuousClock.Instant?>(nil)
    private let isQuiet = Mutex(false)
    /// By job, oldest first; kept also while nothing is said, for the one who follows.
    private let warnings = Mutex<[Int: [JobWarning]]>([:])
    /// Between two lines about steps.
    private static let interval = Duration.seconds(10)
    private static let warningsKept = 20

    init(mailbox: Mailbox) { self.mailbox = mailbox }

    /// While a command follows the job itself.
    func silence(_ quiet: Bool) { isQuiet.withLock { $0 = quiet } }

    func warnings(of job: Int) -> [JobWarning] { warnings.withLock { $0[job] ?? [] } }

    func report(_ event: JobEvent) {
        if case .warning(let status, let text) = event {
            warnings.withLock {
                $0[status.id] =
                    ($0[status.id] ?? []).suffix(Self.warningsKept - 1) + [JobWarning(step: status.step, text: text)]
            }
        }
        guard !isQuiet.withLock({ $0 }) else { return }
        switch event {
        case .changed(let status):
            guard status.state != .queued, status.state != .stopping else { return }
            let reason = status.error.map { ": \(TextWidth.visible(ErrorParts($0).text, keepingLines: false))" } ?? ""
            post(status, "\(status.state.rawValue) at step \(status.step) of \(status.steps)\(reason)")
        case .progress(let status, let line):
            let isDue = lastLine.withLock { last in
                let now = ContinuousClock.now
                if let last, now - last < Self.interval { return false }
                defer { last = now }
                return last != nil
            }
            if isDue { post(status, line) }
        case .warning(let status, let text): post(status, "warning: \(text)")
        case .checkpoint(let status, let step):
            post(status, "checkpoint at step \(step)")
        }
    }

    private func post(_ status: JobStatus, _ text: String) {
        mailbox.post(.message("[job \(status.id), \(status.run)] \(text)\n"))
    }
}

/// Something that went wrong without ending a job.
struct JobWarning {
    var step: Int
    var text: String
}
