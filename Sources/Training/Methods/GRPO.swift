extension Method {
    package static let grpo = Method(
        "grpo", "An actor learns from its solutions' scores beside the others of the same problem.", trains: .actor,
        GRPO.init)
}

/// Group relative policy optimisation (arXiv 2402.03300), and Dr.GRPO: a response is worth its score beside those of
/// the other responses to the same problem, A = (r - mean) / (std + 1e-6) or r - mean, and every one of its tokens
/// alike. There is no critic.
final class GRPO: JointTraining {
    struct Settings: SettingGroup {
        let policy: PolicySettings
        let isScaled: Bool

        init(_ read: SettingReader) {
            policy = PolicySettings(read)
            isScaled = read(
                "algorithm.norm_adv_by_std_in_grpo", .flag, "true",
                "divide by the group's standard deviation; false with actor.loss_agg_mode=seq-mean-token-sum-norm is "
                    + "Dr.GRPO",
                formula: "A = (r - mean) / (std + 1e-6), or r - mean", source: "verl")
        }
    }

    let memory: MemoryEstimate
    let actor: LearningActor
    var alarms = Alarms()
    private let settings: Settings

    init(_ settings: Settings, _ resources: Resources) throws {
        self.settings = settings
        let request = RolloutRequest(data: settings.policy.data, rollout: settings.policy.rollout)
        let plan = try ActorPlan(settings.policy, request, resources)
        try plan.stream.checkGroups()
        memory = try resources.memory(for: plan.bytes())
        actor = try LearningActor(plan, world: resources.world)
    }

    func iteration(_ step: Int, _ clock: inout StopWatch) throws -> Iteration {
        var judged = try actor.sample(&clock).map(JudgedRollout.unrated)
        clock.lap("values")
        judged.push(by: judged.groupAdvantages(.mean(scaled: settings.isScaled)))
        clock.lap("adv")
        let update = try actor.improve(judged)
        clock.lap("update_actor")
        return Iteration(judged: judged, actor: update)
    }
}
