import Acting
import Compute
import Critics
import Problems
import Testing

@Suite struct CalibrationTests {
    @Test func wilsonsIntervalHasItsTextbookValues() {
        let middle = Interval.wilson(successes: 5, trials: 10)
        #expect(abs(middle.low - 0.236593) < 1e-5 && abs(middle.high - 0.763407) < 1e-5)
        let none = Interval.wilson(successes: 0, trials: 8)
        #expect(none.low == 0 && abs(none.high - 0.324408) < 1e-5)
        #expect(Interval.wilson(successes: 8, trials: 8).high == 1)
        #expect(Interval.wilson(successes: 0, trials: 0) == Interval(low: 0, high: 1))
    }

    @Test func theCorrectedErrorIsUnbiasedOverAllOutcomesOfTheRollouts() throws {
        let (rate, value, rollouts) = (0.3, 0.55, 6)
        var expected = 0.0
        for successes in 0...rollouts {
            var chance = 1.0
            for k in 0..<successes { chance *= Double(rollouts - k) / Double(k + 1) * rate }
            for _ in successes..<rollouts { chance *= 1 - rate }
            let truth = MeasuredRate(rate: Double(successes) / Double(rollouts), rollouts: rollouts)
            expected += chance * (try Calibration.squaredError(value, against: truth))
        }
        #expect(abs(expected - (value - rate) * (value - rate)) < 1e-12)
    }

    @Test func oneRolloutCannotBeCorrected() {
        #expect(throws: CriticsError.rolloutsTooFew(count: 1)) {
            try Calibration.squaredError(0.5, against: MeasuredRate(rate: 1, rollouts: 1))
        }
    }

    @Test func thePairedIntervalSeesADifferenceThatTheSpreadWouldHide() throws {
        let key = RandomKey(seed: 1, purpose: .test)
        let noise = (0..<400).map { key.uniform(UInt64($0)) }
        let left = noise.map { $0 - 0.02 }
        let cluster = (0..<400).map { $0 / 4 }
        let difference = try PairedDifference(left, noise, cluster: cluster, key: key)
        #expect(abs(difference.mean + 0.02) < 1e-12 && difference.interval.high < 0)
        let same = try PairedDifference(noise, Array(noise.reversed()), cluster: cluster, key: key)
        #expect(same.interval.low < 0 && same.interval.high > 0)
        #expect(try PairedDifference(left, noise, cluster: cluster, key: key) == difference)
    }

    @Test func rareClustersWidenTheInterval() throws {
        let key = RandomKey(seed: 2, purpose: .test)
        let values = (0..<200).map { $0 % 20 < 10 ? 1.0 : -1.0 }
        let zero = [Double](repeating: 0, count: 200)
        let alone = try PairedDifference(values, zero, cluster: Array(0..<200), key: key)
        let together = try PairedDifference(values, zero, cluster: (0..<200).map { $0 / 10 }, key: key)
        #expect(together.interval.high > 2 * alone.interval.high)
    }

    @Test func theSuccessRateStartsMeasuredAndThenMovesByATenth() {
        var tracker = SuccessRateTracker(start: MeasuredRate(rate: 0.5, rollouts: 64))
        #expect(tracker.rate == SuccessRate(value: 0.5, source: .measured(64)))
        tracker.update(outcomes: [1, 1, 1, 1])
        #expect(abs((tracker.value ?? 0) - 0.55) < 1e-12)
        #expect(tracker.rate?.source == .ema(step: 1))
        tracker.update(outcomes: [])
        #expect(tracker.step == 1)
        var blank = SuccessRateTracker()
        #expect(blank.rate == nil)
        blank.update(outcomes: [1, 0])
        #expect(blank.value == 0.5)
    }

    @Test(arguments: [(0, 8), (1, 8), (5, 8), (8, 8), (9, 8), (40, 8), (7, 1), (7, 2), (3, 0)])
    func theEmptyPrefixIsAlwaysScoredAndTheFullResponseNever(steps: Int, maximum: Int) {
        let chosen = PrefixSelection.evenlySpaced(steps: steps, maximum: maximum)
        #expect(chosen.first == 0)
        #expect(chosen == Set(chosen).sorted())
        #expect(chosen.count == min(max(steps, 1), max(maximum, 1)))
        #expect(!chosen.contains(steps) || steps == 0)
        let gaps = zip(chosen.dropFirst(), chosen).map { $0 - $1 }
        #expect((gaps.max() ?? 0) - (gaps.min() ?? 0) <= 1)
    }

    @Test("a difference less another's: means subtract, the half-widths that face each other add in quadrature")
    func differenceOfDifferences() throws {
        let key = RandomKey(seed: 1, purpose: .test)
        var one = try PairedDifference([3, 3], [1, 1], cluster: [0, 1], key: key),
            other = try PairedDifference([1, 1], [0, 0], cluster: [0, 1], key: key)
        (one.interval, other.interval) = (Interval(low: 2 - 3, high: 2 + 1), Interval(low: 1 - 2, high: 1 + 4))
        let change = one.less(other)
        #expect(
            change.mean == 1 && change.interval.low == 1 - 5
                && abs(change.interval.high - (1 + 5.0.squareRoot())) < 1e-15)
    }
}
