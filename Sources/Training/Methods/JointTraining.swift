import Critics
import Formats
import Prompts

/// An actor that learns from its own rollouts, with a critic or without: `iteration` is the method, all else is shared.
protocol JointTraining: Stage {
    var actor: LearningActor { get }
    /// Those that are trained beside it.
    var critics: [any CriticLearner] { get }
    var alarms: Alarms { get set }

    /// One step of the algorithm.
    func iteration(_ step: Int, _ clock: inout StopWatch) throws -> Iteration
}

/// What a step of joint training came to.
struct Iteration {
    let judged: [JudgedRollout]
    /// Nil where no critic is trained.
    var critic: CriticUpdate?
    /// Nil where the actor did not learn, as while its critic warms up.
    let actor: PolicyUpdate?
    /// 1 - Var(R - V) / Var(R) over all states, where that is more than the record holds.
    var explainedVariance: Double?
}

extension JointTraining {
    var critics: [any CriticLearner] { [] }

    package var step: Int { actor.step }
    package var totalSteps: Int { actor.totalSteps }
    package var updates: Int { critics.reduce(actor.updates) { $0 + $1.learner.updates } }
    package var templates: [PromptTemplate] { [actor.actor.template] + critics.map(\.template) }

    package func advance() throws -> StepReport {
        var clock = StopWatch()
        let iteration = try iteration(step, &clock), rates = actor.rates
        try actor.advance(past: iteration.judged.map(\.rollout))
        let validation = try actor.validated(&clock)
        let report = JointReport(
            iteration: iteration, judged: try iteration.judged.map { try $0.recorded() }, rates: rates,
            validation: validation, timing: clock.metrics)
        return StepReport(
            metrics: report.metrics(actor.settings.actor), line: report.line(step, of: totalSteps),
            warnings: report.warnings(&alarms),
            rollouts: actor.settings.rollout.isLogged(step, of: totalSteps)
                ? try report.judged.map { try $0.row(step: step) } : nil)
    }

    package func save(to folder: String) throws -> JSONObject { try actor.save(with: critics, to: folder) }

    package func restore(_ state: JSONObject, from folder: String) throws {
        try actor.restore(state, with: critics, from: folder)
    }
}
