/// How values go with truths, whatever their scale.
package enum Agreement {
    /// Pearson's correlation; 0 where one of them does not vary.
    package static func pearson(_ a: [Double], _ b: [Double]) -> Double {
        let (x, y) = (a.mean, b.mean)
        let (both, one, other) = zip(a, b).reduce((0.0, 0.0, 0.0)) { sum, pair in
            let (p, q) = (pair.0 - x, pair.1 - y)
            return (sum.0 + p * q, sum.1 + p * p, sum.2 + q * q)
        }
        return one > 0 && other > 0 ? both / (one * other).squareRoot() : 0
    }

    /// Spearman's: Pearson's of the ranks, equal numbers sharing theirs.
    package static func spearman(_ a: [Double], _ b: [Double]) -> Double { pearson(ranks(a), ranks(b)) }

    /// The chance that one that is right has the higher value than one that is not, a tie counting half; nil without
    /// both.
    package static func areaUnderCurve(_ values: [Double], isRight: [Bool]) -> Double? {
        let right = isRight.count { $0 }, wrong = isRight.count - right
        guard right > 0, wrong > 0 else { return nil }
        let sum = zip(ranks(values), isRight).reduce(0) { $0 + ($1.1 ? $1.0 : 0) }
        return (sum - Double(right * (right + 1)) / 2) / Double(right * wrong)
    }

    /// From 1 for the lowest.
    private static func ranks(_ values: [Double]) -> [Double] {
        let order = values.indices.sorted { values[$0] < values[$1] }
        var ranks = values, place = 0
        while place < order.count {
            let last = order[place...].prefix { values[$0] == values[order[place]] }.count + place
            for member in order[place..<last] { ranks[member] = Double(place + 1 + last) / 2 }
            place = last
        }
        return ranks
    }
}
