import Formats
import Foundation

/// A step of joint training, being gathered.
struct PolicyReport {
    var timing: [(name: String, seconds: Double)] = []
    var rates: [JSONObject.Member] = []
    var critic: CriticUpdate?
    /// Nil while only the critic warms up.
    var actor: PolicyUpdate?
    var validation: Double?
    /// The mean divergence that was taken off the reward; nil where none was.
    var rewardDivergence: Double?
    private var summary = JudgedSummary([], [])
    private var advantages: [Double] = []
    private var explainedVariance: Double?

    mutating func take(
        _ rollouts: [Rollout], _ judged: [[JudgedPrefix]], _ advantages: [[Double]], explainedVariance: Double?
    ) {
        summary = JudgedSummary(rollouts, judged)
        self.advantages = advantages.flatMap { $0 }
        self.explainedVariance = explainedVariance ?? summary.explainedVariance
    }

    /// The share of problems whose solutions all have one outcome: group baselines learn nothing from those.
    private var equalGroups: Double {
        let groups = Dictionary(grouping: summary.rollouts, by: \.problem.id).values
        let equal = groups.count { group in group.allSatisfy { $0.outcome == group[0].outcome } }
        return Double(equal) / Double(max(groups.count, 1))
    }

    func report(
        step: Int, of total: Int, alarms: inout Alarms, hasDivergence: Bool, rollouts: [JSONValue]?
    ) -> StepReport {
        var metrics = JSONObject(
            summary.metrics + rates + (critic?.metrics ?? []) + (actor?.metrics(hasDivergence: hasDivergence) ?? []))
        if let rewardDivergence { metrics["actor/reward_kl_penalty"] = .number(rewardDivergence) }
        metrics["critic/score/equal_groups"] = .number(equalGroups)
        if let most = advantages.max(), let least = advantages.min() {
            metrics["critic/advantages/max"] = .number(most)
            metrics["critic/advantages/min"] = .number(least)
        }
        if let explainedVariance { metrics["critic/vf_explained_var"] = .number(explainedVariance) }
        if let validation { metrics["val/score/mean"] = .number(validation) }
        metrics["perf/total_tokens"] = .integer(Int64((critic?.rows ?? 0) + (actor?.rows ?? 0)))
        for (name, seconds) in timing + [("step", timing.reduce(0) { $0 + $1.seconds })] {
            metrics["timing_s/\(name)"] = .number(seconds)
        }
        return StepReport(
            metrics: metrics, line: line(step, total),
            warnings: alarms.check(
                rewards: summary.rollouts.map(\.outcome), cutOff: summary.cutOff,
                parseFailures: summary.parseFailureRate,
                explainedVariance: critic == nil ? nil : explainedVariance),
            rollouts: rollouts)
    }

    private func line(_ step: Int, _ total: Int) -> String {
        var parts = [String(format: "step %d/%d  score %.3f", step, total, summary.score)]
        if let validation { parts.append(String(format: "val score %.3f", validation)) }
        if critic != nil, let explainedVariance {
            parts.append(String(format: "explained variance %.2f", explainedVariance))
        }
        if let norm = actor?.parts.last?.update.norm { parts.append(String(format: "grad norm %.3f", norm)) }
        return parts.joined(separator: "  ")
    }
}
