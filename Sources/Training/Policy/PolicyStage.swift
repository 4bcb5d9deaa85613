import Acting
import Checkpoints
import Critics
import Formats
import Generation
import Prompts

/// Stage 3 of GenAC and its baselines: an actor solves problems, a `Credit` says what each of its tokens is pushed by,
/// the credit's critic and the actor learn from the same rollouts, and both move on together. `genac`, `ppo`, `grpo`,
/// `rloo` and `vineppo` are this stage with one credit or another.
final class PolicyStage: Stage, Estimated {
    private(set) var step = 0
    let totalSteps: Int
    let memory: MemoryEstimate

    private let recipe: Recipe
    /// First steps in which the actor stands still.
    private let warmup: Int
    private let stream: any RolloutStream
    private let actor: PolicyLearner
    private let credit: any Credit
    private let reference: Reference?
    private let validation: Validation?
    private var alarms = Alarms()

    var templates: [PromptTemplate] { stream.actors.map(\.template) + credit.templates }
    var updates: Int { actor.learner.updates + credit.updates }

    init(_ recipe: Recipe, resources: Resources) throws {
        self.recipe = recipe
        warmup = recipe.reads("trainer.critic_warmup") ? recipe.integer("trainer.critic_warmup") : 0
        try Self.check(recipe)
        let checkpoint = try resources.languageModel(recipe.text("model.path"))
        let first = try Actor(checkpoint, recipe, resources)
        stream =
            try recipe.text("data.rollouts").isEmpty
            ? RolloutSource(recipe, actors: [first]) : ReplayedRollouts(recipe, actor: first)
        totalSteps = stream.totalSteps(recipe)
        validation = try Validation(recipe)
        let plan = try PolicyPlan(recipe, checkpoint, stream, resources)
        memory = MemoryEstimate(bytes: plan.bytes, available: resources.availableMemory)
        try memory.check()
        actor = try PolicyLearner(checkpoint, recipe, totalSteps: totalSteps)
        credit = try plan.credit(totalSteps: totalSteps)
        reference = try Reference.isWanted(recipe) ? Reference(checkpoint, recipe) : nil
        stream.actors = [try actor.updated(first, version: 0)]
    }

    /// - Throws: ``TrainingError/wrongValue(key:value:expected:)`` for settings from which nothing right could be
    ///   learned.
    private static func check(_ recipe: Recipe) throws {
        func refuse(_ key: String, _ expected: String) -> TrainingError {
            .wrongValue(key: key, value: recipe.text(key), expected: expected)
        }
        if recipe.number("rollout.temperature") < Sampling.temperatures.lowerBound {
            throw refuse("rollout.temperature", "above 0: greedy solutions are all alike")
        }
        // A distribution that is cut is renormalised: its samples are not the policy's, whose log-probabilities the
        // loss takes.
        for (key, off) in [("rollout.top_k", 0.0), ("rollout.top_p", 1), ("rollout.min_p", 0)]
        where recipe.number(key) != off {
            throw refuse(key, "\(Int(off)): the loss needs samples of the whole distribution")
        }
        switch recipe.stage {
        case .genac: try GenerativeCredit.check(recipe)
        case .grpo, .rloo: try GroupCredit.check(recipe)
        case .ppo, .vineppo: break
        case .sft, .criticRL, .valueHead: preconditionFailure("\(recipe.stage.rawValue) is no joint training")
        }
    }

    func advance() throws -> StepReport {
        var clock = StopWatch(), report = PolicyReport()
        let rollouts = try stream.sample(step: step)
        report.timing.append(("gen", clock.lap()))
        let used = rollouts.filter { $0.masked == nil }
        let reference = try self.reference?.logprobs(used)
        if reference != nil { report.timing.append(("ref", clock.lap())) }
        let earning = TokenRewards(recipe)
        let rewards = used.enumerated().map {
            earning.rewards(outcome: $1.outcome, logprobs: $1.logprobs, reference: reference?[$0])
        }
        report.rewardDivergence = earning.meanDivergence(logprobs: used.map(\.logprobs), reference: reference)
        let assigned = try credit.assign(used, rewards: rewards, actor: stream.actors[0], step: step)
        report.timing.append(("values", clock.lap()))
        let advantages = credit.isWhitened ? whitened(assigned.advantages) : assigned.advantages
        report.timing.append(("adv", clock.lap()))
        report.critic = try assigned.update?()
        let learned = clock.lap()
        if assigned.update != nil { report.timing.append(("update_critic", learned)) }
        if step >= warmup, !used.isEmpty {
            report.actor = try actor.learn(from: Self.samples(used, reference, advantages), step: step)
        }
        report.timing.append(("update_actor", clock.lap()))
        report.rates = stream.rates
        stream.learn(outcomes: rollouts)
        step += 1
        stream.actors = [try actor.updated(stream.actors[0], version: step)]
        report.validation = try validated(&clock, &report)
        let judged = try AdvantageRecord.judged(rollouts, assigned.judged, advantages)
        report.take(rollouts, judged, advantages, explainedVariance: assigned.explainedVariance)
        return report.report(
            step: step, of: totalSteps, alarms: &alarms, hasDivergence: recipe.flag("actor.use_kl_loss"),
            rollouts: recipe.logsRollouts(step, of: totalSteps)
                ? try AdvantageRecord.rows(rollouts, judged, advantages, step: step) : nil)
    }

    private static func samples(_ rollouts: [Rollout], _ reference: [[Double]]?, _ advantages: [[Double]])
        -> [PolicyLearner.Sample]
    {
        rollouts.indices.map { index in
            PolicyLearner.Sample(
                rollout: rollouts[index], old: rollouts[index].logprobs, reference: reference?[index],
                advantages: advantages[index])
        }
    }

    private func validated(_ clock: inout StopWatch, _ report: inout PolicyReport) throws -> Double? {
        guard let validation, validation.isDue(step, of: totalSteps) else { return nil }
        let score = try validation.score(stream.actors[0])
        report.timing.append(("testing", clock.lap()))
        return score
    }

    // MARK: Checkpoints

    func save(to folder: String) throws -> JSONObject {
        try actor.save(to: folder).merging(credit.save(to: folder)).merging(stream.state)
    }

    func restore(_ state: JSONObject, from folder: String) throws {
        step = try state.step(in: folder)
        try stream.restore(state, from: folder)
        try credit.restore(state, from: folder)
        try actor.restore(state, from: folder)
        stream.actors = [try actor.updated(stream.actors[0], version: step)]
    }
}
