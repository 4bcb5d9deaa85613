import ArgumentParser
import Compute
import Formats
import Foundation
import Terminal
import Training

struct JobList: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "jobs", "List the jobs of this session, and the runs that other shells train now.", examples: ["jobs"])

    func run(_ context: CommandContext) throws -> Outcome {
        let jobs = context.jobs.centre.jobs.map(\.current), others = try context.jobs.others()
        return Outcome([
            ("jobs", .array(jobs.map(JobView.json))), ("others", .array(others.map { Self.json($0) })),
        ]) { page in
            guard !jobs.isEmpty || !others.isEmpty else {
                return page.line("no jobs; `train sft …` starts one, `resume RUN` goes on with an old one")
            }
            var table = Table([
                .init("id", right: true), .init("stage"), .init("state", giving: .cut), .init("step", right: true),
                .init("run", giving: .cut), .init("error", giving: .cut),
            ])
            for job in jobs {
                table.add([
                    .init(String(job.id)), .init(job.method.name), .init(job.state.rawValue),
                    .init("\(job.step)/\(job.steps)"), .init(job.run),
                    .init(job.error.map { ErrorParts($0).text } ?? ""),
                ])
            }
            for run in others {
                table.add([
                    "-", .init(run.stage ?? "?"), .init(run.description), .init(run.progress), .init(run.id), "",
                ])
            }
            page.table(table)
        }
    }

    private static func json(_ run: RunState) -> JSONValue {
        .object([
            ("run", .string(run.id)), ("stage", .text(run.stage)), ("step", .int(run.step)),
            ("steps", run.steps.map { .int($0) } ?? .null),
            ("process", (run.holder?.process).map { .int(Int($0)) } ?? .null),
        ])
    }
}

struct Pause: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "pause", "Hold a job at its next step.", examples: ["pause", "pause 1"])

    @Argument(help: ArgumentHelp("A job's number, its run, or last (default: the only one).", valueName: "job"))
    var job: Text?

    func run(_ context: CommandContext) throws -> Outcome {
        let job = try job.map { try context.jobs.job($0.string) } ?? context.jobs.only("pause")
        try job.pause()
        while !job.wait(seconds: 0.1, until: { $0 == .paused }), !context.console.cancellation.isCancelled {}
        return JobView.outcome(job)
    }
}

struct Stop: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "stop", "End a job at its next step, with a checkpoint to resume from.", examples: ["stop", "stop 1"])

    @Argument(help: ArgumentHelp("A job's number, its run, or last (default: the only one).", valueName: "job"))
    var job: Text?

    func run(_ context: CommandContext) throws -> Outcome {
        let job = try job.map { try context.jobs.job($0.string) } ?? context.jobs.only("stop")
        if job.current.state.isOver { return JobView.outcome(job) }
        try job.stop()
        while !job.wait(seconds: 0.1), !context.console.cancellation.isCancelled {}
        return JobView.outcome(job)
    }
}
