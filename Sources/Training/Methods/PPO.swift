import Acting
import Critics

extension Method {
    package static let ppo = Method(
        "ppo", "An actor and a value head, which rates every token, learn together.", trains: .actor, PPO.init)
}

/// Proximal policy optimisation with a discriminative critic (Schulman et al. 2017), GenAC's value-based baseline.
///
/// Each iteration the actor samples solutions; the value head reads V before each of their tokens. Advantages are
/// generalised ones over tokens, whitened over the whole batch; the head is regressed on the returns A + V of its own
/// lambda, with clipping, then the actor learns by PPO's clipped loss.
final class PPO: JointTraining {
    struct Settings: SettingGroup {
        let policy: PolicySettings
        let gamma, lambda: Double
        /// A lambda for each response instead, by its length.
        let isAdaptive: Bool
        let criticPath: String
        let critic: ValueHeadSettings
        let criticLambda: Double
        /// First steps in which the critic alone learns.
        let warmup: Int

        init(_ read: SettingReader) {
            policy = PolicySettings(read)
            (gamma, lambda) = (read.gamma(), read.lambda())
            isAdaptive = read(
                "algorithm.adaptive_lam", .flag, "false",
                "a lambda for each response by its length l, instead of algorithm.lam",
                formula: "lam = max(0, 1 - 1 / (0.05 l))", source: "VAPO")
            criticPath = read.criticPath()
            critic = ValueHeadSettings(read)
            criticLambda = read(
                "critic.lam", .number(0...1), "1.0",
                "lambda of the returns that a value head is regressed on; the actor's is algorithm.lam (VC-PPO's "
                    + "decoupling)",
                formula: "R_t = V_t + sum of (gamma lam)^k delta_{t+k}",
                source: "VC-PPO (verl has one lambda for both)")
            warmup = read.criticWarmup()
        }

        /// The actor's lambda for a response.
        func lambda(tokens: Int) -> Double {
            isAdaptive ? max(0, 1 - 1 / (0.05 * Double(max(tokens, 1)))) : lambda
        }
    }

    let memory: MemoryEstimate
    let actor: LearningActor
    var critics: [any CriticLearner] { [critic] }
    var alarms = Alarms()
    private let critic: HeadLearner
    private let settings: Settings
    private let world: World

    /// - Throws: also ``TrainingError/otherWords(critic:actor:)``.
    init(_ settings: Settings, _ resources: Resources) throws {
        (self.settings, world) = (settings, resources.world)
        let request = RolloutRequest(
            data: settings.policy.data, rollout: settings.policy.rollout, maxPrefixes: settings.critic.maxPrefixes,
            conditioning: settings.critic.conditioning)
        let plan = try ActorPlan(settings.policy, request, resources)
        let checkpoint = try resources.load(settings.criticPath, .critic)
        let template = try resources.criticTemplate(settings.critic.conditioning.template, for: checkpoint)
        try [plan.actor].checkWords(of: checkpoint)
        let reading = try CriticReading(plan.stream, checkpoint, template)
        memory = try resources.memory(
            for: plan.bytes() + checkpoint.model.weightBytes + HeadLearner.bytes(reading, plan.passes, checkpoint))
        actor = try LearningActor(plan, world: world)
        critic = try HeadLearner(
            checkpoint, template: template, settings.critic, settings.policy.data, totalSteps: plan.totalSteps,
            world: world)
    }

    func iteration(_ step: Int, _ clock: inout StopWatch) throws -> Iteration {
        let rollouts = try actor.sample(&clock)
        var judged = try critic.readings(rollouts) { Array($0.solution.ids.indices) }
        try critic.value(&judged)
        for index in judged.indices where judged[index].isUsed {
            let (gamma, values) = (settings.gamma, judged[index].values)
            let advantages = judged[index].tokenAdvantages(gamma: gamma, lambda: settings.criticLambda)
            judged[index].returns = zip(advantages, values).map { $0 + $1 }
        }
        critic.record(&judged) { _, prefix in prefix.tokens.upperBound }
        clock.lap("values")
        let advantages = judged.map {
            $0.isUsed
                ? $0.tokenAdvantages(gamma: settings.gamma, lambda: settings.lambda(tokens: $0.values.count)) : []
        }
        judged.push(by: whitened(advantages, over: world))
        clock.lap("adv")
        let criticUpdate = try critic.fit(&judged, step: step)
        clock.lap("update_critic")
        let actorUpdate = step < settings.warmup ? nil : try actor.improve(judged)
        clock.lap("update_actor")
        return Iteration(
            judged: judged, critic: criticUpdate, actor: actorUpdate,
            explainedVariance: explainedVariance(
                values: judged.flatMap(\.values), returns: judged.flatMap(\.returns)))
    }
}
