import Acting
import Critics
import Formats
import Foundation

/// A critic's step in numbers, under verl's names where it has them.
struct JudgedSummary {
    let rollouts: [Rollout]
    let prefixes: [JudgedPrefix]
    let rewards: [Double]
    private let chains: [JudgedChain]

    init(_ judged: [JudgedRollout]) {
        rollouts = judged.map(\.rollout)
        prefixes = judged.flatMap(\.prefixes)
        chains = prefixes.flatMap(\.chains)
        rewards = chains.map(\.reward)
    }

    /// The mean of the outcomes that are known; nil where none is.
    var score: Double? {
        let outcomes = rollouts.compactMap(\.known)
        return outcomes.isEmpty ? nil : mean(outcomes)
    }

    private var values: [Double] { prefixes.compactMap(\.value) }

    /// The share of solutions that the token limit cut off, masked ones too.
    var cutOff: Double { share(rollouts) { $0.isCutOff } }

    /// The share of chains that end in no score by themselves; nil for critics that write none.
    var parseFailureRate: Double? { chains.isEmpty ? nil : unparsed }

    private var unparsed: Double { share(chains) { $0.chain.status != .parsed } }

    var explainedVariance: Double? {
        let known = prefixes.filter { $0.value != nil }
        return Training.explainedVariance(values: known.compactMap(\.value), returns: known.map(\.target))
    }

    /// Mean (target - v)² over prefixes with a value, a target being what the critic learns to say; nil where none has
    /// one.
    private var squaredError: Double? {
        let errors = prefixes.compactMap { prefix in prefix.value.map { ($0 - prefix.target) * ($0 - prefix.target) } }
        return errors.isEmpty ? nil : mean(errors)
    }

    var metrics: [JSONObject.Member] {
        var list: [JSONObject.Member] = [
            ("critic/score/mean", score.map { .number($0) } ?? .null),
            ("critic/prefixes", .integer(Int64(prefixes.count { !$0.prefix.isFullResponse }))),
            ("response_length/mean", .number(mean(rollouts.map { Double($0.solution.ids.count) }))),
            ("response_length/clip_ratio", .number(cutOff)),
            ("rollout/masked", .integer(Int64(rollouts.count { $0.masked != nil }))),
        ]
        let late = rollouts.count(where: \.isTimedOut)
        if late > 0 { list.append(("rollout/timed_out", .integer(Int64(late)))) }
        let undecided = rollouts.count(where: \.isUndecided)
        if undecided > 0 { list.append(("rollout/undecided", .integer(Int64(undecided)))) }
        if let squaredError {
            list += [("critic/squared_error", .number(squaredError)), ("critic/values/mean", .number(mean(values)))]
        }
        if let explainedVariance { list.append(("critic/vf_explained_var", .number(explainedVariance))) }
        return chains.isEmpty ? list : chainMetrics + list
    }

    private var chainMetrics: [JSONObject.Member] {
        [
            ("critic/reward/mean", .number(mean(rewards))),
            ("critic/reward/min", .number(rewards.reduce(.infinity, min))),
            ("critic/reward/max", .number(rewards.reduce(-.infinity, max))),
            ("critic/advantages/nonzero", .number(share(chains) { $0.advantage != 0 })),
            ("critic/parse_failure_rate", .number(unparsed)),
            ("critic/chain_length/mean", .number(mean(chains.map { Double($0.chain.ids.count) }))),
        ]
    }

    /// For the person watching.
    var line: String {
        var parts = chains.isEmpty ? [] : [String(format: "reward %.3f", mean(rewards))]
        if let squaredError { parts.append(String(format: "squared error %.3f", squaredError)) }
        if let explainedVariance { parts.append(String(format: "explained variance %.2f", explainedVariance)) }
        if let rate = parseFailureRate, rate > 0 { parts.append("\(Int((100 * rate).rounded())) % unparsed") }
        return parts.joined(separator: "  ")
    }

    private func share<T>(_ list: [T], _ holds: (T) -> Bool) -> Double {
        list.isEmpty ? 0 : Double(list.count { holds($0) }) / Double(list.count)
    }
}
