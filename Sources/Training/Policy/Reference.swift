import Checkpoints
import Transformer

/// The frozen model that an actor is to stay near: the run's `model.path`, never the actor that a resumed run goes on
/// with.
final class Reference {
    private let model: TrainableModel
    private let temperature: Float
    private let limit: Int

    init(_ checkpoint: Checkpoint, _ recipe: Recipe) throws {
        model = try TrainableModel(checkpoint.model)
        temperature = Float(recipe.number("rollout.temperature"))
        limit = recipe.integer("data.max_token_len_per_gpu")
    }

    /// Whether a recipe asks for one, in the loss or in the reward.
    static func isWanted(_ recipe: Recipe) -> Bool {
        recipe.flag("actor.use_kl_loss") || recipe.flag("algorithm.use_kl_in_reward")
    }

    /// [rollouts][tokens].
    func logprobs(_ rollouts: [Rollout]) throws -> [[Double]] {
        var logprobs: [Double] = []
        for pass in packed(rollouts.map(\.sequence), limit: limit, { $0.ids.count }) {
            try model.forward(TokenTree.batch(pass))
            logprobs += try model.scores(temperature: temperature).logprobs.map(Double.init)
        }
        return logprobs.cut(like: rollouts.map(\.solution.ids.count))
    }
}
