import Compute
import Foundation
import Testing
import Training

/// Losses against verl's numbers (Fixtures/golden/rl-core.json) and against what has gone wrong elsewhere
/// (points of the list of known mistakes, by number).
@Suite struct LossTests {
    @Test(arguments: LossAggregation.allCases) func aggregationsEqualVerl(_ mode: LossAggregation) throws {
        let losses = try GoldenCore.unmasked(try GoldenCore.input("vpred"))
        let weights = mode.weights(lengths: losses.map(\.count), horizon: 6, over: .alone)
        let total = zip(losses, weights).reduce(0) { $0 + $1.0.reduce(0, +) * $1.1 }
        #expect(abs(total - (try GoldenCore.verl("agg_\(mode.rawValue)", as: Double.self))) < 1e-5)
    }

    @Test(arguments: LossAggregation.allCases) func clippedValueLossEqualsVerl(_ mode: LossAggregation) throws {
        let rows = try GoldenCore.unmasked(try GoldenCore.input("vpred"))
        let old = try GoldenCore.unmasked(try GoldenCore.input("values"))
        let returns = try GoldenCore.unmasked(try GoldenCore.verl("gae_g1.0_l0.95", "returns"))
        let expected = try GoldenCore.verl("value_\(mode.rawValue)", as: [Double].self)
        let loss = ValueLoss(
            predictions: rows.flatMap { $0 }, old: old.flatMap { $0 }, returns: returns.flatMap { $0 }, clip: 0.2)
        let weights = zip(rows, mode.weights(lengths: rows.map(\.count), horizon: 6, over: .alone)).flatMap {
            row, weight in
            row.map { _ in weight }
        }
        #expect(abs(zip(loss.losses, weights).reduce(0) { $0 + $1.0 * $1.1 } - expected[0]) < 1e-5)
        #expect(abs(loss.clippedShare - expected[1]) < 1e-5)
    }

    @Test func leaveOneOutEqualsVerlsRLOO() throws {
        // Verl's groups there: rows 0 and 1, rows 2 and 3, scores 1, 0, 0, 1.
        let expected: [[Double]] = try GoldenCore.verl("rloo")
        let ours =
            Reinforce.advantages([1, 0], baseline: .leaveOneOut) + Reinforce.advantages([0, 1], baseline: .leaveOneOut)
        for (row, advantage) in zip(try GoldenCore.unmasked(expected), ours) {
            #expect(row.allSatisfy { abs($0 - advantage) < 1e-5 })
        }
    }

    @Test func logprobsAndEntropyEqualVerl() throws {
        let logits = try GoldenCore.inputCube("logits"), labels = try GoldenCore.input("labels")
        let logprobs: [[Double]] = try GoldenCore.verl("logprobs"),
            entropies: [[Double]] = try GoldenCore.verl("entropy_from_logits")
        for (i, row) in logits.enumerated() {
            for (j, one) in row.enumerated() {
                let buffer = try FloatBuffer(one.map(Float.init))
                withExtendedLifetime(buffer) {
                    let view = LogitRow(buffer, row: 0, count: one.count)
                    let sum = view.logSum()
                    #expect(abs(Double(sum.logprob(of: view[Int(labels[i][j])])) - logprobs[i][j]) < 1e-5)
                    #expect(abs(Double(view.entropy(sum)) - entropies[i][j]) < 1e-5)
                }
            }
        }
    }

    @Test("point 13: the weights do not depend on how a step is cut into passes")
    func aggregationIsOverTheWholeStep() {
        let lengths = [3, 1, 6]
        for mode in LossAggregation.allCases {
            let whole = mode.weights(lengths: lengths, horizon: 8, over: .alone)
            // Means of micro-batch means would weigh the three differently.
            let cut = lengths.flatMap { mode.weights(lengths: [$0], horizon: 8, over: .alone) }
            #expect(whole != cut)
        }
        #expect(LossAggregation.tokenMean.weights(lengths: lengths, horizon: 8, over: .alone) == [0.1, 0.1, 0.1])
    }

    @Test("point 14: length bias of each mode, and a divisor that is a constant")
    func lengthBias() {
        func weights(_ mode: LossAggregation) -> [Double] {
            mode.weights(lengths: [10, 1000], horizon: 1024, over: .alone)
        }
        #expect(weights(.sequenceMeanOfMeans) == [0.05, 0.0005])
        #expect(weights(.tokenMean).allSatisfy { abs($0 - 1 / 1010) < 1e-12 })
        #expect(weights(.sequenceMeanOfSumsOverHorizon).allSatisfy { abs($0 - 1 / 2048) < 1e-12 })
        #expect(LossAggregation.sequenceMeanOfMeans.weights(lengths: [4, 0], horizon: 4, over: .alone) == [0.25, 0])
    }

    @Test("point 18: no gradient where the clipped branch is the larger and the prediction lies outside")
    func valueClipping() {
        // v 0.9 is farther than 0.2 from the old 0.5: for R = 1 the clipped (0.7) loss is the larger, for R = 0 v's own
        // is.
        let loss = ValueLoss(predictions: [0.9, 0.9, 0.6], old: [0.5, 0.5, 0.5], returns: [1, 0, 1], clip: 0.2)
        #expect(loss.slopes == [0, 0.9, 0.6 - 1])
        #expect(abs(loss.losses[0] - 0.045) < 1e-12 && abs(loss.losses[1] - 0.405) < 1e-12)
        let plain = ValueLoss(predictions: [0.9], old: [0.5], returns: [1], clip: 0)
        #expect(abs(plain.losses[0] - 0.005) < 1e-12 && plain.slopes == [0.9 - 1] && plain.clippedShare == 0)
    }

    @Test("point 20: explained variance is taken over the whole step")
    func explainedVarianceIsGlobal() throws {
        let values = [0.1, 0.2, 0.8, 0.9], returns = [0.0, 0.1, 0.9, 1.0]
        let whole = try required(explainedVariance(values: values, returns: returns))
        #expect(abs(whole - (1 - 0.01 / 0.205)) < 1e-9)
        // Homogeneous micro-batches, averaged, would say something else.
        let parts = [0..<2, 2..<4].compactMap {
            explainedVariance(values: Array(values[$0]), returns: Array(returns[$0]))
        }
        #expect(abs(parts.reduce(0, +) / 2 - whole) > 0.01)
        #expect(explainedVariance(values: [0.5, 0.6], returns: [1, 1]) == nil)
    }

    @Test("point 22: all-equal rewards of 0.1, 0.3, 0.7 give exactly 0", arguments: [0.1, 0.3, 0.7])
    func equalRewardsGiveExactlyZero(_ reward: Double) {
        for count in 2...9 {
            #expect(
                Reinforce.advantages([Double](repeating: reward, count: count), baseline: .leaveOneOut).allSatisfy {
                    $0 == 0
                })
        }
    }

    @Test("point 24: the baseline leaves a chain's own reward out; a chain that was not parsed earns 0")
    func leaveOneOut() {
        let rewards = [0.96, 0.84, 0]
        let advantages = Reinforce.advantages(rewards, baseline: .leaveOneOut)
        for (ours, expected) in zip(advantages, [0.96 - 0.42, 0.84 - 0.48, 0 - 0.9]) {
            #expect(abs(ours - expected) < 1e-12)
        }
        #expect(Reinforce.advantages(rewards, baseline: .none) == rewards)
        #expect(Reinforce.reward(outcome: 0, value: nil) == 0 && Reinforce.reward(outcome: 1, value: nil) == 0)
        #expect(
            abs(Reinforce.reward(outcome: 1, value: 0.8) - 0.96) < 1e-12
                && abs(Reinforce.reward(outcome: 0, value: 0.8) - 0.36) < 1e-12)
    }

    @Test func theRewardIsLargestAtTheSuccessRateAndTheGridCostsLittle() {
        for rate in stride(from: 0.0, through: 1, by: 0.01) {
            func expected(_ v: Double) -> Double {
                rate * Reinforce.reward(outcome: 1, value: v) + (1 - rate) * Reinforce.reward(outcome: 0, value: v)
            }
            let best = (0...1000).map { Double($0) / 1000 }.max { expected($0) < expected($1) } ?? -1
            #expect(abs(best - rate) < 1e-9)
            let grid = (0...10).map { Double($0) / 10 }.map { expected(rate) - expected($0) }.min() ?? 1
            #expect(grid <= 0.0025 + 1e-12)
        }
    }

    @Test("point 35: what learns nothing is said") func alarms() {
        var alarms = Alarms()
        func say(_ rewards: [Double], cut: Double = 0, parse: Double? = 0, variance: Double? = 0.5) -> [String] {
            alarms.check(rewards: rewards, cutOff: cut, parseFailures: parse, explainedVariance: variance)
        }
        #expect(say([0.5, 0.6]).isEmpty)
        #expect(say([0.5, 0.5]).isEmpty && say([1, 1]).isEmpty)
        #expect(say([0.5, 0.5]).first?.contains("all rewards are equal") == true)
        #expect(say([0.5, 0.5]).isEmpty, "told once")
        #expect(say([0.5, 0.6], cut: 1).first?.contains("cut off") == true)
        #expect(say([0.5, 0.6], parse: 0.21).first?.contains("21 %") == true)
        #expect(say([0.5, 0.6], parse: 0.2).isEmpty)
        for _ in 0..<4 { #expect(say([0.5, 0.6], variance: -0.1).isEmpty) }
        #expect(say([0.5, 0.6], variance: -0.1).first?.contains("explain less") == true)
    }
}
