import Checkpoints
import Generation
import Transformer
import Prompts

/// What joint training holds at most: weights as loaded, the learners with what their passes keep, the reference, and
/// the keys and values of solutions, continuations and chains.
struct PolicyMemory {
    let bytes: Int

    init(
        _ recipe: Recipe, _ actor: Checkpoint, _ critic: (checkpoint: Checkpoint, template: PromptTemplate)?,
        _ stream: any RolloutStream
    ) throws {
        let prompt = stream.longestPrompt, shape = actor.model.configuration
        let rows = PassRows(recipe, sharing: true).most(before: prompt, own: stream.longestSolution)
        var bytes = actor.model.weightBytes + Learner.bytes(shape, rows: rows)
        if Reference.isWanted(recipe) { bytes += TrainableModel.bytes(shape, rows: rows) }
        bytes += KVCache(configuration: shape).bytes(
            positions: Self.positions(recipe, prompt: prompt, response: stream.longestSolution))
        if let critic { bytes += try Self.bytes(of: critic.checkpoint, critic.template, recipe, stream) }
        self.bytes = bytes
    }

    /// Positions of a step's keys and values: each problem's prompt once, its solutions, and for VinePPO what goes on
    /// from every prefix, the prefixes taken to be evenly spaced. Equal prefixes, the empty one before all, share their
    /// continuations.
    private static func positions(_ recipe: Recipe, prompt: Int, response: Int) -> Int {
        let problems = recipe.integer("data.train_batch_size"), solutions = problems * recipe.integer("rollout.n")
        let page = KVCache.pagePositions
        let positions = problems * (prompt + page) + solutions * (response + page)
        guard recipe.stage == .vineppo else { return positions }
        let prefixes = recipe.integer("critic.max_prefixes")
        let later = (1..<max(prefixes, 1)).reduce(0) { $0 + response * (prefixes - $1) / prefixes + page }
        return positions + recipe.integer("algorithm.mc_rollouts") * (problems * (response + page) + solutions * later)
    }

    private static func bytes(
        of critic: Checkpoint, _ template: PromptTemplate, _ recipe: Recipe, _ stream: any RolloutStream
    ) throws -> Int {
        let shape = critic.model.configuration, reading = try CriticReading(stream, critic, template)
        guard recipe.stage == .genac else {
            return critic.model.weightBytes
                + Learner.bytes(shape.headless, rows: HeadLearner.rows(recipe, reading), valueHead: true)
        }
        let sizes = try GenerativeLearner.sizes(recipe, reading, critic)
        return critic.model.weightBytes + Learner.bytes(shape, rows: sizes.rows)
            + KVCache(configuration: shape).bytes(positions: sizes.positions)
    }
}
