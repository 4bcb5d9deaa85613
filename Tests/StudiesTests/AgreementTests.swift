import Studies
import Testing

/// Correlations and areas by hand.
@Suite struct AgreementTests {
    @Test func pearson() {
        #expect(abs(Agreement.pearson([1, 2, 3], [2, 4, 6]) - 1) < 1e-15)
        // Deviations -1, 0, 1 and -1, 2, -1: their product sums to 0.
        #expect(abs(Agreement.pearson([1, 2, 3], [0, 3, 0])) < 1e-15)
        #expect(Agreement.pearson([1, 1], [0, 5]) == 0)
    }

    @Test("ranks, ties shared: 1 2.5 2.5 4 beside 1 2 3 4")
    func spearman() {
        #expect(abs(Agreement.spearman([0, 5, 5, 90], [1, 2, 3, 4]) - 4.5 / (4.5 * 5).squareRoot()) < 1e-15)
    }

    @Test("right above wrong counts one, a tie half")
    func area() {
        #expect(Agreement.areaUnderCurve([0.9, 0.5, 0.5, 0.1], isRight: [true, true, false, false]) == 3.5 / 4)
        #expect(Agreement.areaUnderCurve([0.1, 0.9], isRight: [true, false]) == 0)
        #expect(Agreement.areaUnderCurve([0.1, 0.9], isRight: [true, true]) == nil)
    }
}
