import Foundation
import Testing
import Training

/// PPO's loss and the divergences, against verl's numbers (Fixtures/golden/rl-core.json).
@Suite struct PolicyLossTests {
    @Test(
        "points 14, 21: loss, clipped shares and ppo_kl equal verl's", arguments: LossAggregation.allCases,
        [("dualclip", 0.2, 3.0), ("cliphigher_nodual", 0.28, 1e9)])
    func lossEqualsVerl(_ mode: LossAggregation, _ kind: (name: String, high: Double, dual: Double)) throws {
        func rows(_ name: String) throws -> [[Double]] { try GoldenCore.unmasked(GoldenCore.input(name)) }
        let new = try rows("new_logp")
        let loss = PolicyLoss(low: 0.2, high: kind.high, dual: kind.dual)
        let tokens = try zip(new.joined(), zip(rows("old_logp").joined(), rows("adv").joined())).map {
            loss.token(logprob: $0, old: $1.0, advantage: $1.1)
        }
        let weights = zip(new, mode.weights(lengths: new.map(\.count), horizon: 6, over: .alone)).flatMap {
            row, weight in
            row.map { _ in weight }
        }
        let expected = try GoldenCore.verl("policy_\(kind.name)_\(mode.rawValue)", as: [Double].self)
        func mean(_ value: (PolicyLoss.Token) -> Double) -> Double {
            tokens.reduce(0) { $0 + value($1) } / Double(tokens.count)
        }
        let ours = [
            zip(tokens, weights).reduce(0) { $0 + $1.0.loss * $1.1 }, mean { $0.isClipped ? 1 : 0 }, mean(\.divergence),
            mean { $0.isDual ? 1 : 0 },
        ]
        for (a, b) in zip(ours, expected) { #expect(abs(a - b) < 1e-5, "\(ours) \(expected)") }
    }

    @Test(
        """
        point 21: a bad token far above ratio 1 is held by the dual clip, a good one by the high clip; neither is \
        pushed
        """
    )
    func clipsHold() {
        let loss = PolicyLoss(low: 0.2, high: 0.3, dual: 3)
        let tokens = zip([4, 1.4, 0.5, 1.1], [-1.0, 1, -1, 1]).map {
            loss.token(logprob: log($0), old: 0, advantage: $1)
        }
        for (a, b) in zip(tokens.map(\.loss), [3, -1.3, 0.8, -1.1]) { #expect(abs(a - b) < 1e-12) }
        for (a, b) in zip(tokens.map(\.slope), [0, 0, 0, -1.1]) { #expect(abs(a - b) < 1e-12) }
        #expect(
            tokens.map(\.isClipped) == [false, true, true, false]
                && tokens.map(\.isDual) == [true, false, false, false])
    }

    @Test(
        "point 15: estimates and gradients equal verl's",
        arguments: [
            (Divergence.k1, "k1"), (.absolute, "abs"), (.k2, "k2"), (.k3, "k3"),
        ])
    func divergencesEqualVerl(_ kind: Divergence, _ name: String) throws {
        let logprobs = try GoldenCore.unmasked(GoldenCore.input("new_logp")).flatMap { $0 }
        let references = try GoldenCore.unmasked(GoldenCore.input("ref_logp")).flatMap { $0 }
        let ours = zip(logprobs, references).map { kind.estimate(logprob: $0, reference: $1) }
        let values: [[Double]] = try GoldenCore.unmasked(GoldenCore.verl("kl_\(name)"))
        for (a, b) in zip(ours, values.flatMap { $0 }) { #expect(abs(a.value - b) < 1e-5) }
        guard kind != .absolute else { return }
        let slopes: [[Double]] = try GoldenCore.unmasked(GoldenCore.verl("kl_grad_\(name)"))
        for (a, b) in zip(ours, slopes.flatMap { $0 }) { #expect(abs(a.slope - b) < 1e-5) }
    }

    @Test("points 15, 28: k3 is clamped as in verl, and the divergence from oneself is exactly 0")
    func clampsAndZero() {
        let far = Divergence.k3.estimate(logprob: -30, reference: 0)
        #expect(far.value == 10 && far.slope == 0)
        for kind in Divergence.allCases { #expect(kind.estimate(logprob: -1.7, reference: -1.7).value == 0) }
        #expect(Divergence.k3.estimate(logprob: -1.7, reference: -1.7).slope == 0)
    }

    @Test("point 21: a log-ratio beyond 20 counts as 20 and pushes nothing, whatever the advantage")
    func farRatios() {
        let far = PolicyLoss().token(logprob: -30, old: 0, advantage: 1)
        #expect(abs(far.loss + exp(-20)) < 1e-15 && far.slope == 0 && far.divergence == 20)
        let none = PolicyLoss().token(logprob: 0, old: -1000, advantage: 0)
        #expect(none.loss == 0 && none.slope == 0)
    }
}
