import Acting
import Checkpoints
import Critics
import Problems

extension Method {
    package static let valueHead = Method(
        "value-head", "A value head is regressed on the outcomes of frozen actors' prefixes.", trains: .critic,
        ValueHeadTraining.init)
}

/// The discriminative critic, GenAC's measure: the same backbone with a linear head, regressed on the same prefixes and
/// outcomes that `critic-rl` with the same settings and seed learns from. The return of every prefix is the outcome
/// (gamma 1, nothing earned before).
final class ValueHeadTraining: CriticTraining {
    struct Settings: SettingGroup {
        let frozen: FrozenActorSettings
        let critic: ValueHeadSettings
        let labels: Labels

        init(_ read: SettingReader) {
            frozen = FrozenActorSettings(read)
            critic = ValueHeadSettings(read)
            labels = read(
                "critic.labels", .choice, "outcomes",
                "what a value head learns to say: the solution's outcome, or whether all steps so far are right (only "
                    + "of the built-in task, whose solver knows): a control that gives it the supervision chains have",
                source: "own")
        }
    }

    /// `critic.labels`: what a head learns to say.
    enum Labels: String, CaseIterable { case outcomes, steps }

    let memory: MemoryEstimate
    let actors: FrozenActors
    let critic: HeadLearner
    var alarms = Alarms()
    private let settings: Settings

    /// - Throws: also ``TrainingError/otherWords(critic:actor:)``.
    init(_ settings: Settings, _ resources: Resources) throws {
        self.settings = settings
        actors = try FrozenActors(
            settings.frozen, maxPrefixes: settings.critic.maxPrefixes, settings.critic.conditioning, resources)
        let checkpoint = try resources.load(settings.frozen.path, .critic)
        try actors.actors.checkWords(of: checkpoint)
        let template = try resources.criticTemplate(settings.critic.conditioning.template, for: checkpoint)
        let reading = try CriticReading(actors.source, checkpoint, template)
        memory = try resources.memory(for: HeadLearner.bytes(reading, actors.passes, checkpoint) + actors.bytes)
        critic = try HeadLearner(
            checkpoint, template: template, settings.critic, settings.frozen.data, totalSteps: actors.totalSteps,
            world: resources.world)
    }

    func iteration(_ step: Int, _ clock: inout StopWatch) throws -> CriticIteration {
        let rollouts = try actors.sample()
        clock.lap("gen")
        var judged = try critic.readings(rollouts, states: \.states)
        for index in judged.indices where judged[index].isUsed {
            judged[index].returns = try labels(judged[index].rollout)
        }
        let update = try critic.fit(&judged, step: step)
        clock.lap("update_critic")
        critic.record(&judged) { number, _ in number }
        return CriticIteration(judged: judged, update: update, rewards: judged.flatMap(\.returns))
    }

    /// What the prefixes of a rollout are to be worth: the outcome, or by `critic.labels=steps` whether they are right
    /// so far.
    private func labels(_ rollout: Rollout) throws -> [Double] {
        guard settings.labels == .steps else { return rollout.prefixes.map { _ in rollout.outcome } }
        guard let exact = Tasks.read(rollout.problem.text) else {
            throw TrainingError.wrongValue(
                key: "critic.labels", value: "steps",
                expected: "outcomes, where problems are not the built-in task's: nobody knows which steps are right")
        }
        return rollout.prefixes.map { prefix in exact.isRight(prefix.text, steps: prefix.step) ? 1 : 0 }
    }
}
