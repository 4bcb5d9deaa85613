import Critics
import Formats
import Foundation
import Prompts

/// A critic that learns what frozen actors' prefixes are worth: `iteration` is the method, all else is shared.
protocol CriticTraining: Stage {
    associatedtype Critic: CriticLearner

    var actors: FrozenActors { get }
    var critic: Critic { get }
    var alarms: Alarms { get set }

    /// One step of the algorithm.
    func iteration(_ step: Int, _ clock: inout StopWatch) throws -> CriticIteration
}

/// What a step of a critic's training came to.
struct CriticIteration {
    let judged: [JudgedRollout]
    let update: CriticUpdate
    /// What the critic was rewarded by or regressed on: alarming where all of it is equal.
    let rewards: [Double]
}

extension CriticTraining {
    package var step: Int { actors.step }
    package var totalSteps: Int { actors.totalSteps }
    package var updates: Int { critic.learner.updates }
    package var templates: [PromptTemplate] { actors.actors.map(\.template) + [critic.template] }

    package func advance() throws -> StepReport {
        var clock = StopWatch()
        let iteration = try iteration(step, &clock)
        let summary = JudgedSummary(iteration.judged), rates = actors.rates
        actors.advance(past: summary.rollouts)
        var metrics = JSONObject(summary.metrics + rates + iteration.update.metrics)
        metrics["perf/total_tokens"] = .integer(Int64(iteration.update.rows))
        for member in clock.metrics { metrics[member.key] = member.value }
        let warnings = alarms.check(
            rewards: iteration.rewards, cutOff: summary.cutOff, parseFailures: summary.parseFailureRate,
            explainedVariance: summary.explainedVariance)
        return StepReport(
            metrics: metrics, line: line(summary, iteration.update), warnings: warnings,
            rollouts: actors.settings.rollout.isLogged(step, of: totalSteps)
                ? try iteration.judged.map { try $0.row(step: step) } : nil)
    }

    private func line(_ summary: JudgedSummary, _ update: CriticUpdate) -> String {
        let norm =
            update.parts.last.map { String(format: "  grad norm %.3f", $0.update.norm) }
            ?? "  no update: nothing to learn from"
        return "step \(step)/\(totalSteps)  \(summary.line)\(norm)"
    }

    package func save(to folder: String) throws -> JSONObject { try actors.save(with: critic, to: folder) }

    package func restore(_ state: JSONObject, from folder: String) throws {
        try actors.restore(state, with: critic, from: folder)
    }
}
