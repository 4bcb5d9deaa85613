import Critics

extension Method {
    /// Stage 3 of the paper: actor and generative critic together.
    package static let genac = Method(
        "genac", "An actor and a generative critic, which writes the values of its steps out, learn together.",
        trains: .actor, GenAC.init)
}

/// Generative Actor-Critic (arXiv 2604.10701), stage 3.
///
/// Each iteration the actor samples solutions z with outcomes r. For the empty prefix and the borders of steps the
/// critic writes chains of thought that end in a score, v = score / 10, told of the actor as it was before the
/// outcomes (in-context conditioning). Advantages are generalised ones over the steps,
///
///     delta_k = r_k + gamma V_{k+1} - V_k,    A_k = delta_k + gamma lambda A_{k+1},
///
/// whitened over the whole batch, each for all tokens of its step. The critic learns by REINFORCE on the rule-based
/// reward R = 1 - (r - v)² of each chain, then the actor by PPO's clipped loss.
final class GenAC: JointTraining {
    struct Settings: SettingGroup {
        /// Those of every actor that learns: model, data, rollouts, loss, optimiser.
        let policy: PolicySettings
        let gamma, lambda: Double
        let criticPath: String
        /// Those of every critic that writes chains: sampling, reward, conditioning, optimiser.
        let critic: GenerativeCriticSettings
        /// First steps in which the critic alone learns.
        let warmup: Int

        init(_ read: SettingReader) {
            policy = PolicySettings(read)
            (gamma, lambda) = (read.gamma(), read.lambda())
            criticPath = read.criticPath()
            critic = GenerativeCriticSettings(read)
            warmup = read.criticWarmup()
        }

        /// - Throws: ``UnfitSetting`` where nothing could be learned, or a state be left without a value.
        func check() throws {
            try critic.check()
            guard critic.fallback != .fail else {
                throw UnfitSetting(
                    key: "critic.parse_fallback",
                    expected: "icc or forced: an advantage needs a value at every state")
            }
        }
    }

    let memory: MemoryEstimate
    let actor: LearningActor
    var critics: [any CriticLearner] { [critic] }
    var alarms = Alarms()
    private let critic: GenerativeLearner
    private let settings: Settings
    private let world: World

    init(_ settings: Settings, _ resources: Resources) throws {
        (self.settings, world) = (settings, resources.world)
        try settings.check()
        let request = RolloutRequest(
            data: settings.policy.data, rollout: settings.policy.rollout, maxPrefixes: settings.critic.maxPrefixes,
            conditioning: settings.critic.conditioning)
        let plan = try ActorPlan(settings.policy, request, resources)
        let checkpoint = try resources.languageModel(settings.criticPath, as: .critic)
        let template = try resources.criticTemplate(settings.critic.conditioning.template, for: checkpoint)
        let size = try GenerativeCriticSize(
            settings.critic, CriticReading(plan.stream, checkpoint, template), plan.passes, checkpoint)
        memory = try resources.memory(
            for: plan.bytes() + checkpoint.model.weightBytes + size.training + size.chains)
        actor = try LearningActor(plan, world: world)
        critic = try GenerativeLearner(
            checkpoint, template: template, settings.critic, settings.policy.data, totalSteps: plan.totalSteps,
            world: world)
    }

    func iteration(_ step: Int, _ clock: inout StopWatch) throws -> Iteration {
        let rollouts = try actor.sample(&clock)
        var judged = try critic.judge(rollouts, step: step)
        clock.lap("values")
        let advantages = try judged.map { try $0.stepAdvantages(gamma: settings.gamma, lambda: settings.lambda) }
        judged.push(by: whitened(advantages, over: world))
        clock.lap("adv")
        let criticUpdate = try critic.reinforce(judged, step: step)
        clock.lap("update_critic")
        let actorUpdate = step < settings.warmup ? nil : try actor.improve(judged)
        clock.lap("update_actor")
        return Iteration(judged: judged, critic: criticUpdate, actor: actorUpdate)
    }
}
