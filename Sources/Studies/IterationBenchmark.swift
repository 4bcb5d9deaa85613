import Compute
import Generation
import Tokenizers
import Training
import Transformer

/// What an iteration of joint training costs under each credit assignment, by phase, on equal work: the same rollouts
/// of the same lengths, every token and every chain trained. Token ids are arbitrary; nothing ends early. What is
/// computed, and in which passes, is what the methods of `Training` compute.
package final class IterationBenchmark {
    /// Solutions with their prompt; the prefixes that are rated, what the critic's prompt says after each, and the
    /// chain written; vineppo's continuations of each prefix.
    package struct Shape: Sendable {
        /// Rollouts are counted, as are prefixes and continuations; the others are tokens.
        package var rollouts, prompt, response, prefixes, suffix, chain, continuations: Int

        package init(
            rollouts: Int, prompt: Int, response: Int, prefixes: Int, suffix: Int, chain: Int, continuations: Int
        ) {
            (self.rollouts, self.prompt, self.response, self.prefixes) = (rollouts, prompt, response, prefixes)
            (self.suffix, self.chain, self.continuations) = (suffix, chain, continuations)
        }
    }

    /// `gen`, `values`, `update_critic`, `update_actor`, as in `timing_s/`.
    package static let phases = ["gen", "values", "update_critic", "update_actor"]
    /// In the order in which they take turns.
    package static let methods = Kind.allCases

    /// The methods whose work differs; rloo's is grpo's.
    package enum Kind: String, Sendable, Codable, CaseIterable { case ppo, genac, vineppo, grpo }

    /// What one method's iterations took.
    package struct Row: Sendable, Codable {
        /// Whose iteration.
        package let method: Kind
        /// Seconds of each run, [runs][phases].
        package let runs: [[Double]]

        /// Medians over the runs, [phases].
        package var medians: [Double] {
            IterationBenchmark.phases.indices.map { phase in runs.map { $0[phase] }.median }
        }
        /// The median of the runs' sums.
        package var total: Double { runs.map { $0.reduce(0, +) }.median }
    }

    private let model: Model
    private let tokenizer: Tokenizer
    private let shape: Shape
    private let actor, writer, reader: Pupil

    /// A model that is trained, with its optimiser.
    private struct Pupil {
        let model: TrainableModel
        let optimiser: AdamW

        init(_ model: TrainableModel) throws {
            self.model = model
            optimiser = try AdamW(count: model.layout.count)
        }

        /// At rate 0 the weights stay, and the work is the same.
        func update() {
            clipGradients(model.gradients, to: 1)
            optimiser.update(model.values, model.gradients, learningRate: 0)
        }
    }

    /// - Throws: what the model's passes throw when the shape does not fit its context.
    package init(model: Model, tokenizer: Tokenizer, shape: Shape) throws {
        (self.model, self.tokenizer, self.shape) = (model, tokenizer, shape)
        actor = try Pupil(TrainableModel(model))
        writer = try Pupil(TrainableModel(model))
        let head = try Initialisation.valueHead(hidden: model.configuration.hidden, seed: 0)
        reader = try Pupil(TrainableModel(model, valueHead: head))
    }

    /// The methods alternate; the first round grows buffers and is not counted.
    /// - Throws: `GenerationError.cancelled`.
    package func run(runs: Int, cancellation: Cancellation, progress: (Int) -> Void) throws -> [Row] {
        var times: [[[Double]]] = Self.methods.map { _ in [] }
        for run in 0...runs {
            for (place, method) in Self.methods.enumerated() {
                let seconds = try iteration(method, cancellation)
                if run > 0 { times[place].append(seconds) }
                progress(run * Self.methods.count + place + 1)
            }
        }
        return zip(Self.methods, times).map { Row(method: $0, runs: $1) }
    }

    private func iteration(_ method: Kind, _ cancellation: Cancellation) throws -> [Double] {
        let clock = ContinuousClock()
        var start = clock.now
        func lap() throws -> Double {
            if cancellation.isCancelled { throw GenerationError.cancelled }
            defer { start = clock.now }
            return (clock.now - start).inSeconds
        }
        // One completer an iteration, as in a stage: continuations find the keys and values of the solutions they go on
        // from.
        let completer = self.completer()
        let solutions = try generate(
            (0..<shape.rollouts).map { (tokens(shape.prompt, salt: $0), shape.response) }, completer, cancellation)
        var seconds = [try lap()]
        let chains = try values(method, solutions, completer, cancellation)
        seconds.append(try lap())
        switch method {
        case .ppo: try learn(readings(solutions))
        case .genac: try learn(chains, by: writer, group: shape.prefixes)
        case .grpo, .vineppo: break
        }
        seconds.append(try lap())
        try learn(solutions, by: actor, group: 1)
        return seconds + [try lap()]
    }

    // MARK: Phases

    private func tokens(_ count: Int, salt: Int) -> [TokenID] {
        (0..<count).map { TokenID((($0 + salt) * 7919 + salt * 31) % min(1000, model.configuration.vocabulary)) }
    }

    private func completer() -> LocalCompleter {
        LocalCompleter(name: "bench", model: model, tokenizer: tokenizer, endTokens: [], priority: .background)
    }

    private func generate(
        _ prompts: [(ids: [TokenID], length: Int)], _ completer: LocalCompleter, _ cancellation: Cancellation
    ) throws -> [TokenTree.Sequence] {
        let requests = prompts.enumerated().map { place, prompt in
            CompletionRequest(
                prompt: Passage(ids: prompt.ids), sampling: Sampling(temperature: 1, maxTokens: prompt.length),
                key: RandomKey(seed: 0, purpose: .test, problem: UInt64(place)))
        }
        let done = try completer.complete(requests, cancellation: cancellation, onEvent: nil)
        if done.contains(where: { $0.finish == .cancelled }) { throw GenerationError.cancelled }
        return zip(prompts, done).map { prompt, completion in
            TokenTree.Sequence(
                ids: prompt.ids + completion.ids, scored: prompt.ids.count..<prompt.ids.count + completion.ids.count)
        }
    }

    /// Evenly spaced beginnings of a solution, its prompt first.
    private func prefixes(_ solution: TokenTree.Sequence) -> [[TokenID]] {
        (0..<shape.prefixes).map { Array(solution.ids.prefix(shape.prompt + $0 * shape.response / shape.prefixes)) }
    }

    /// - Returns: genac's chains; nothing of the others, whose values are not kept.
    private func values(
        _ method: Kind, _ solutions: [TokenTree.Sequence], _ completer: LocalCompleter,
        _ cancellation: Cancellation
    ) throws -> [TokenTree.Sequence] {
        switch method {
        case .ppo:
            for reading in readings(solutions) {
                try reader.model.forward(TokenTree.batch([reading]))
                _ = try reader.model.headValues()
            }
        case .genac:
            let suffix = tokens(shape.suffix, salt: 77)
            // The critic is another model: what the actor computed is nothing to it.
            return try generate(
                solutions.flatMap(prefixes).map { ($0 + suffix, shape.chain) }, self.completer(), cancellation)
        case .vineppo:
            let starts = solutions.flatMap(prefixes).flatMap { [[TokenID]](repeating: $0, count: shape.continuations) }
            _ = try generate(starts.map { ($0, shape.prompt + shape.response - $0.count) }, completer, cancellation)
        case .grpo: break
        }
        return []
    }

    private func readings(_ solutions: [TokenTree.Sequence]) -> [TokenTree.Valued] {
        solutions.map {
            TokenTree.Valued(ids: $0.ids.dropLast(), positions: Array($0.scored.lowerBound - 1..<$0.ids.count - 1))
        }
    }

    private func learn(_ readings: [TokenTree.Valued]) throws {
        reader.model.clearGradients()
        for reading in readings {
            let batch = TokenTree.batch([reading])
            try reader.model.forward(batch)
            try reader.model.backward(values: reading.positions.map { _ in 1e-4 })
        }
        reader.update()
    }

    /// - Parameter group: sequences of one pass, laid out as a tree: a rollout's chains, or one solution.
    private func learn(_ sequences: [TokenTree.Sequence], by pupil: Pupil, group: Int) throws {
        pupil.model.clearGradients()
        for first in stride(from: 0, to: sequences.count, by: group) {
            let batch = TokenTree.batch(Array(sequences[first..<first + group]))
            try pupil.model.forward(batch)
            try pupil.model.backward(TargetCoefficients(logprobs: batch.targets.map { _ in 1e-4 }))
        }
        pupil.update()
    }
}
