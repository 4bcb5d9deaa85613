import Terminal
import Training

/// Leaving the shell while jobs train beside it.
struct Ending {
    private let jobs: Jobs
    private let mailbox: Mailbox

    init(of session: Session) { (jobs, mailbox) = (session.jobs, session.mailbox) }

    /// Asked once before leaving while a job runs.
    var question: String? {
        let jobs = self.jobs.active
        guard let job = jobs.first else { return nil }
        let others = jobs.count > 1 ? " (and there are \(jobs.count - 1) more)" : ""
        return
            "job \(job.id) is \(job.current.state.rawValue)\(others); Ctrl-D again or `quit` leaves, with checkpoints "
            + "to resume from"
    }

    /// Ends what runs beside the commands: every job writes a checkpoint first.
    func close(_ messages: Output) {
        let open = jobs.active
        guard !open.isEmpty else { return }
        let queued = open.filter { $0.current.state == .queued }, begun = open.filter { $0.current.state != .queued }
        for job in begun {
            messages.prose("job \(job.id) writes a checkpoint and ends; `resume \(job.run)` goes on with it")
        }
        for job in queued { messages.prose("job \(job.id) had not begun; `resume \(job.run)` starts it") }
        jobs.centre.leave()
        mailbox.showMessages(on: messages)
    }
}
