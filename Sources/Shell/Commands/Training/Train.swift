import ArgumentParser
import Formats
import Foundation
import Plots
import Terminal
import Training

extension StageName: ExpressibleByArgument {}

struct Train: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "train", "Train a model as a job beside the shell, in a run directory of its own.",
        discussion:
            "Settings are key=value; `settings STAGE` lists a stage's, `explain KEY` explains one. The estimated "
            + "memory is printed first, and what does not fit is refused.",
        examples: [
            "train sft model.path=starter:actor data.train_files=rows.jsonl trainer.total_training_steps=10 --wait",
            "train sft model.path=run:sft-1 data.train_files=rows.jsonl actor.optim.lr=1e-4",
            "train critic-rl model.path=starter:critic data.actors=starter:actor data.train_files=starter:jumps:train "
                + "critic.optim.lr=1e-4",
            "train genac model.path=starter:actor critic.model.path=starter:critic "
                + "data.train_files=starter:jumps:train actor.optim.lr=6e-5 critic.optim.lr=2e-5",
        ])

    @Argument(
        help: ArgumentHelp(
            "What to train: \(StageName.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "stage"))
    var stage: StageName

    @Argument(help: ArgumentHelp("Settings, as key=value.", valueName: "assignment"))
    var settings: [Text] = []

    @Flag(help: "Wait until the job is over, with a progress bar; Ctrl-C then stops it at a checkpoint.")
    var wait = false

    func run(_ context: CommandContext) throws -> Outcome {
        let session = context.session
        var defaults = session.settings.changed
        if let seed = defaults["seed"], defaults["data.seed"] == nil { defaults["data.seed"] = seed }
        let recipe = try Recipe(
            stage: stage, assignments: settings.map { try resolved($0.string, session) }, defaults: defaults)
        if let begun = try RunDirectory.begun(recipe, in: session.workspace.runsDirectory) {
            return try Resume.goOn(with: begun, wait: wait, context)
        }
        let (job, memory) = try session.jobCentre.start(recipe)
        context.remark("job \(job.id), run \(job.run): \(memory.description)")
        session.sayWhatIsAhead(of: job, context)
        if wait { try JobWait(job, context).follow(stoppingOnInterrupt: true) }
        return JobView.outcome(job, memory: memory)
    }
}

struct Resume: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "resume", "Go on with a paused job, or with a run of this or another day from its newest checkpoint.",
        examples: ["resume 1", "resume sft-1 --wait"])

    @Argument(help: ArgumentHelp("A job or a run.", valueName: "job"))
    var name: Text

    @Flag(help: "Wait until the job is over; Ctrl-C then stops it at a checkpoint.")
    var wait = false

    func run(_ context: CommandContext) throws -> Outcome {
        try Self.goOn(with: context.session.runID(name.string), wait: wait, context)
    }

    static func goOn(with run: String, wait: Bool, _ context: CommandContext) throws -> Outcome {
        let session = context.session
        let paused = session.jobCentre.jobs.last { $0.run == run }
        var memory: MemoryEstimate?
        let job: Job
        if let paused, !paused.current.state.isOver {
            try paused.resume()
            job = paused
        } else {
            do {
                let resumed = try session.jobCentre.resume(run)
                (job, memory) = (resumed.job, resumed.memory)
                for warning in resumed.warnings { context.remark("note: \(warning)") }
                context.remark("job \(job.id), run \(job.run), \(resumed.beginning): \(resumed.memory.description)")
            } catch let finished as TrainingError {
                guard case .runFinished(_, let steps) = finished else { throw finished }
                // A script that resumes what an earlier one began is right to find it done.
                return .note(
                    ErrorParts(finished).text,
                    [
                        ("run", .string(run)), ("step", .int(steps)), ("steps", .int(steps)),
                        ("state", .string(JobState.finished.rawValue)),
                    ])
            }
        }
        job.wait(seconds: 1) { $0 != .queued || session.jobCentre.ahead(of: job) != nil }
        session.sayWhatIsAhead(of: job, context)
        if wait { try JobWait(job, context).follow(stoppingOnInterrupt: true) }
        return JobView.outcome(job, memory: memory)
    }
}

extension Train {
    /// Files by their absolute paths and runs by their steps, so that a run can be gone on with from another folder and
    /// another day.
    private func resolved(_ assignment: String, _ session: Session) throws -> String {
        let parts = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let setting = try? Settings.find(parts[0], of: stage) else { return assignment }
        let words = parts[1].split(separator: ",").map(String.init)
        switch setting.kind {
        case .file:
            let files = words.map {
                $0.hasPrefix("starter:") ? $0 : URL(fileURLWithPath: session.home.file($0)).standardizedFileURL.path
            }
            return "\(parts[0])=\(files.joined(separator: ","))"
        case .text where ["model.path", "critic.model.path", "data.actors"].contains(setting.key):
            return "\(parts[0])=\(try words.map(session.modelSource.fixed).joined(separator: ","))"
        default: return assignment
        }
    }
}

extension Session {
    /// Tells the user what a job waits for, if it does.
    fileprivate func sayWhatIsAhead(of job: Job, _ context: CommandContext) {
        guard !job.current.state.isOver, let other = jobCentre.ahead(of: job) else { return }
        context.remark(
            "job \(job.id) waits until job \(other.id) (\(other.run)) is over, paused or stopped: one trains at a time")
    }
}

/// Following a job until it is over.
struct JobWait {
    let job: Job
    let context: CommandContext

    init(_ job: Job, _ context: CommandContext) {
        self.job = job
        self.context = context
    }

    /// - Parameter stoppingOnInterrupt: Ctrl-C stops the job at its next border; otherwise it only ends the following.
    /// - Throws: the job's own error, when it failed.
    func follow(stoppingOnInterrupt: Bool) throws {
        context.session.jobReporter.silence(true)
        defer { context.session.jobReporter.silence(false) }
        let bar = context.progress("job \(job.id)", unit: "steps", total: job.current.steps)
        let first = job.current.step
        while !job.wait(seconds: 0.1) {
            bar.update(job.current.step - first, of: job.current.steps - first)
            guard context.cancellation.isCancelled else { continue }
            bar.finish()
            guard stoppingOnInterrupt else { return }
            job.leave()
            job.wait()
        }
        bar.finish()
        if stoppingOnInterrupt {
            for warning in context.session.jobReporter.warnings(of: job.id) {
                context.remark("warning at step \(warning.step): \(warning.text)")
            }
        }
        if let error = job.current.error { throw error }
    }
}

/// How a job reads as a result.
enum JobView {
    static func json(_ status: JobStatus) -> JSONValue {
        .object([
            ("id", .int(status.id)), ("stage", .string(status.stage.rawValue)),
            ("state", .string(status.state.rawValue)),
            ("step", .int(status.step)), ("steps", .int(status.steps)), ("run", .string(status.run)),
            ("error", .text(status.error.map { ErrorParts($0).text })),
        ])
    }

    static func outcome(_ job: Job, memory: MemoryEstimate? = nil) -> Outcome {
        let status = job.current
        var fields: [JSONObject.Member] = [
            ("job", .int(status.id)), ("run", .string(status.run)), ("step", .int(status.step)),
            ("steps", .int(status.steps)),
            ("state", .string(status.state.rawValue)),
        ]
        if let memory { fields.append(("memory_bytes", .int(memory.bytes))) }
        if status.metrics.count > 0 { fields.append(("metrics", .object(status.metrics))) }
        return Outcome(fields) { page in
            let metrics = status.metrics.members.filter {
                !$0.key.hasPrefix("timing") && !$0.key.hasPrefix("perf") && $0.key != "step"
            }
            let shown = metrics.prefix(4).compactMap { member in
                member.value.asDouble.map { "\(member.key) \(Chart.number($0))" }
            }
            page.line(
                "job \(status.id), run \(status.run): \(status.state.rawValue), step \(status.step) of \(status.steps)"
                    + (shown.isEmpty ? "" : "  " + shown.joined(separator: "  ")))
        }
    }
}
