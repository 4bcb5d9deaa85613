import Formats
import Foundation

/// A step of joint training in numbers, under verl's names.
struct JointReport {
    let iteration: Iteration
    /// The step's rollouts with their record.
    let judged: [JudgedRollout]
    let rates: [JSONObject.Member]
    let validation: Double?
    let timing: [JSONObject.Member]
    private let summary: JudgedSummary
    private let explainedVariance: Double?

    init(
        iteration: Iteration, judged: [JudgedRollout], rates: [JSONObject.Member], validation: Double?,
        timing: [JSONObject.Member]
    ) {
        (self.iteration, self.judged, self.rates) = (iteration, judged, rates)
        (self.validation, self.timing) = (validation, timing)
        summary = JudgedSummary(judged)
        explainedVariance = iteration.explainedVariance ?? summary.explainedVariance
    }

    func metrics(_ settings: ActorSettings) -> JSONObject {
        let (critic, actor) = (iteration.critic, iteration.actor)
        var metrics = JSONObject(
            summary.metrics + rates + (critic?.metrics ?? [])
                + (actor?.metrics(hasDivergence: settings.objective.divergence != nil) ?? []))
        if let divergence = rewardDivergence(settings) { metrics["actor/reward_kl_penalty"] = .number(divergence) }
        metrics["critic/score/equal_groups"] = .number(equalGroups)
        let advantages = judged.flatMap { $0.advantages ?? [] }
        if let most = advantages.max(), let least = advantages.min() {
            metrics["critic/advantages/max"] = .number(most)
            metrics["critic/advantages/min"] = .number(least)
        }
        if let explainedVariance { metrics["critic/vf_explained_var"] = .number(explainedVariance) }
        if let validation { metrics["val/score/mean"] = .number(validation) }
        metrics["perf/total_tokens"] = .integer(Int64((critic?.rows ?? 0) + (actor?.rows ?? 0)))
        for member in timing { metrics[member.key] = member.value }
        return metrics
    }

    /// The mean divergence that was taken off the reward; nil where none was.
    private func rewardDivergence(_ settings: ActorSettings) -> Double? {
        let paid = judged.map(\.rollout).filter { $0.reference != nil }
        return settings.rewards.meanDivergence(
            logprobs: paid.map(\.logprobs), reference: paid.compactMap(\.reference))
    }

    /// The share of problems whose solutions all have one outcome: group baselines learn nothing from those.
    private var equalGroups: Double {
        let groups = Dictionary(grouping: summary.rollouts, by: \.problem.id).values
        let equal = groups.count { group in group.allSatisfy { $0.known == group[0].known } }
        return Double(equal) / Double(max(groups.count, 1))
    }

    func warnings(_ alarms: inout Alarms) -> [String] {
        alarms.check(
            rewards: summary.rollouts.compactMap(\.known), cutOff: summary.cutOff,
            parseFailures: summary.parseFailureRate,
            explainedVariance: iteration.critic == nil ? nil : explainedVariance)
    }

    func line(_ step: Int, of total: Int) -> String {
        let score = summary.score.map { String(format: "%.3f", $0) } ?? "unknown"
        var parts = ["step \(step)/\(total)  score \(score)"]
        let late = summary.rollouts.count(where: \.isTimedOut)
        if late > 0 { parts.append("\(late) not graded in time") }
        let undecided = summary.rollouts.count(where: \.isUndecided)
        if undecided > 0 { parts.append("\(undecided) undecided") }
        if let validation { parts.append(String(format: "val score %.3f", validation)) }
        if iteration.critic != nil, let explainedVariance {
            parts.append(String(format: "explained variance %.2f", explainedVariance))
        }
        if let norm = iteration.actor?.parts.last?.update.norm {
            parts.append(String(format: "grad norm %.3f", norm))
        }
        return parts.joined(separator: "  ")
    }
}
