import ArgumentParser
import Formats
import Foundation
import Studies
import Terminal

struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration.shell(
        "bench", "Measure speed on this machine.", examples: ["bench engine"],
        subcommands: [Engine.self, TrainingStep.self, IterationBench.self], defaultSubcommand: Engine.self)

    struct Engine: ShellCommand {
        static let configuration = CommandConfiguration.shell(
            "engine", "Prefill, decoding, and scoring 16 prefixes of a response three ways, with the loaded model.",
            discussion: """
                Shapes: prefill 512 tokens; decode 1 and 16 branches after 512; score with a prompt of 160, a response \
                of 256, 16 prefixes, a suffix of 48 and chains of 64. The floor is the larger of operations over peak \
                and bytes over bandwidth, both measured first.
                """,
            examples: ["bench engine", "bench engine --part prefill --part decode --runs 5"])

        @Option(help: ArgumentHelp("prefill, decode or score (default: all).", valueName: "part"))
        var part: [EngineBenchmark.Part] = []

        @Option(help: ArgumentHelp("Measurements of each.", valueName: "count"))
        var runs = 3

        @Option(help: ArgumentHelp("Which model (default: the actor).", valueName: "model"))
        var model: Text?

        func run(_ context: CommandContext) throws -> Outcome {
            try RangeCheck.require("--runs", runs, in: 1...1000)
            let loaded = try context.models.writer(model?.string)
            let checkpoint = try loaded.weights(for: "a benchmark")
            let bench = try EngineBenchmark(model: checkpoint.model, tokenizer: checkpoint.tokenizer, runs: runs)
            let parts = part.isEmpty ? EngineBenchmark.Part.allCases : part
            let bar = context.console.progress("bench", unit: "rows", total: 6)
            defer { bar.finish() }
            var done = 0
            let rows = try bench.rows(parts, cancellation: context.console.cancellation) { _ in
                bar.update(done)
                done += 1
            }
            return outcome(rows, bench, loaded.name)
        }

        private func outcome(_ rows: [EngineBenchmark.Row], _ bench: EngineBenchmark, _ model: String) -> Outcome {
            let json: [JSONValue] = rows.map { row in
                .object([
                    ("name", .string(row.name)), ("unit", .string(row.unit)), ("median", .number(row.median)),
                    ("min", .number(row.values.min() ?? 0)), ("max", .number(row.values.max() ?? 0)),
                    ("runs", .int(row.values.count)),
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
                let peak = String(
                    format: "%.0f GFLOP/s, %.0f GB/s", machine.operationsPerSecond / 1e9, machine.bytesPerSecond / 1e9)
                page.line(page.style.faint("\(model), \(runs) runs; the machine's own limits: \(peak)"))
            }
        }
    }

    struct TrainingStep: ShellCommand {
        static let configuration = CommandConfiguration.shell(
            "training",
            "A step of REINFORCE on a tree of chains, beside a plain packed step of as many tokens, with the loaded "
                + "model.",
            discussion: """
                Forward and backward of chains for the prefixes of one response: as the tree of their common \
                beginnings (step/tree), as sequences of the same length packed side by side with as many rows and \
                scored tokens (step/packed), and as the tree's own sequences computed one by one (step/separate). The \
                three alternate.
                """,
            examples: ["bench training", "bench training --prefixes 16 --samples 1 --runs 9"])

        @Option(help: ArgumentHelp("Tokens of the prompt before the response.", valueName: "count"))
        var prompt = 160

        @Option(help: ArgumentHelp("Tokens of the response.", valueName: "count"))
        var response = 160

        @Option(help: ArgumentHelp("Prefixes of it.", valueName: "count"))
        var prefixes = 8

        @Option(help: ArgumentHelp("Tokens of the prompt after the response.", valueName: "count"))
        var suffix = 48

        @Option(help: ArgumentHelp("Chains for each prefix.", valueName: "count"))
        var samples = 4

        @Option(help: ArgumentHelp("Tokens of a chain.", valueName: "count"))
        var chain = 64

        @Option(help: ArgumentHelp("Measurements of each.", valueName: "count"))
        var runs = 5

        @Option(help: ArgumentHelp("Which model (default: the critic, else the actor).", valueName: "model"))
        var model: Text?

        func run(_ context: CommandContext) throws -> Outcome {
            for (name, value) in [
                ("prompt", prompt), ("response", response), ("prefixes", prefixes), ("suffix", suffix),
                ("samples", samples), ("chain", chain), ("runs", runs),
            ] {
                try RangeCheck.require("--\(name)", value, in: 1...100_000)
            }
            let models = context.models
            let loaded =
                try model.map { try models.find($0.string) }
                ?? (models.has(.critic) ? models.model(.critic) : models.model(.actor))
            let shape = TrainingBenchmark.Shape(
                prompt: prompt, response: response, prefixes: prefixes, suffix: suffix, samples: samples, chain: chain)
            let bench = try TrainingBenchmark(model: loaded.weights(for: "a benchmark").model, shape: shape)
            let bar = context.console.progress("bench", unit: "runs", total: runs)
            defer { bar.finish() }
            let result = try bench.run(runs: runs, cancellation: context.console.cancellation) { bar.update($0) }
            return outcome(result, loaded.name)
        }

        private func outcome(_ result: TrainingBenchmark.Result, _ model: String) -> Outcome {
            let rows: [JSONValue] = result.rows.map { row in
                .object([
                    ("name", .string(row.name)), ("unit", "s"), ("median", .number(row.median)),
                    ("min", .number(row.values.min() ?? 0)),
                    ("max", .number(row.values.max() ?? 0)), ("runs", .int(row.values.count)),
                    ("tokens", .int(row.tokens)),
                ])
            }
            return Outcome([
                ("model", .string(model)), ("scored", .int(result.scored)), ("ratio", .number(result.ratio)),
                ("rows", .array(rows)),
            ]) { page in
                var table = Table([
                    .init("what"), .init("tokens", right: true), .init("median s", right: true),
                    .init("min", right: true), .init("max", right: true),
                ])
                for row in result.rows {
                    table.add(
                        [.init(row.name), .init(String(row.tokens))]
                            + [row.median, row.values.min() ?? 0, row.values.max() ?? 0].map {
                                .init(String(format: "%.3f", $0))
                            })
                }
                page.table(table)
                page.line(
                    page.style.faint(
                        String(
                            format: "%@, %d scored tokens; a tree's step takes %.2f times the packed one's",
                            model, result.scored, result.ratio)))
            }
        }
    }
}

extension EngineBenchmark.Part: ExpressibleByArgument {}
