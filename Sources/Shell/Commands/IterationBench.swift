import ArgumentParser
import Formats
import Foundation
import Studies

struct IterationBench: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "iteration", "What an iteration of ppo, genac, vineppo and grpo costs on equal work, by phase, with the loaded model.",
        discussion: """
            All methods sample the same number of solutions of the same length and train on all of their tokens. ppo's critic is a value \
            head read at every token; genac's writes one chain for each prefix and is trained on all of them; vineppo's values are fresh \
            continuations of each prefix to the end. Actor and critic are both the loaded model. The methods alternate.
            """,
        examples: ["bench iteration", "bench iteration --rollouts 2 --runs 3"])

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

    func run(_ context: CommandContext) throws -> Outcome {
        let numbers = [
            ("rollouts", rollouts), ("prompt", prompt), ("response", response), ("prefixes", prefixes), ("suffix", suffix), ("chain", chain),
            ("continuations", continuations), ("runs", runs),
        ]
        for (name, value) in numbers { try RangeCheck.require("--\(name)", value, in: 1...100_000) }
        let loaded = try context.session.models.any(model?.string)
        let bench = try IterationBenchmark(
            model: loaded.checkpoint.model, tokenizer: loaded.checkpoint.tokenizer,
            shape: .init(
                rollouts: rollouts, prompt: prompt, response: response, prefixes: prefixes, suffix: suffix, chain: chain, continuations: continuations))
        let bar = context.progress("bench", unit: "iterations", total: (runs + 1) * IterationBenchmark.methods.count)
        defer { bar.finish() }
        let rows = try bench.run(runs: runs, cancellation: context.cancellation) { bar.update($0) }
        return outcome(rows, loaded.name)
    }

    private func outcome(_ rows: [IterationBenchmark.Row], _ name: String) -> Outcome {
        let base = rows.first { $0.method == .ppo }?.total ?? 0
        let json: [JSONValue] = rows.map { row in
            .object([
                ("method", .string(row.method.rawValue)), ("seconds", .number(row.total)), ("ratio_to_ppo", .number(row.total / base)),
                ("phases", .object(zip(IterationBenchmark.phases, row.medians).map { ($0, .number($1)) })), ("runs", .int(row.runs.count)),
            ])
        }
        return Outcome([("model", .string(name)), ("rows", .array(json))]) { page in
            var table = Table(
                [.init("method")] + IterationBenchmark.phases.map { .init($0, right: true) } + [.init("seconds", right: true), .init("of ppo", right: true)])
            for row in rows {
                table.add(
                    [.init(row.method.rawValue)] + row.medians.map { .init(String(format: "%.3f", $0)) }
                        + [.init(String(format: "%.3f", row.total)), .init(String(format: "%.2f", row.total / base))])
            }
            page.table(table)
            let shape = "\(rollouts) rollouts, P \(prompt), N \(response), K \(prefixes), suffix \(suffix), chain \(chain), \(continuations) continuations"
            page.line(page.style.faint("\(name), \(shape); medians of \(runs)"))
        }
    }
}
