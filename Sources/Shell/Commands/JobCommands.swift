import ArgumentParser
import Formats
import Foundation
import Training

struct JobList: ShellCommand {
    static let configuration = CommandConfiguration.shell("jobs", "List the jobs of this session.", examples: ["jobs"])

    func run(_ context: CommandContext) throws -> Outcome {
        let jobs = context.session.jobCentre.jobs.map(\.current)
        return Outcome([("jobs", .array(jobs.map(JobView.json)))]) { page in
            guard !jobs.isEmpty else { return page.line("no jobs; `train sft …` starts one, `resume RUN` goes on with an old one") }
            var table = Table([.init("id", right: true), .init("stage"), .init("state"), .init("step", right: true), .init("run"), .init("error", flexible: true)])
            for job in jobs {
                table.add([
                    .init(String(job.id)), .init(job.stage.rawValue), .init(job.state.rawValue), .init("\(job.step)/\(job.steps)"), .init(job.run),
                    .init(job.error?.description ?? ""),
                ])
            }
            page.table(table)
        }
    }
}

struct Watch: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "watch", "Follow a job until it is over; Ctrl-C stops the following, not the job.", examples: ["watch 1"])

    @Argument(help: ArgumentHelp("A job.", valueName: "job"))
    var job: Text

    func run(_ context: CommandContext) throws -> Outcome {
        let job = try context.session.job(job.string)
        try JobWait(job, context).follow(stoppingOnInterrupt: false)
        return JobView.outcome(job)
    }
}

struct Pause: ShellCommand {
    static let configuration = CommandConfiguration.shell("pause", "Hold a job at its next step.", examples: ["pause 1"])

    @Argument(help: ArgumentHelp("A job.", valueName: "job"))
    var job: Text

    func run(_ context: CommandContext) throws -> Outcome {
        let job = try context.session.job(job.string)
        try job.pause()
        return JobView.outcome(job)
    }
}

struct Stop: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "stop", "End a job at its next step, with a checkpoint to resume from.", examples: ["stop 1"])

    @Argument(help: ArgumentHelp("A job.", valueName: "job"))
    var job: Text

    func run(_ context: CommandContext) throws -> Outcome {
        let job = try context.session.job(job.string)
        if job.current.state.isOver { return JobView.outcome(job) }
        try job.stop()
        while !job.wait(seconds: 0.1), !context.cancellation.isCancelled {}
        return JobView.outcome(job)
    }
}

struct Runs: ShellCommand {
    static let configuration = CommandConfiguration.shell("runs", "List the runs kept in the workspace.", examples: ["runs"])

    private struct Row {
        var id: String
        var stage: String
        var steps: Int
        var checkpoints: [Int]
    }

    func run(_ context: CommandContext) throws -> Outcome {
        let folder = context.session.workspace.runsDirectory
        let rows = try RunDirectory.list(in: folder).map { id in
            let recipe = try? JSONValue.load("\(folder)/\(id)/recipe.json", limits: JSONLimits(bytes: 1 << 20))
            let last = (try? AppendLog.lines("\(folder)/\(id)/metrics.jsonl"))?.last
            return Row(id: id, stage: recipe?["stage"]?.asString ?? "?", steps: last?["step"]?.asInt ?? 0, checkpoints: RunDirectory.checkpoints(of: id, in: folder))
        }
        let json: [JSONValue] = rows.map { row in
            .object([("run", .string(row.id)), ("stage", .string(row.stage)), ("step", .int(row.steps)), ("checkpoints", .array(row.checkpoints.map { .int($0) }))])
        }
        return Outcome([("runs", .array(json))]) { page in
            guard !rows.isEmpty else { return page.line("no runs; `train sft …` makes one") }
            var table = Table([.init("run"), .init("stage"), .init("step", right: true), .init("checkpoints", flexible: true)])
            for row in rows {
                table.add([.init(row.id), .init(row.stage), .init(String(row.steps)), .init(row.checkpoints.map(String.init).joined(separator: " "))])
            }
            page.table(table)
        }
    }
}

struct Plot: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "plot", "Draw a run's metrics over its steps.", examples: ["plot 1", "plot sft-1 train/loss actor/grad_norm"])

    @Argument(help: ArgumentHelp("A job or a run.", valueName: "job"))
    var name: Text

    @Argument(help: ArgumentHelp("Metrics (default: those whose name ends in loss).", valueName: "metric"))
    var metrics: [Text] = []

    func run(_ context: CommandContext) throws -> Outcome {
        let session = context.session
        let id = try session.runID(name.string)
        let lines = try AppendLog.lines("\(session.workspace.runsDirectory)/\(id)/metrics.jsonl")
        let known = Self.names(lines)
        guard !lines.isEmpty else { throw ShellError.refused("the run \(id) has no metrics yet", hint: "`watch` follows its job") }
        let chosen = metrics.isEmpty ? known.filter { $0.hasSuffix("loss") } : metrics.map(\.string)
        for metric in chosen where !known.contains(metric) {
            throw ShellError.refused("the run \(id) has no metric \(metric)", hint: "it has: \(known.joined(separator: ", "))")
        }
        let charts = chosen.map { metric in
            Chart(title: metric, points: lines.compactMap { line in
                guard let step = line["step"]?.asDouble, let value = line[metric]?.asDouble else { return nil }
                return (step, value)
            })
        }
        let series = charts.map { chart -> JSONObject.Member in
            (chart.title, .array(chart.points.map { .array([.number($0.x), .number($0.y)]) }))
        }
        return Outcome([("run", .string(id)), ("metrics", .object(series)), ("known", .array(known.map { .string($0) }))]) { page in
            for chart in charts {
                for line in chart.lines(width: min(page.width, 100)) { page.line(line) }
            }
        }
    }

    /// Every numeric metric, in the order of first appearance.
    private static func names(_ lines: [JSONObject]) -> [String] {
        var names: [String] = []
        for line in lines {
            for member in line.members where member.key != "step" && member.value.asDouble != nil && !names.contains(member.key) {
                names.append(member.key)
            }
        }
        return names
    }
}
