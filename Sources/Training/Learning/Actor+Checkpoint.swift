import Acting
import Checkpoints
import Critics
import Generation
import Prompts
import Transformer

extension Actor {
    /// A model of a training run as the one that solves.
    init(_ checkpoint: Checkpoint, template: PromptTemplate, _ rollout: RolloutSettings) {
        self.init(
            checkpoint, model: checkpoint.model, template: template, sampling: rollout.sampling, version: 0,
            reward: rollout.reward)
    }

    /// The same actor after training: `model`'s weights, and all else as it was when the run began.
    func updated(_ checkpoint: Checkpoint, model: Model, version: Int) -> Actor {
        Actor(
            checkpoint, model: model, template: template, sampling: sampling, version: version, reward: reward)
    }

    private init(
        _ checkpoint: Checkpoint, model: Model, template: PromptTemplate, sampling: Sampling, version: Int,
        reward: RewardCommand?
    ) {
        self.init(
            name: checkpoint.name, parameters: checkpoint.parameters,
            model: checkpoint.textModel(model, priority: .background), builder: PromptBuilder(checkpoint),
            template: template, sampling: sampling, version: version, reward: reward)
    }
}
