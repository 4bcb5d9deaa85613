import Foundation
import Testing
import Training

/// What tokens are credited with, against verl's numbers (Fixtures/golden/rl-core.json) and hand-made trajectories.
@Suite struct CreditTests {
    private func far(_ a: [[Double]], _ b: [[Double]]) -> Double {
        guard a.map(\.count) == b.map(\.count) else { return .infinity }
        return zip(a, b).flatMap { zip($0, $1).map { abs($0 - $1) } }.max() ?? .infinity
    }

    @Test(
        "points 7, 10, 12: advantages, returns and whitening equal verl's",
        arguments: [("1.0", "1.0"), ("1.0", "0.95"), ("0.99", "0.9"), ("1.0", "0.0")])
    func advantagesEqualVerl(_ gamma: String, _ lambda: String) throws {
        let values = try GoldenCore.unmasked(GoldenCore.input("values")),
            rewards = try GoldenCore.unmasked(GoldenCore.input("token_level_rewards"))
        let group = "gae_g\(gamma)_l\(lambda)"
        let advantages = try zip(rewards, values).map {
            GeneralisedAdvantage.advantages(
                rewards: $0, values: $1, gamma: try required(Double(gamma)), lambda: try required(Double(lambda)))
        }
        let returns = zip(advantages, values).map { zip($0, $1).map(+) }
        #expect(try far(advantages, GoldenCore.unmasked(GoldenCore.verl(group, "adv_raw"))) < 1e-5)
        #expect(try far(returns, GoldenCore.unmasked(GoldenCore.verl(group, "returns"))) < 1e-5)
        #expect(
            try far(whitened(advantages, over: .alone), GoldenCore.unmasked(GoldenCore.verl(group, "adv_whitened")))
                < 1e-5)
    }

    @Test func whiteningEqualsVerl() throws {
        let values = try GoldenCore.unmasked(GoldenCore.input("values"))
        let ours = whitened(values, over: .alone)
        #expect(try far(ours, GoldenCore.unmasked(GoldenCore.verl("masked_whiten"))) < 1e-5)
        #expect(whitened([[0.7]], over: .alone) == [[0]], "one token has no variance")
    }

    @Test(
        """
        point 11: with lambda and gamma 1 the returns are the score at every token, and with V = 0 so are the \
        advantages
        """
    )
    func returnsComeBeforeWhitening() {
        let rewards = [0, 0, 0, 1.0], values = [0.3, 0.9, -0.2, 0.4]
        let advantages = GeneralisedAdvantage.advantages(rewards: rewards, values: values, gamma: 1, lambda: 1)
        for (advantage, value) in zip(advantages, values) { #expect(abs(advantage + value - 1) < 1e-12) }
        #expect(
            GeneralisedAdvantage.advantages(rewards: rewards, values: [0, 0, 0, 0], gamma: 1, lambda: 1) == [
                1, 1, 1, 1,
            ])
    }

    @Test(
        "point 25: lambda counts steps",
        arguments: [
            (0.0, [0.3, 0.2, 0.1]), (0.5, [0.425, 0.25, 0.1]), (0.95, [0.58025, 0.295, 0.1]), (1.0, [0.6, 0.3, 0.1]),
        ])
    func stepsAreTheStates(_ lambda: Double, _ expected: [Double]) {
        let ours = GeneralisedAdvantage.advantages(
            rewards: [0, 0, 1], values: [0.4, 0.7, 0.9], gamma: 1, lambda: lambda)
        for (a, b) in zip(ours, expected) { #expect(abs(a - b) < 1e-12) }
    }

    @Test("point 26: VinePPO's differences are lambda 0, and telescope to the outcome less the first value")
    func differencesTelescope() {
        let values = [0.0, 1, 1, 0, 1]
        let steps = GeneralisedAdvantage.advantages(rewards: [0, 0, 0, 0, 1], values: values, gamma: 1, lambda: 0)
        #expect(steps == [1, 0, -1, 1, 0])
        #expect(steps.reduce(0, +) == 1 - values[0])
    }

    @Test func groupsEqualVerl() throws {
        let scores = [1.0, 0, 0, 1]
        func rows(_ baseline: GroupBaseline, groups: [Range<Int>]) -> [Double] {
            groups.flatMap { baseline.advantages(Array(scores[$0])) }
        }
        for (name, baseline, groups) in [
            ("grpo", GroupBaseline.mean(scaled: true), [0..<2, 2..<4]),
            ("dr_grpo_adv", .mean(scaled: false), [0..<2, 2..<4]),
            ("rloo", .others, [0..<2, 2..<4]), ("grpo_singletons", .mean(scaled: true), [0..<1, 1..<2, 2..<3, 3..<4]),
        ] {
            let expected: [[Double]] = try GoldenCore.unmasked(GoldenCore.verl(name))
            for (row, advantage) in zip(expected, rows(baseline, groups: groups)) {
                #expect(row.allSatisfy { abs($0 - advantage) < 1e-5 }, "\(name): \(row) \(advantage)")
            }
        }
    }

    @Test("point 22: all-equal scores give exactly 0", arguments: [0.1, 0.3, 0.7])
    func equalScoresGiveExactlyZero(_ score: Double) {
        for baseline in [GroupBaseline.mean(scaled: true), .mean(scaled: false), .others] {
            for count in 2...9 {
                #expect(baseline.advantages([Double](repeating: score, count: count)).allSatisfy { $0 == 0 })
            }
        }
    }
}
