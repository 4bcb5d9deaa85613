import Acting
import Compute
import Critics
import Generation
import Transformer

extension Method {
    package static let vineppo = Method(
        "vineppo", "An actor learns from the success rates of its own continuations of each step.", trains: .actor,
        VinePPO.init)
}

/// VinePPO (arXiv 2410.01679): a step is worth what it changes in the actor's own success rate from there on, measured
/// by K fresh continuations of each state,
///
///     A_k = r_k + gamma V(s_{k+1}) - V(s_k),
///
/// generalised advantages with lambda 0. No critic is trained.
final class VinePPO: JointTraining {
    struct Settings: SettingGroup {
        let policy: PolicySettings
        let gamma: Double
        /// Steps measured of a solution; the outcome stands for the value of the rest.
        let maxPrefixes: Int
        /// Continuations of each.
        let continuations: Int

        init(_ read: SettingReader) {
            policy = PolicySettings(read)
            gamma = read.gamma()
            maxPrefixes = read.maxPrefixes()
            continuations = read(
                "algorithm.mc_rollouts", .integer(1...100_000), "9",
                "fresh continuations of each step by which vineppo measures its value; equal beginnings share them",
                formula: "V(s) = successes / K;  A_k = r_k + V(s_{k+1}) - V(s_k)", source: "VinePPO")
        }
    }

    let memory: MemoryEstimate
    let actor: LearningActor
    var alarms = Alarms()
    private let settings: Settings
    private let world: World

    init(_ settings: Settings, _ resources: Resources) throws {
        (self.settings, world) = (settings, resources.world)
        let request = RolloutRequest(data: settings.policy.data, rollout: settings.policy.rollout)
        let plan = try ActorPlan(settings.policy, request, resources)
        memory = try resources.memory(
            for: plan.bytes(continuations: Self.positions(settings, response: plan.stream.longestSolution)))
        actor = try LearningActor(plan, world: world)
    }

    /// Positions of what goes on from every prefix, the prefixes taken to be evenly spaced. Equal prefixes, the empty
    /// one before all, share their continuations.
    private static func positions(_ settings: Settings, response: Int) -> Int {
        let problems = settings.policy.data.batch, solutions = problems * settings.policy.rollout.n
        let page = KVCache.pagePositions, prefixes = settings.maxPrefixes
        let later = (1..<max(prefixes, 1)).reduce(0) { $0 + response * (prefixes - $1) / prefixes + page }
        return settings.continuations * (problems * (response + page) + solutions * later)
    }

    func iteration(_ step: Int, _ clock: inout StopWatch) throws -> Iteration {
        let rollouts = try actor.sample(&clock)
        var judged = try measured(rollouts, step: step)
        clock.lap("values")
        judged.push(
            by: whitened(try judged.map { try $0.stepAdvantages(gamma: settings.gamma, lambda: 0) }, over: world))
        clock.lap("adv")
        let update = try actor.improve(judged)
        clock.lap("update_actor")
        return Iteration(judged: judged, actor: update)
    }

    /// The rollouts with the success rates of the actor's continuations of their first prefixes.
    private func measured(_ rollouts: [Rollout], step: Int) throws -> [JudgedRollout] {
        let states = rollouts.map { $0.masked == nil ? Array($0.prefixes.prefix(settings.maxPrefixes)) : [] }
        let found = try estimator(step).values(
            for: states.flatMap { $0 }, cancellation: Cancellation(), progress: nil
        ).cut(like: states.map(\.count))
        return zip(rollouts, found).map { rollout, valuations in
            var judged = JudgedRollout.unrated(rollout)
            for index in judged.prefixes.indices {
                let valuation = index < valuations.count ? valuations[index] : nil
                judged.prefixes[index].prompt = valuation?.prompt
                judged.prefixes[index].promptIDs = valuation?.promptIDs ?? []
                judged.prefixes[index].value = valuation?.value ?? rollout.outcome
            }
            return judged
        }
    }

    private func estimator(_ step: Int) -> MonteCarlo {
        var options = MonteCarlo.Options()
        options.rollouts = settings.continuations
        options.truncated = settings.policy.rollout.truncated
        options.seed = settings.policy.data.seed
        options.iteration = UInt64(step + 1)
        return MonteCarlo(actor: actor.actor, options: options)
    }
}
