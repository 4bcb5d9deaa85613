import Compute
import Foundation
import Jumps
import Problems
import Studies
import Testing
import Tokenizers
import Training

/// Benchmarks measure the clock; what is counted beside it, and how runs become one number, is pinned here.
@Suite struct BenchmarkTests {
    private let tokenizer: Tokenizer

    init() throws { tokenizer = try Tokenizer(tokenizerJSON: JumpsTask.tokenizerJSON()) }

    private func row(_ runs: [[Double]]) throws -> IterationBenchmark.Row {
        let members: [String: Any] = ["method": "genac", "runs": runs]
        return try JSONDecoder().decode(
            IterationBenchmark.Row.self, from: JSONSerialization.data(withJSONObject: members))
    }

    @Test("an iteration: the median of each phase, and of the runs' sums, which is another number")
    func iterationMedians() throws {
        let odd = try row([[1, 2, 3, 4], [4, 1, 1, 1], [9, 9, 9, 9]])
        #expect(odd.medians == [4, 2, 3, 4] && odd.total == 10)
        #expect(try row([[1, 2, 3, 4], [4, 1, 1, 1]]).total == 10, "the upper of two")
    }

    @Test("every method is measured in each run, in all its phases; what a method does not do takes no time")
    func iterationPhases() throws {
        let bench = try IterationBenchmark(
            model: TinyStudyModel.model(tokenizer), tokenizer: tokenizer,
            shape: .init(rollouts: 1, prompt: 6, response: 6, prefixes: 2, suffix: 2, chain: 3, continuations: 2))
        let rows = try bench.run(runs: 2, cancellation: Cancellation(), progress: { _ in })
        #expect(rows.map(\.method) == [.ppo, .genac, .vineppo, .grpo])
        #expect(rows.allSatisfy { $0.runs.count == 2 && $0.runs.allSatisfy { $0.count == 4 } })
        #expect(
            rows.allSatisfy { $0.medians[0] > 0 && $0.medians[3] > 0 } && rows[0].medians[2] > 0
                && rows[1].medians[2] > 0)
    }

    @Test("a tree computes each beginning once, separate sequences compute all, a packed step as many rows as the tree")
    func trainingRows() throws {
        let bench = try TrainingBenchmark(
            model: TinyStudyModel.model(tokenizer),
            shape: .init(prompt: 4, response: 6, prefixes: 2, suffix: 2, samples: 2, chain: 3))
        let result = try bench.run(runs: 3, cancellation: Cancellation(), progress: { _ in })
        // Prompts of 4 + 2 and 4 + 3 + 2 tokens, of which 4 are shared; the last token of a chain of 3 is no row.
        let tree = 6 + 5 + 2 * 2 * 2, separate = 2 * (6 + 2) + 2 * (9 + 2)
        #expect(result.rows.map(\.name) == ["step/tree", "step/packed", "step/separate"])
        #expect(result.rows.map(\.tokens) == [tree, tree, separate] && result.scored == 2 * 2 * 3)
        #expect(result.rows.allSatisfy { $0.values.count == 3 && $0.median == $0.values.sorted()[1] })
        #expect(result.ratio == result.rows[0].median / result.rows[1].median)
    }

    @Test("the engine's parts have a floor that a machine's limits set")
    func engineParts() throws {
        let bench = try EngineBenchmark(
            model: TinyStudyModel.model(tokenizer, positions: 600), tokenizer: tokenizer, runs: 1)
        let rows = try bench.rows([.prefill, .decode], cancellation: Cancellation(), progress: { _ in })
        #expect(
            rows.map(\.name) == ["prefill/512", "decode/1", "decode/16"] && rows.allSatisfy { $0.unit == "tokens/s" })
        #expect(rows.allSatisfy { $0.values.count == 1 && $0.floor > 0 && $0.median > 0 })
    }
}
