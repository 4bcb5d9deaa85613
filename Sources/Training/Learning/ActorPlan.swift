import Acting
import Checkpoints
import Critics
import Generation
import Transformer

/// What an actor's training is made of, known before memory is taken for any of it.
struct ActorPlan {
    let settings: PolicySettings
    let checkpoint: Checkpoint
    /// As the run begins.
    let actor: Actor
    let stream: any RolloutStream
    let validation: Validation?
    let totalSteps: Int

    /// - Throws: ``UnfitSetting`` for settings from which nothing right could be learned; what loading throws.
    init(_ settings: PolicySettings, _ request: RolloutRequest, _ resources: Resources) throws {
        self.settings = settings
        try settings.rollout.checkIsWholePolicy()
        checkpoint = try resources.languageModel(settings.path)
        actor = Actor(
            checkpoint, template: try resources.prompts.load(.actor, checkpoint.standardTemplate),
            settings.rollout)
        stream =
            settings.replayed.isEmpty
            ? try RolloutSource(request, actors: [actor], world: resources.world)
            : try ReplayedRollouts(settings.replayed, request, actor: actor)
        totalSteps = stream.totalSteps(asked: settings.trainer.steps)
        validation = try Validation(
            settings.validation, most: settings.maxValidation, seed: settings.data.seed,
            answered: settings.rollout.reward == nil,
            world: resources.world)
    }

    /// Passes over the step's solutions, all read after their problem's same words.
    var passes: PassRows { PassRows(settings.data, settings.rollout, sharing: true) }

    /// Bytes that it holds at most: weights as loaded, the learner with what its passes keep, the reference, and the
    /// keys and values of solutions: each problem's prompt once, its solutions, in whole pages.
    /// - Parameter continuations: positions of what the actor writes beside its solutions.
    func bytes(continuations: Int = 0) -> Int {
        let shape = checkpoint.model.configuration, page = KVCache.pagePositions
        let rows = passes.most(before: stream.longestPrompt, own: stream.longestSolution)
        let problems = settings.data.batch, solutions = problems * settings.rollout.n
        let positions = problems * (stream.longestPrompt + page) + solutions * (stream.longestSolution + page)
        return checkpoint.model.weightBytes + Learner.bytes(shape, rows: rows)
            + (settings.actor.wantsReference ? TrainableModel.bytes(shape, rows: rows) : 0)
            + KVCache(configuration: shape).bytes(positions: positions + continuations)
    }
}
