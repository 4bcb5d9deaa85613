import Checkpoints
import Transformer

/// The frozen model that an actor is to stay near: the run's `model.path`, never the actor that a resumed run goes on
/// with.
final class Reference {
    private let model: TrainableModel
    private let temperature: Float
    private let limit: Int

    /// - Parameters:
    ///   - temperature: that of the actor's samples.
    ///   - passTokens: tokens of a pass at most.
    init(_ checkpoint: Checkpoint, temperature: Double, passTokens: Int) throws {
        model = try TrainableModel(checkpoint.model)
        (self.temperature, limit) = (Float(temperature), passTokens)
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
