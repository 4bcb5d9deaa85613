import ArgumentParser
import Formats
import Foundation
import Studies
import Terminal

/// The equal work on which an iteration of each method is timed.
struct IterationWork: ParsableArguments {
    @Option(help: ArgumentHelp("Solutions in the iteration.", valueName: "count"))
    var rollouts = 4

    @Option(help: ArgumentHelp("Tokens of a prompt.", valueName: "count"))
    var prompt = 160

    @Option(help: ArgumentHelp("Tokens of a solution.", valueName: "count"))
    var response = 256

    @Option(help: ArgumentHelp("Prefixes of a solution that are rated.", valueName: "count"))
    var prefixes = 8

    @Option(help: ArgumentHelp("Tokens of the critic's prompt after a prefix.", valueName: "count"))
    var suffix = 48

    @Option(help: ArgumentHelp("Tokens of a chain.", valueName: "count"))
    var chain = 64

    @Option(help: ArgumentHelp("vineppo's continuations of a prefix.", valueName: "count"))
    var continuations = 9

    @Option(help: ArgumentHelp("Measurements of each.", valueName: "count"))
    var runs = 3

    @Option(help: ArgumentHelp("Which model (default: the actor).", valueName: "model"))
    var model: Text?

    var shape: String {
        "\(rollouts) rollouts, P \(prompt), N \(response), K \(prefixes), suffix \(suffix), chain \(chain), "
            + "\(continuations) continuations"
    }

    func loaded(_ desk: StudyDesk) throws -> LoadedModel { try desk.models.writer(model?.string) }

    /// - Parameter log: keeps the seconds; nil: nothing is kept.
    func measure(_ desk: StudyDesk, log: StudyLog?) throws -> [IterationBenchmark.Row] {
        let numbers = [
            ("rollouts", rollouts), ("prompt", prompt), ("response", response), ("prefixes", prefixes),
            ("suffix", suffix), ("chain", chain),
            ("continuations", continuations), ("runs", runs),
        ]
        for (name, value) in numbers { try RangeCheck.require("--\(name)", value, in: 1...100_000) }
        let checkpoint = try loaded(desk).weights(for: "a benchmark")
        let bench = try IterationBenchmark(
            model: checkpoint.model, tokenizer: checkpoint.tokenizer,
            shape: .init(
                rollouts: rollouts, prompt: prompt, response: response, prefixes: prefixes, suffix: suffix,
                chain: chain, continuations: continuations))
        let bar = desk.console.progress(
            "bench", unit: "iterations", total: (runs + 1) * IterationBenchmark.methods.count)
        defer { bar.finish() }
        return try log.kept("iterations") {
            try bench.run(runs: runs, cancellation: desk.console.cancellation) { bar.update($0) }
        }
    }

    /// ppo's seconds.
    static func base(_ rows: [IterationBenchmark.Row]) -> Double { rows.first { $0.method == .ppo }?.total ?? 0 }

    static func json(_ rows: [IterationBenchmark.Row]) -> [JSONObject] {
        rows.map { row in
            JSONObject([
                ("method", .string(row.method.rawValue)), ("seconds", .number(row.total)),
                ("ratio_to_ppo", .number(row.total / base(rows))),
                ("phases", .object(zip(IterationBenchmark.phases, row.medians).map { ($0, .number($1)) })),
                ("runs", .int(row.runs.count)),
            ])
        }
    }

    func blocks(_ rows: [IterationBenchmark.Row], _ name: String) -> [StudyPage.Block] {
        var table = Table(
            [.init("method")] + IterationBenchmark.phases.map { .init($0, right: true) } + [
                .init("seconds", right: true), .init("of ppo", right: true),
            ])
        for row in rows {
            table.add(
                [.init(row.method.rawValue)] + row.medians.map { .init(String(format: "%.3f", $0)) }
                    + [
                        .init(String(format: "%.3f", row.total)),
                        .init(String(format: "%.2f", row.total / Self.base(rows))),
                    ])
        }
        return [.table(table), .line("\(name), \(shape); medians of \(runs)")]
    }
}
