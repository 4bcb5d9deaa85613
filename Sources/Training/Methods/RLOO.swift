extension Method {
    package static let rloo = Method(
        "rloo", "An actor learns from its solutions' scores less the mean of the others' of the same problem.",
        trains: .actor, RLOO.init)
}

/// REINFORCE with a leave-one-out baseline (arXiv 2402.14740): a response is worth its score less the mean score of
/// the other responses to the same problem, and every one of its tokens alike. There is no critic.
final class RLOO: JointTraining {
    let memory: MemoryEstimate
    let actor: LearningActor
    var alarms = Alarms()

    init(_ settings: PolicySettings, _ resources: Resources) throws {
        let plan = try ActorPlan(
            settings, RolloutRequest(data: settings.data, rollout: settings.rollout), resources)
        try plan.stream.checkGroups()
        memory = try resources.memory(for: plan.bytes())
        actor = try LearningActor(plan, world: resources.world)
    }

    func iteration(_ step: Int, _ clock: inout StopWatch) throws -> Iteration {
        var judged = try actor.sample(&clock).map(JudgedRollout.unrated)
        clock.lap("values")
        judged.push(by: judged.groupAdvantages(.others))
        clock.lap("adv")
        let update = try actor.improve(judged)
        clock.lap("update_actor")
        return Iteration(judged: judged, actor: update)
    }
}
