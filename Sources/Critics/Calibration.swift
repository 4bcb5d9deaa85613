import Acting
import Compute
import Foundation

/// A closed interval of plausible values.
package struct Interval: Sendable, Codable, Equatable {
    /// Not above ``high``.
    package var low: Double
    /// Not below ``low``.
    package var high: Double

    /// From `low` to `high`, both in it.
    package init(low: Double, high: Double) {
        self.low = low
        self.high = high
    }

    /// Wilson's 95 % score interval of a success probability, inside [0, 1]; [0, 1] when nothing was tried.
    package static func wilson(successes: Double, trials: Int) -> Interval {
        guard trials > 0 else { return Interval(low: 0, high: 1) }
        let (z, n) = (1.959_963_984_540_054, Double(trials))
        let rate = successes / n
        let centre = rate + z * z / (2 * n)
        let spread = z * (rate * (1 - rate) / n + z * z / (4 * n * n)).squareRoot()
        let scale = 1 + z * z / n
        return Interval(low: max(0, (centre - spread) / scale), high: min(1, (centre + spread) / scale))
    }
}

/// Errors of estimated values against measured rates.
package enum Calibration {
    /// The squared error of `value` less what the rollouts' own noise adds to it on average, p̂(1-p̂)/(M-1).
    /// An unbiased estimate of the error against the true rate for outcomes 0 and 1; it may be negative.
    /// - Throws: ``CriticsError/rolloutsTooFew(count:)`` below two rollouts.
    package static func squaredError(_ value: Double, against truth: MeasuredRate) throws -> Double {
        guard truth.rollouts > 1 else { throw CriticsError.rolloutsTooFew(count: truth.rollouts) }
        let difference = value - truth.rate
        return difference * difference - truth.rate * (1 - truth.rate) / Double(truth.rollouts - 1)
    }

    /// The mean of ``squaredError(_:against:)`` over prefixes.
    package static func meanSquaredError(_ values: [Double], against truths: [MeasuredRate]) throws -> Double {
        guard values.count == truths.count, !values.isEmpty else {
            throw CriticsError.unequalCounts(left: values.count, right: truths.count)
        }
        return try zip(values, truths).map { try squaredError($0, against: $1) }.reduce(0, +) / Double(values.count)
    }
}

/// The mean of `left - right` over pairs, with a 95 % interval: left is below right when `interval.high < 0`.
package struct PairedDifference: Sendable, Codable, Equatable {
    /// Of left less right.
    package var mean: Double
    /// 95 %.
    package var interval: Interval

    /// A percentile bootstrap over whole clusters: prefixes of one problem err together, so that drawing
    /// prefixes one by one would make the interval too narrow.
    /// - Parameters:
    ///   - cluster: each pair's cluster, such as its problem's id.
    /// - Throws: ``CriticsError/unequalCounts(left:right:)`` when the lists differ in length or are empty.
    package init(
        _ left: [Double], _ right: [Double], cluster: [Int], draws: Int = 4000, key: RandomKey
    ) throws {
        guard left.count == right.count, left.count == cluster.count, !left.isEmpty else {
            throw CriticsError.unequalCounts(left: left.count, right: min(right.count, cluster.count))
        }
        var sums: [Int: (sum: Double, count: Int)] = [:]
        for (index, id) in cluster.enumerated() {
            sums[id, default: (0, 0)].sum += left[index] - right[index]
            sums[id, default: (0, 0)].count += 1
        }
        let groups = sums.keys.sorted().compactMap { sums[$0] }
        mean = groups.reduce(0) { $0 + $1.sum } / Double(left.count)
        var means: [Double] = []
        for draw in 0..<max(draws, 1) {
            var (sum, count) = (0.0, 0)
            for place in groups.indices {
                let group = groups[key.index(below: groups.count, UInt64(draw * groups.count + place))]
                sum += group.sum
                count += group.count
            }
            means.append(sum / Double(count))
        }
        means.sort()
        interval = Interval(low: Self.quantile(means, 0.025), high: Self.quantile(means, 0.975))
    }

    /// This difference less another of other data: the half-widths of both intervals add as independent errors do.
    package func less(_ other: PairedDifference) -> PairedDifference {
        func width(_ a: Double, _ b: Double) -> Double { (a * a + b * b).squareRoot() }
        var result = self
        result.mean = mean - other.mean
        result.interval = Interval(
            low: result.mean - width(mean - interval.low, other.interval.high - other.mean),
            high: result.mean + width(interval.high - mean, other.mean - other.interval.low))
        return result
    }

    private static func quantile(_ sorted: [Double], _ probability: Double) -> Double {
        let place = probability * Double(sorted.count - 1)
        let below = Int(place)
        let above = min(below + 1, sorted.count - 1)
        return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
    }
}
