import Formats
import Foundation

/// What all rollouts of a step come to.
struct RolloutSummary {
    let rollouts: Int
    let right: Int
    let graded: Int
    let meanReward: Double?
    let prefixes: Int
    let chains: Int
    let parseFailures: Int
    let meanChainReward: Double?
    let masked: (rollouts: Int, prefixes: Int, chains: Int)

    init(_ rows: [RolloutRow]) {
        let prefixes = rows.flatMap(\.prefixes), chains = prefixes.flatMap(\.chains)
        let scores = rows.compactMap(\.score)
        rollouts = rows.count
        right = scores.filter { $0 >= 1 }.count
        graded = scores.count
        meanReward = scores.mean
        self.prefixes = prefixes.count
        self.chains = chains.count
        parseFailures = chains.filter(\.isParseFailure).count
        meanChainReward = chains.compactMap { $0.json["reward"]?.asDouble }.mean
        masked = (
            rows.filter { $0.masked != nil }.count, prefixes.filter { $0.masked != nil }.count,
            chains.filter { $0.masked != nil }.count
        )
    }

    var json: JSONValue {
        .object([
            ("rollouts", .int(rollouts)), ("right", .int(right)), ("mean_reward", .number(meanReward)),
            ("prefixes", .int(prefixes)),
            ("chains", .int(chains)), ("parse_failures", .int(parseFailures)),
            ("mean_chain_reward", .number(meanChainReward)),
            (
                "masked",
                .object([
                    ("rollouts", .int(masked.rollouts)), ("prefixes", .int(masked.prefixes)),
                    ("chains", .int(masked.chains)),
                ])
            ),
        ])
    }

    var text: String {
        var parts = [Self.count(rollouts, "rollout")]
        if graded > 0 {
            parts.append("\(right) right (\(String(format: "%.0f", Double(right) / Double(graded) * 100)) %)")
        }
        if let meanReward { parts.append("mean reward \(String(format: "%.2f", meanReward))") }
        if prefixes > 0 { parts.append(Self.count(prefixes, "prefix", "prefixes")) }
        if chains > 0 {
            parts.append(
                Self.count(chains, "chain")
                    + (meanChainReward.map { " of mean reward \(String(format: "%.2f", $0))" } ?? ""))
        }
        if chains > 0 { parts.append(Self.count(parseFailures, "parse failure")) }
        let left = [
            masked.rollouts > 0 ? Self.count(masked.rollouts, "rollout") : nil,
            masked.prefixes > 0 ? Self.count(masked.prefixes, "prefix", "prefixes") : nil,
            masked.chains > 0 ? Self.count(masked.chains, "chain") : nil,
        ].compactMap { $0 }
        return parts.joined(separator: ", ") + "; left out of training: "
            + (left.isEmpty ? "nothing" : left.joined(separator: ", "))
    }

    private static func count(_ number: Int, _ one: String, _ many: String? = nil) -> String {
        "\(number) \(number == 1 ? one : many ?? one + "s")"
    }
}
