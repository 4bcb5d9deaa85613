import ArgumentParser
import Formats
import Foundation
import Studies

struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration.shell(
        "bench", "Measure speed on this machine.", examples: ["bench engine"], subcommands: [Engine.self], defaultSubcommand: Engine.self)

    struct Engine: ShellCommand {
        static let configuration = CommandConfiguration.shell(
            "engine", "Prefill, decoding, and scoring 16 prefixes of a response three ways, with the loaded model.",
            discussion: """
                Shapes: prefill 512 tokens; decode 1 and 16 branches after 512; score with a prompt of 160, a response of 256, 16 \
                prefixes, a suffix of 48 and chains of 64. The floor is the larger of operations over peak and bytes over bandwidth, \
                both measured first.
                """,
            examples: ["bench engine", "bench engine --part prefill --part decode --runs 5"])

        @Option(help: ArgumentHelp("prefill, decode or score (default: all).", valueName: "part"))
        var part: [EngineBenchmark.Part] = []

        @Option(help: ArgumentHelp("Measurements of each.", valueName: "count"))
        var runs = 3

        @Option(help: ArgumentHelp("Which model (default: the actor).", valueName: "model"))
        var model: Text?

        func run(_ context: CommandContext) throws -> Outcome {
            guard (1...1000).contains(runs) else { throw ShellError.refused("--runs cannot be \(runs)", hint: "it goes from 1 to 1000") }
            let loaded = try context.session.models.any(model?.string)
            let bench = try EngineBenchmark(model: loaded.checkpoint.model, tokenizer: loaded.checkpoint.tokenizer, runs: runs)
            let parts = part.isEmpty ? EngineBenchmark.Part.allCases : part
            let bar = context.progress("bench", unit: "rows", total: 6)
            defer { bar.finish() }
            var done = 0
            let rows = try bench.rows(parts, cancellation: context.cancellation) { _ in
                bar.update(done)
                done += 1
            }
            return outcome(rows, bench, loaded.name)
        }

        private func outcome(_ rows: [EngineBenchmark.Row], _ bench: EngineBenchmark, _ model: String) -> Outcome {
            let json: [JSONValue] = rows.map { row in
                .object([
                    ("name", .string(row.name)), ("unit", .string(row.unit)), ("median", .number(row.median)),
                    ("min", .number(row.values.min() ?? 0)), ("max", .number(row.values.max() ?? 0)), ("runs", .int(row.values.count)),
                    ("floor", .number(row.floor)),
                ])
            }
            let machine = bench.machine
            let fields: [JSONObject.Member] = [
                ("model", .string(model)), ("operations_per_second", .number(machine.operationsPerSecond)),
                ("bytes_per_second", .number(machine.bytesPerSecond)), ("rows", .array(json)),
            ]
            return Outcome(fields) { page in
                var table = Table([
                    .init("what"), .init("median", right: true), .init("min", right: true), .init("max", right: true),
                    .init("floor", right: true), .init("unit"),
                ])
                for row in rows {
                    let cells = [row.median, row.values.min() ?? 0, row.values.max() ?? 0, row.floor]
                    table.add([.init(row.name)] + cells.map { .init(String(format: "%.2f", $0)) } + [.init(row.unit)])
                }
                page.table(table)
                let peak = String(format: "%.0f GFLOP/s, %.0f GB/s", machine.operationsPerSecond / 1e9, machine.bytesPerSecond / 1e9)
                page.line(page.style.faint("\(model), \(runs) runs; the machine's own limits: \(peak)"))
            }
        }
    }
}

extension EngineBenchmark.Part: ExpressibleByArgument {}
