import Checkpoints
import Critics
import Generation
import Transformer

/// What joint training holds at most: weights as loaded, the learners with what their passes keep, the reference, and the keys and
/// values of solutions, continuations and chains.
struct PolicyMemory {
    let bytes: Int

    init(_ recipe: Recipe, _ actor: Checkpoint, _ critic: (checkpoint: Checkpoint, template: PromptTemplate)?, _ stream: any RolloutStream) throws {
        let length = try stream.longestPrompt() + recipe.integer("rollout.response_length")
        let shape = actor.model.configuration, sequences = recipe.integer("data.train_batch_size") * recipe.integer("rollout.n")
        let rows = max(length, min(recipe.integer("data.max_token_len_per_gpu"), sequences * length))
        var bytes = actor.model.weightBytes + Learner.bytes(shape, rows: rows)
        if Reference.isWanted(recipe) { bytes += TrainableModel.bytes(shape, rows: rows) }
        let continuations = recipe.stage == .vineppo ? recipe.integer("critic.max_prefixes") * recipe.integer("algorithm.mc_rollouts") : 0
        bytes += sequences * (1 + continuations) * KVCache(configuration: shape).bytes(positions: length)
        if let critic {
            let prompt = try stream.longestCriticPrompt(PromptBuilder(critic.checkpoint), critic.template)
            bytes += Self.bytes(of: critic.checkpoint, recipe, prompt: prompt)
        }
        self.bytes = bytes
    }

    private static func bytes(of critic: Checkpoint, _ recipe: Recipe, prompt: Int) -> Int {
        let shape = critic.model.configuration
        guard recipe.stage == .genac else {
            return critic.model.weightBytes + Learner.bytes(shape.headless, rows: HeadLearner.rows(recipe, prompt: prompt), valueHead: true)
        }
        let sizes = GenerativeLearner.sizes(recipe, prompt: prompt)
        return critic.model.weightBytes + Learner.bytes(shape, rows: sizes.rows) + KVCache(configuration: shape).bytes(positions: sizes.positions)
    }
}
