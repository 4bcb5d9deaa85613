import Acting
import Checkpoints
import Critics
import Formats
import Transformer

/// An actor that learns: `actor.ppo_epochs` passes over a step's rollouts in mini-batches, each an update on
/// `PolicyObjective` with the weights of `actor.loss_agg_mode` over the whole mini-batch, however many passes it is cut
/// into.
final class PolicyLearner {
    let learner: Learner
    private let recipe: Recipe
    private let objective: PolicyObjective
    private let aggregation: LossAggregation

    init(_ checkpoint: Checkpoint, _ recipe: Recipe, totalSteps: Int) throws {
        self.recipe = recipe
        objective = PolicyObjective(recipe)
        aggregation = recipe.choice("actor.loss_agg_mode")
        learner = try Learner(
            checkpoint, model: TrainableModel(checkpoint.model), role: "actor", recipe: recipe, totalSteps: totalSteps)
    }

    /// A rollout with what its tokens are pushed by, each of [tokens].
    struct Sample {
        var rollout: Rollout
        /// Log-probabilities under the weights that sampled it, and under the reference where there is one.
        var old: [Double]
        var reference: [Double]?
        var advantages: [Double]

        func tokens(weight: Double) -> [PolicyObjective.Token] {
            advantages.indices.map {
                PolicyObjective.Token(
                    old: old[$0], reference: reference?[$0], advantage: advantages[$0], weight: weight)
            }
        }
    }

    /// `actor` with the present weights: an inference model has copies of the norms, so this is asked for after each
    /// update.
    func updated(_ actor: Actor, version: Int) throws -> Actor {
        actor.updated(learner.checkpoint, model: try learner.model.inferenceModel(), version: version)
    }

    func learn(from samples: [Sample], step: Int) throws -> PolicyUpdate {
        var result = PolicyUpdate()
        for _ in 0..<recipe.integer("actor.ppo_epochs") {
            for batch in miniBatches(samples) { result.add(try update(on: batch, step: step)) }
        }
        return result
    }

    /// `actor.ppo_mini_batch_size` problems with all their samples, in their order; 0: all.
    private func miniBatches(_ samples: [Sample]) -> [[Sample]] {
        let size = recipe.integer("actor.ppo_mini_batch_size")
        guard size > 0 else { return [samples] }
        var problems: [[Sample]] = []
        for sample in samples {
            if problems.last?.last?.rollout.problem.id != sample.rollout.problem.id { problems.append([]) }
            problems[problems.count - 1].append(sample)
        }
        return stride(from: 0, to: problems.count, by: size).map {
            problems[$0..<min($0 + size, problems.count)].flatMap { $0 }
        }
    }

    private func update(on samples: [Sample], step: Int) throws -> PolicyUpdate.Part {
        let weights = aggregation.weights(
            lengths: samples.map(\.advantages.count), horizon: recipe.integer("rollout.response_length"))
        let weighed = zip(samples, weights).map { (sequence: $0.rollout.sequence, tokens: $0.tokens(weight: $1)) }
        var part = PolicyUpdate.Part()
        learner.model.clearGradients()
        for pass in packed(weighed, limit: recipe.integer("data.max_token_len_per_gpu"), { $0.sequence.ids.count }) {
            let batch = TokenTree.batch(pass.map(\.sequence)), tokens = pass.flatMap(\.tokens)
            try learner.model.forward(batch)
            let scores = try learner.model.backward(
                coefficients(tokens), temperature: Float(recipe.number("rollout.temperature")), wantsEntropy: true)
            part.add(tokens, scores, objective, rows: batch.rows)
        }
        part.update = try learner.update(step: step, loss: part.wholeLoss(objective))
        return part
    }

    private func coefficients(_ tokens: [PolicyObjective.Token]) -> TargetCoefficients {
        let entropy = objective.entropyCoefficient
        return TargetCoefficients(entropies: entropy == 0 ? [] : tokens.map { Float(-entropy * $0.weight) }) {
            [objective] index, logprob in
            Float(objective.result(tokens[index], logprob: Double(logprob)).slope)
        }
    }

    // MARK: Checkpoints

    func save(to folder: String) throws -> JSONObject { try learner.save(to: folder) }

    func restore(_ state: JSONObject, from folder: String) throws { try learner.restore(state, from: folder) }
}

extension PolicyObjective {
    init(_ recipe: Recipe) {
        self.init(
            loss: PolicyLoss(
                low: recipe.number("actor.clip_ratio_low"), high: recipe.number("actor.clip_ratio_high"),
                dual: recipe.number("actor.clip_ratio_c")),
            divergence: recipe.flag("actor.use_kl_loss") ? recipe.choice("actor.kl_loss_type") : nil,
            divergenceCoefficient: recipe.number("actor.kl_loss_coef"),
            entropyCoefficient: recipe.number("actor.entropy_coeff"))
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
