import Acting
import Checkpoints
import Critics
import Formats

/// The actor of joint training, which all its methods share: it samples solutions and is paid for them, learns from
/// what the method makes of them, and is validated.
final class LearningActor {
    /// Steps done, and to do in all.
    private(set) var step = 0
    let totalSteps: Int
    let settings: PolicySettings
    /// The one that solves, with the present weights.
    private(set) var actor: Actor

    private let stream: any RolloutStream
    private let policy: PolicyLearner
    private let reference: Reference?
    /// Tells the reference from others; nil without one.
    private let referenceSum: JSONValue?
    private let validation: Validation?

    init(_ plan: ActorPlan, world: World) throws {
        referenceSum = plan.settings.actor.wantsReference ? InputSums.of([plan.checkpoint.model]) : nil
        (settings, stream, validation, totalSteps) = (plan.settings, plan.stream, plan.validation, plan.totalSteps)
        policy = try PolicyLearner(plan.checkpoint, settings, totalSteps: totalSteps, world: world)
        reference =
            settings.actor.wantsReference
            ? try Reference(
                plan.checkpoint, temperature: settings.rollout.sampling.temperature,
                passTokens: settings.data.passTokens) : nil
        actor = try policy.updated(plan.actor, version: 0)
    }

    var updates: Int { policy.learner.updates }

    /// What its success rate is told as now, for the metrics.
    var rates: [JSONObject.Member] { stream.rates }

    // MARK: A step

    /// The step's rollouts, each with what its tokens earned.
    func sample(_ clock: inout StopWatch) throws -> [Rollout] {
        var rollouts = try stream.sample(step: step, by: [actor])
        clock.lap("gen")
        let used = rollouts.indices.filter { rollouts[$0].masked == nil }
        if let reference {
            let logprobs = try reference.logprobs(used.map { rollouts[$0] })
            for (index, logprobs) in zip(used, logprobs) { rollouts[index].reference = logprobs }
            clock.lap("ref")
        }
        for index in used {
            rollouts[index].rewards = settings.actor.rewards.rewards(
                outcome: rollouts[index].outcome, logprobs: rollouts[index].logprobs,
                reference: rollouts[index].reference)
        }
        return rollouts
    }

    /// PPO's updates on the step's rollouts; nil where none is learned from.
    func improve(_ judged: [JudgedRollout]) throws -> PolicyUpdate? {
        let used = judged.filter(\.isUsed)
        return used.isEmpty ? nil : try policy.learn(from: used, step: step)
    }

    /// Ends the step: its outcomes become part of the rate that critics are told, and the next one's rollouts are
    /// sampled with the new weights.
    func advance(past rollouts: [Rollout]) throws {
        stream.learn(outcomes: rollouts)
        step += 1
        actor = try policy.updated(actor, version: step)
    }

    /// The share of held-out problems solved, where it is time to measure it.
    func validated(_ clock: inout StopWatch) throws -> Double? {
        guard let validation, validation.isDue(step, of: totalSteps) else { return nil }
        let score = try validation.score(actor)
        clock.lap("testing")
        return score
    }

    // MARK: Checkpoints

    /// - Parameter critics: of the same run.
    func save(with critics: [any CriticLearner], to folder: String) throws -> JSONObject {
        var state = try policy.learner.save(to: folder)
        for critic in critics { state = state.merging(try critic.learner.save(to: folder)) }
        if let referenceSum { state["reference"] = referenceSum }
        return state.merging(try stream.state)
    }

    func restore(_ state: JSONObject, with critics: [any CriticLearner], from folder: String) throws {
        step = try state.step(in: folder)
        if let referenceSum { try state.check("reference", is: referenceSum, "the reference (model.path)", in: folder) }
        try stream.restore(state, from: folder)
        for critic in critics { try critic.learner.restore(state, from: folder) }
        try policy.learner.restore(state, from: folder)
        actor = try policy.updated(actor, version: step)
    }
}
