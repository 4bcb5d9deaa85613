import Acting
import Checkpoints
import Critics
import Transformer

/// An actor that learns: `actor.ppo_epochs` passes over a step's rollouts in mini-batches, each an update on
/// `PolicyObjective` with the weights of `actor.loss_agg_mode` over the whole mini-batch, however many passes it is cut
/// into.
final class PolicyLearner {
    let learner: Learner
    private let settings: ActorSettings
    private let rollout: RolloutSettings
    private let passTokens: Int

    init(_ checkpoint: Checkpoint, _ settings: PolicySettings, totalSteps: Int, world: World) throws {
        (self.settings, rollout, passTokens) = (settings.actor, settings.rollout, settings.data.passTokens)
        learner = try Learner(
            checkpoint, model: TrainableModel(checkpoint.model), role: .actor, settings.optimiser,
            totalSteps: totalSteps, world: world)
    }

    /// `actor` with the present weights: an inference model has copies of the norms, so this is asked for after each
    /// update.
    func updated(_ actor: Actor, version: Int) throws -> Actor {
        actor.updated(learner.checkpoint, model: try learner.model.inferenceModel(), version: version)
    }

    /// - Parameter samples: those that are learned from, their advantages known.
    func learn(from samples: [JudgedRollout], step: Int) throws -> PolicyUpdate {
        var result = PolicyUpdate()
        for _ in 0..<settings.epochs {
            for batch in miniBatches(samples) { result.add(try update(on: batch, step: step)) }
        }
        return result
    }

    /// `actor.ppo_mini_batch_size` problems with all their samples, in their order; 0: all.
    private func miniBatches(_ samples: [JudgedRollout]) -> [[JudgedRollout]] {
        guard settings.miniBatch > 0 else { return [samples] }
        let problems = samples.byProblem
        return stride(from: 0, to: problems.count, by: settings.miniBatch).map {
            problems[$0..<min($0 + settings.miniBatch, problems.count)].flatMap { $0 }
        }
    }

    private func update(on samples: [JudgedRollout], step: Int) throws -> PolicyUpdate.Part {
        let weights = settings.aggregation.weights(
            lengths: samples.map(\.rollout.solution.ids.count), horizon: rollout.responseLength, over: learner.world)
        let weighed = zip(samples, weights).map { (sequence: $0.rollout.sequence, tokens: $0.tokens(weight: $1)) }
        var part = PolicyUpdate.Part()
        try learner.sumGradients(of: weighed.cut(like: samples.byProblem.map(\.count))) { problem in
            for pass in packed(problem, limit: passTokens, { $0.sequence.ids.count }) {
                let batch = TokenTree.batch(pass.map(\.sequence)), tokens = pass.flatMap(\.tokens)
                try learner.model.forward(batch)
                let scores = try learner.model.backward(
                    coefficients(tokens), temperature: Float(rollout.sampling.temperature), wantsEntropy: true)
                part.add(tokens, scores, settings.objective, rows: batch.rows)
            }
        }
        part.update = try learner.update(step: step, loss: part.wholeLoss(settings.objective))
        return part
    }

    private func coefficients(_ tokens: [PolicyObjective.Token]) -> TargetCoefficients {
        let objective = settings.objective, entropy = objective.entropyCoefficient
        return TargetCoefficients(entropies: entropy == 0 ? [] : tokens.map { Float(-entropy * $0.weight) }) {
            index, logprob in
            Float(objective.result(tokens[index], logprob: Double(logprob)).slope)
        }
    }
}

extension JudgedRollout {
    fileprivate func tokens(weight: Double) -> [PolicyObjective.Token] {
        guard let advantages else { preconditionFailure("a rollout without advantages is not learned from") }
        let old = rollout.logprobs
        return advantages.indices.map {
            PolicyObjective.Token(
                old: old[$0], reference: rollout.reference?[$0], advantage: advantages[$0], weight: weight)
        }
    }
}

extension Rollout {
    /// What its actor read and wrote, every sampled token scored.
    var sequence: TokenTree.Sequence {
        TokenTree.Sequence(
            ids: solved.prompt.ids + solution.ids,
            scored: solved.prompt.ids.count..<solved.prompt.ids.count + solution.ids.count)
    }
}
