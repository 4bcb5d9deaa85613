import ArgumentParser
import Formats
import Foundation
import Plots
import Terminal
import Training

extension Method: ExpressibleByArgument {
    package init?(argument: String) {
        guard let method = Self.named(argument) else { return nil }
        self = method
    }

    package static var allValueStrings: [String] { all.map(\.name) }
    package var defaultValueDescription: String { name }
}

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
            "What to train: \(Method.all.map(\.name).joined(separator: ", ")).", valueName: "stage"))
    var stage: Method

    @Argument(help: ArgumentHelp("Settings, as key=value.", valueName: "assignment"))
    var settings: [Text] = []

    @Flag(help: "Wait until the job is over, with a progress bar; Ctrl-C then stops it at a checkpoint.")
    var wait = false

    func run(_ context: CommandContext) throws -> Outcome {
        var defaults = context.settings.changed
        if let seed = defaults["seed"], defaults["data.seed"] == nil { defaults["data.seed"] = seed }
        let recipe = try Recipe(
            method: stage, assignments: settings.map { try resolved($0.string, context.home, context.sources) },
            defaults: defaults)
        context.jobs.trust(recipe)
        if let begun = try RunDirectory.begun(recipe, in: context.workspace.runsDirectory) {
            return try Resume.goOn(with: begun, wait: wait, context)
        }
        let (job, memory) = try context.jobs.centre.start(recipe)
        context.console.remark("job \(job.id), run \(job.run): \(memory.description)")
        context.jobs.sayWhatIsAhead(of: job, context.console)
        if wait { try context.jobs.follow(job, context.console, stoppingOnInterrupt: true) }
        return JobView.outcome(job, memory: memory)
    }
}

struct Resume: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "resume", "Go on with a paused job, or with a run of this or another day from its newest checkpoint.",
        examples: ["resume", "resume sft-1 --wait"])

    @Argument(help: ArgumentHelp("A job's number, a run, or last: the one started last.", valueName: "job"))
    var name = Text("last")

    @Flag(help: "Wait until the job is over; Ctrl-C then stops it at a checkpoint.")
    var wait = false

    func run(_ context: CommandContext) throws -> Outcome {
        try Self.goOn(with: context.runs.id(name.string), wait: wait, context)
    }

    static func goOn(with run: String, wait: Bool, _ context: CommandContext) throws -> Outcome {
        let paused = context.jobs.centre.jobs.last { $0.run == run }
        var memory: MemoryEstimate?
        let job: Job
        if let paused, !paused.current.state.isOver {
            try paused.resume()
            job = paused
        } else {
            try context.jobs.requireTrust(
                inRun: run, typed: context.settings.text("reward.command"),
                isInteractive: context.options.isInteractive, context.console)
            do {
                let resumed = try context.jobs.centre.resume(run)
                (job, memory) = (resumed.job, resumed.memory)
                for warning in resumed.warnings { context.console.remark("note: \(warning)") }
                context.console.remark(
                    "job \(job.id), run \(job.run), \(resumed.beginning): \(resumed.memory.description)")
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
        job.wait(seconds: 1) { $0 != .queued || context.jobs.centre.ahead(of: job) != nil }
        context.jobs.sayWhatIsAhead(of: job, context.console)
        if wait { try context.jobs.follow(job, context.console, stoppingOnInterrupt: true) }
        return JobView.outcome(job, memory: memory)
    }
}

extension Train {
    /// Files by their absolute paths and runs by their steps, so that a run can be gone on with from another folder and
    /// another day.
    private func resolved(_ assignment: String, _ home: Home, _ sources: ModelSource) throws -> String {
        let parts = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        // What is no setting stays as typed: the recipe refuses it, with the words for it.
        guard parts.count == 2, let setting = try? Settings.find(parts[0], of: stage) else { return assignment }
        let words = parts[1].split(separator: ",").map(String.init)
        switch setting.kind {
        case .file:
            let files = words.map {
                $0.hasPrefix("starter:") ? $0 : URL(fileURLWithPath: home.file($0)).standardizedFileURL.path
            }
            return "\(parts[0])=\(files.joined(separator: ","))"
        case .text where ["model.path", "critic.model.path", "data.actors"].contains(setting.key):
            return "\(parts[0])=\(try words.map(sources.fixed).joined(separator: ","))"
        default: return assignment
        }
    }
}
