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

extension Session {
    /// A job by its number, by its run (the newest job of that run), or `last`: the one started last.
    func job(_ name: String) throws -> Job {
        if let id = Int(name) { return try jobCentre.job(id) }
        let run = Self.bareRun(name)
        if let job = jobCentre.jobs.last(where: { name == "last" || $0.run == run }) { return job }
        if name == "last" {
            throw ShellError.refused(
                "there is no job in this session", hint: "`train` starts one; `resume last` goes on with the newest run"
            )
        }
        throw ShellError.refused(
            "no job of this session trains \(try runID(name))",
            hint: "`jobs` lists them; `resume \(run)` goes on with a run of another day")
    }

    /// A run by its id, by the number of a job of this session, or `last`: the one started last.
    func runID(_ name: String) throws -> String {
        if let run = try namedRun(name) { return run }
        if Int(name) != nil {
            throw ShellError.refused(
                "there is no job \(name) in this session", hint: "`jobs` lists them; `runs` lists the runs of every day"
            )
        }
        let near = DidYouMean.nearest(to: Self.bareRun(name), in: runNames)
        throw ShellError.refused(
            "there is no run \(Self.bareRun(name))", hint: near.map { "did you mean \($0)?" } ?? "`runs` lists them")
    }

    /// The same; nil when the word names no run.
    func namedRun(_ name: String) throws -> String? {
        if name == "last" || name == "run:last" { return try modelSource.newestRun() }
        if let id = Int(name), let job = jobCentre.jobs.first(where: { $0.id == id }) { return job.run }
        let run = Self.bareRun(name)
        return try RunDirectory.list(in: workspace.runsDirectory).contains(run) ? run : nil
    }

    /// The same of several with commas between; nil when none of them names one.
    func namedRuns(_ names: String) throws -> String? {
        let words = names.split(separator: ",").map(String.init), ids = try words.map(namedRun)
        if ids.allSatisfy({ $0 == nil }) { return nil }
        // Where one is a run the others were meant to be.
        return try zip(words, ids).map { word, id in try id ?? runID(word) }.joined(separator: ",")
    }

    private static func bareRun(_ name: String) -> String {
        name.hasPrefix("run:") ? String(name.dropFirst("run:".count)) : name
    }

    /// Before `run:ID` of a running job is loaded, the job writes its weights as they are at its next step.
    /// - Throws: ``ShellError/interrupted``.
    func snapshotRunningJob(of source: String, _ cancellation: Cancellation) throws {
        guard source.hasPrefix("run:"), !source.contains("@") else { return }
        let run = try runID(source)
        guard let job = activeJobs.first(where: { $0.run == run }) else { return }
        // One that waits for another's turn takes no step for who knows how long.
        guard job.current.state == .running || jobCentre.ahead(of: job) == nil else { return }
        job.snapshot { cancellation.isCancelled }
        if cancellation.isCancelled { throw ShellError.interrupted }
    }

    var activeJobs: [Job] { jobCentre.jobs.filter { !$0.current.state.isOver } }
}
