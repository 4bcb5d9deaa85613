import Acting
import Checkpoints
import Critics
import Formats
import Transformer

/// Actors that solve and do not learn, so that a critic learns what their prefixes are worth.
final class FrozenActors {
    /// Steps done, and to do in all.
    private(set) var step = 0
    let totalSteps: Int
    let settings: FrozenActorSettings
    let actors: [Actor]
    let source: RolloutSource
    private let models: [Model]

    init(
        _ settings: FrozenActorSettings, maxPrefixes: Int, _ conditioning: ConditioningSettings, _ resources: Resources
    ) throws {
        self.settings = settings
        let checkpoints = try settings.actors.map { try resources.languageModel($0) }
        models = checkpoints.map(\.model)
        actors = try checkpoints.map { checkpoint in
            Actor(
                checkpoint, template: try resources.prompts.load(.actor, checkpoint.standardTemplate),
                settings.rollout)
        }
        let request = RolloutRequest(
            data: settings.data, rollout: settings.rollout, maxPrefixes: maxPrefixes, conditioning: conditioning)
        source = try RolloutSource(request, actors: actors, world: resources.world)
        totalSteps = source.totalSteps(asked: settings.trainer.steps)
    }

    /// Passes over the step's solutions; those of several actors are not read after the same words.
    var passes: PassRows { PassRows(settings.data, settings.rollout, sharing: false) }

    /// Bytes that sampling holds.
    var bytes: Int { source.bytes(actors) }

    /// What each actor's success rate is told as now, for the metrics.
    var rates: [JSONObject.Member] { source.rates }

    func sample() throws -> [Rollout] { try source.sample(step: step, by: actors) }

    /// Ends the step: its outcomes become part of the rates that critics are told.
    func advance(past rollouts: [Rollout]) {
        source.learn(outcomes: rollouts)
        step += 1
    }

    // MARK: Checkpoints

    /// - Parameter critic: of the same run.
    func save(with critic: any CriticLearner, to folder: String) throws -> JSONObject {
        var state = try critic.learner.save(to: folder).merging(source.state)
        state["frozen"] = sum
        return state
    }

    private lazy var sum = InputSums.of(models)

    func restore(_ state: JSONObject, with critic: any CriticLearner, from folder: String) throws {
        step = try state.step(in: folder)
        try state.check("frozen", is: sum, "the frozen actors' weights (data.actors)", in: folder)
        try source.restore(state, from: folder)
        try critic.learner.restore(state, from: folder)
    }
}
