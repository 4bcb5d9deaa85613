import ArgumentParser
import Compute
import Formats
import Foundation
import Terminal
import Training

struct JobList: ShellCommand {
    static let configuration = CommandConfiguration.shell("jobs", "List the jobs of this session.", examples: ["jobs"])

    func run(_ context: CommandContext) throws -> Outcome {
        let jobs = context.jobs.centre.jobs.map(\.current)
        return Outcome([("jobs", .array(jobs.map(JobView.json)))]) { page in
            guard !jobs.isEmpty else {
                return page.line("no jobs; `train sft …` starts one, `resume RUN` goes on with an old one")
            }
            var table = Table([
                .init("id", right: true), .init("stage"), .init("state"), .init("step", right: true), .init("run"),
                .init("error", flexible: true),
            ])
            for job in jobs {
                table.add([
                    .init(String(job.id)), .init(job.method.name), .init(job.state.rawValue),
                    .init("\(job.step)/\(job.steps)"), .init(job.run),
                    .init(job.error.map { ErrorParts($0).text } ?? ""),
                ])
            }
            page.table(table)
        }
    }
}

struct Pause: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "pause", "Hold a job at its next step.", examples: ["pause 1", "pause last"])

    @Argument(help: ArgumentHelp("A job's number, its run, or last.", valueName: "job"))
    var job: Text

    func run(_ context: CommandContext) throws -> Outcome {
        let job = try context.jobs.job(job.string)
        try job.pause()
        while !job.wait(seconds: 0.1, until: { $0 == .paused }), !context.console.cancellation.isCancelled {}
        return JobView.outcome(job)
    }
}

struct Stop: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "stop", "End a job at its next step, with a checkpoint to resume from.", examples: ["stop 1", "stop last"])

    @Argument(help: ArgumentHelp("A job's number, its run, or last.", valueName: "job"))
    var job: Text

    func run(_ context: CommandContext) throws -> Outcome {
        let job = try context.jobs.job(job.string)
        if job.current.state.isOver { return JobView.outcome(job) }
        try job.stop()
        while !job.wait(seconds: 0.1), !context.console.cancellation.isCancelled {}
        return JobView.outcome(job)
    }
}

struct Runs: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "runs", "List the runs kept in the workspace, with how far they are.", examples: ["runs"])

    private struct Row {
        var id: String
        /// Nil where the run's files cannot be read, as `state` then tells.
        var stage: String?
        /// Steps done.
        var step: Int?
        /// How many steps it is to take.
        var steps: Int?
        var state: String
        var checkpoints: [Int]

        init(_ id: String, in folder: String, jobs: [JobStatus]) {
            self.id = id
            do {
                checkpoints = try RunDirectory.checkpoints(of: id, in: folder)
                let recipe = try JSONValue.load("\(folder)/\(id)/recipe.json", limits: JSONLimits(bytes: 1 << 20))
                (stage, steps) = (recipe["stage"]?.asString, recipe["steps"]?.asInt)
                step =
                    try JSONLines.objects(in: "\(folder)/\(id)/metrics.jsonl").last.flatMap { $0["step"]?.asInt } ?? 0
            } catch {
                (stage, step, steps, checkpoints) = (nil, nil, nil, [])
                state = "damaged: \(ErrorParts(error).text)"
                return
            }
            if let job = jobs.last(where: { $0.run == id }), !job.state.isOver {
                state = "\(job.state.rawValue) (job \(job.id))"
            } else if RunDirectory.isHeld(id, in: folder) {
                state = "held by another process"
            } else {
                let last = checkpoints.last ?? 0
                state = steps.map { last >= $0 } == true ? "finished" : "stopped"
            }
        }

        var progress: String { [step, steps].compactMap { $0.map(String.init) }.joined(separator: "/") }
    }

    func run(_ context: CommandContext) throws -> Outcome {
        let folder = context.workspace.runsDirectory
        let jobs = context.jobs.centre.jobs.map(\.current)
        let rows = try RunDirectory.list(in: folder).map { Row($0, in: folder, jobs: jobs) }
        let json: [JSONValue] = rows.map { row in
            .object([
                ("run", .string(row.id)), ("stage", .text(row.stage)), ("step", row.step.map { .int($0) } ?? .null),
                ("steps", row.steps.map { .int($0) } ?? .null),
                ("state", .string(row.state)), ("checkpoints", .array(row.checkpoints.map { .int($0) })),
            ])
        }
        return Outcome([("runs", .array(json))]) { page in
            guard !rows.isEmpty else { return page.line("no runs; `train sft …` makes one") }
            var table = Table([
                .init("run"), .init("stage"), .init("step", right: true), .init("state"),
                .init("checkpoints", flexible: true),
            ])
            for row in rows {
                table.add([
                    .init(row.id), .init(row.stage ?? "?"), .init(row.progress), .init(row.state),
                    .init(row.checkpoints.map(String.init).joined(separator: " ")),
                ])
            }
            page.table(table)
        }
    }
}
