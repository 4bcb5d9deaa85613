import ArgumentParser
import Compute
import Formats
import Terminal
import Training

struct Runs: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "runs", "List the runs kept in the workspace, with how far they are.", examples: ["runs"])

    private struct Row {
        var id: String
        /// Nil where the run's files cannot be read, as `state` then tells.
        var run: RunState?
        var state: String

        init(_ id: String, in folder: String, jobs: [JobStatus]) {
            self.id = id
            do {
                let run = try RunState(id, in: folder)
                let job = jobs.last { $0.run == id && !$0.state.isOver }
                (self.run, state) = (run, job.map { "\($0.state.rawValue) (job \($0.id))" } ?? run.description)
            } catch {
                (run, state) = (nil, "damaged: \(ErrorParts(error).text)")
            }
        }

        var json: JSONValue {
            .object([
                ("run", .string(id)), ("stage", .text(run?.stage)), ("step", (run?.step).map { .int($0) } ?? .null),
                ("steps", (run?.steps).map { .int($0) } ?? .null), ("state", .string(state)),
                ("checkpoints", .array((run?.checkpoints ?? []).map { .int($0) })),
            ])
        }
    }

    func run(_ context: CommandContext) throws -> Outcome {
        let folder = context.workspace.runsDirectory
        let jobs = context.jobs.centre.jobs.map(\.current)
        let rows = try RunDirectory.list(in: folder).map { Row($0, in: folder, jobs: jobs) }
        return Outcome([("runs", .array(rows.map(\.json)))]) { page in
            guard !rows.isEmpty else { return page.line("no runs; `train sft …` makes one") }
            var table = Table([
                .init("run", giving: .cut), .init("stage"), .init("step", right: true),
                .init("state", giving: .cut), .init("checkpoints", giving: .cut),
            ])
            for row in rows {
                table.add([
                    .init(row.id), .init(row.run?.stage ?? "?"), .init(row.run?.progress ?? ""), .init(row.state),
                    .init((row.run?.checkpoints ?? []).map(String.init).joined(separator: " ")),
                ])
            }
            page.table(table)
        }
    }
}
