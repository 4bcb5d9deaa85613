import Studies
import Testing

/// Choices among next steps, by hand.
@Suite struct RankedStateTests {
    /// Three steps of worth 0.5, 0 and 0.5, drawn in the order 0, 1, 0, 2; two estimators, the second of two runs.
    private let state = RankedState(
        problem: 7, draws: [0, 1, 0, 2], truths: [0.5, 0, 0.5],
        values: [[[0.9, 0.1, 0.2]], [[0.3, 0.3, 0.3], [0.1, 0.8, 0.1]]])

    @Test("a pool is the first draws, duplicates once; a blind choice hits as often as there are best ones")
    func blindChoices() {
        #expect(state.blind(pool: 2).hit == 0.5 && state.blind(pool: 2).worth == 0.25)
        #expect(state.blind(pool: 3).hit == 0.5, "the third draw is the first step again")
        #expect(abs(state.blind(pool: 4).hit - 2.0 / 3) < 1e-15)
    }

    @Test("a pool whose steps are worth the same asks nothing")
    func poolsThatAsk() {
        #expect(!state.asks(pool: 1) && state.asks(pool: 2))
        let equal = RankedState(problem: 1, draws: [0, 1], truths: [0.25, 0.25], values: [])
        #expect(!equal.asks(pool: 2))
    }

    @Test("the highest value is chosen, ties are shared, runs are averaged")
    func choices() {
        #expect(state.mean(of: 0, \.hit, pool: 4) == 1 && state.mean(of: 0, \.worth, pool: 4) == 0.5)
        // One run cannot tell the three apart, the other chooses the worst.
        #expect(abs(state.mean(of: 1, \.hit, pool: 4) - (2.0 / 3) / 2) < 1e-15)
        #expect(abs(state.mean(of: 1, \.hit, pool: 2) - 0.5 / 2) < 1e-15)
    }

    @Test("pairs of unequal worth: in order 1, tied 0.5, turned round 0")
    func pairs() {
        #expect(state.pairs(of: 0) == 1)
        #expect(state.pairs(of: 1) == (0.5 + 0) / 2)
        #expect(RankedState(problem: 1, draws: [0, 1], truths: [1, 1], values: [[[0, 1]]]).pairs(of: 0) == nil)
    }
}
