import Compute
import Generation
import Tokenizers
import Training
import Transformer

/// What a step of REINFORCE on a tree of chains takes beside a plain packed training step of as many tokens.
package struct TrainingBenchmark {
    /// A prompt, a response whose `prefixes` are rated, what the prompt says after them, and the chains written for
    /// each.
    package struct Shape: Sendable {
        /// In tokens, but for the counts of prefixes and of samples for each.
        package var prompt, response, prefixes, suffix, samples, chain: Int

        package init(prompt: Int, response: Int, prefixes: Int, suffix: Int, samples: Int, chain: Int) {
            (self.prompt, self.response, self.prefixes) = (prompt, response, prefixes)
            (self.suffix, self.samples, self.chain) = (suffix, samples, chain)
        }
    }

    /// What was measured of one way to compute the same chains.
    package struct Row: Sendable {
        /// `step/tree`, `step/packed`, `step/separate`.
        package let name: String
        /// Rows computed.
        package let tokens: Int
        /// Seconds of each run, forward and backward.
        package let values: [Double]

        /// Of the runs.
        package var median: Double { values.median }
    }

    /// The three ways beside each other.
    package struct Result: Sendable {
        /// In the order tree, packed, separate.
        package let rows: [Row]
        /// Tokens in the loss, the same in each.
        package let scored: Int
        /// The tree's median over the packed step's.
        package let ratio: Double
    }

    private let model: TrainableModel
    private let tree: TrainingBatch
    private let packed: TrainingBatch
    private let separate: [TrainingBatch]

    /// - Throws: `TrainingPassError` when the shape does not fit the model's context.
    package init(model: Model, shape: Shape) throws {
        self.model = try TrainableModel(model)
        let vocabulary = model.configuration.vocabulary
        func ids(_ count: Int, salt: Int) -> [TokenID] {
            (0..<count).map { TokenID((($0 + salt) * 7919 + salt * 31) % min(1000, vocabulary)) }
        }
        let problem = ids(shape.prompt, salt: 1), response = ids(shape.response, salt: 2),
            suffix = ids(shape.suffix, salt: 3)
        let sequences = (0..<shape.prefixes).flatMap { prefix in
            (0..<shape.samples).map { sample in
                let prompt = problem + response.prefix(prefix * shape.response / shape.prefixes) + suffix
                // Chains of one prefix part at once: nothing of them is shared.
                let chain =
                    [TokenID(sample % vocabulary)] + ids(shape.chain - 1, salt: 5 + prefix * shape.samples + sample)
                return TokenTree.Sequence(ids: prompt + chain, scored: prompt.count..<prompt.count + shape.chain)
            }
        }
        tree = TokenTree.batch(sequences)
        separate = sequences.map { sequence in
            var batch = TrainingBatch()
            batch.appendSequence(sequence.ids, scored: sequence.scored)
            return batch
        }
        packed = Self.pack(
            rows: tree.rows, scored: tree.targets.count,
            length: sequences.reduce(0) { $0 + $1.ids.count } / sequences.count, ids: ids)
    }

    /// `rows` rows in sequences of about `length`, `scored` targets spread evenly over them, each at its sequence's
    /// end.
    private static func pack(rows: Int, scored: Int, length: Int, ids: (Int, Int) -> [TokenID]) -> TrainingBatch {
        var batch = TrainingBatch()
        let count = max(1, (rows + length / 2) / length)
        for index in 0..<count {
            let mine = rows * (index + 1) / count - rows * index / count
            let targets = min(mine, scored * (index + 1) / count - scored * index / count)
            batch.appendSequence(ids(mine + 1, 100 + index), scored: mine + 1 - targets..<mine + 1)
        }
        return batch
    }

    /// - Throws: `GenerationError.cancelled`.
    package func run(runs: Int, cancellation: Cancellation, progress: (Int) -> Void) throws -> Result {
        var times: [[Double]] = [[], [], []]
        for run in 0...runs {
            for (index, batches) in [[tree], [packed], separate].enumerated() {
                if cancellation.isCancelled { throw GenerationError.cancelled }
                let seconds = try step(batches)
                // The first round grows the buffers.
                if run > 0 { times[index].append(seconds) }
            }
            progress(run)
        }
        let names = ["step/tree", "step/packed", "step/separate"]
        let tokens = [tree.rows, packed.rows, separate.reduce(0) { $0 + $1.rows }]
        let rows = names.indices.map { Row(name: names[$0], tokens: tokens[$0], values: times[$0]) }
        return Result(rows: rows, scored: tree.targets.count, ratio: rows[0].median / rows[1].median)
    }

    private func step(_ batches: [TrainingBatch]) throws -> Double {
        let start = ContinuousClock.now
        model.clearGradients()
        for batch in batches {
            try model.forward(batch)
            try model.backward(TargetCoefficients(logprobs: batch.targets.map { _ in 1e-4 }))
        }
        return (ContinuousClock.now - start).inSeconds
    }
}
