import Critics
import Transformer

extension Method {
    /// Stage 2 of the paper.
    package static let criticRL = Method(
        "critic-rl", "A generative critic learns by REINFORCE what frozen actors' prefixes are worth.",
        trains: .critic, CriticRL.init)
}

/// Stage 2 of GenAC: a generative critic learns by REINFORCE what frozen actors' beginnings are worth. A step samples
/// solutions, has the critic write `critic.num_samples` chains for each chosen prefix, and makes one update on their
/// rewards R = 1 - (r - v)².
final class CriticRL: CriticTraining {
    struct Settings: SettingGroup {
        let frozen: FrozenActorSettings
        let critic: GenerativeCriticSettings

        init(_ read: SettingReader) {
            frozen = FrozenActorSettings(read)
            critic = GenerativeCriticSettings(read)
        }
    }

    let memory: MemoryEstimate
    let actors: FrozenActors
    let critic: GenerativeLearner
    var alarms = Alarms()

    init(_ settings: Settings, _ resources: Resources) throws {
        try settings.critic.check()
        actors = try FrozenActors(
            settings.frozen, maxPrefixes: settings.critic.maxPrefixes, settings.critic.conditioning, resources)
        let checkpoint = try resources.languageModel(settings.frozen.path, as: .critic)
        let template = try resources.criticTemplate(settings.critic.conditioning.template, for: checkpoint)
        let size = try GenerativeCriticSize(
            settings.critic, CriticReading(actors.source, checkpoint, template), actors.passes, checkpoint)
        // Keys and values are those of the actors' solutions or, later in a step, of the chains.
        memory = try resources.memory(for: size.training + max(size.chains, actors.bytes))
        critic = try GenerativeLearner(
            checkpoint, template: template, settings.critic, settings.frozen.data, totalSteps: actors.totalSteps,
            world: resources.world)
    }

    func iteration(_ step: Int, _ clock: inout StopWatch) throws -> CriticIteration {
        let rollouts = try actors.sample()
        clock.lap("gen")
        let judged = try critic.judge(rollouts, step: step)
        clock.lap("values")
        let update = try critic.reinforce(judged, step: step)
        clock.lap("update_critic")
        return CriticIteration(
            judged: judged, update: update,
            rewards: judged.flatMap(\.prefixes).flatMap(\.chains).map(\.reward))
    }
}
