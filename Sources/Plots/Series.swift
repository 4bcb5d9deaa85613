/// One line of a plot: a run's metric over its steps.
package struct Series {
    /// What it is called in legends.
    package var name: String
    /// In the order in which they are joined; finite.
    package var points: [(x: Double, y: Double)]

    /// Points that are not finite are left out.
    package init(name: String, points: [(x: Double, y: Double)]) {
        self.name = name
        self.points = points.filter { $0.x.isFinite && $0.y.isFinite }
    }

    /// The running mean: each value becomes the mean of itself and the `count - 1` before it, fewer at the beginning.
    /// Each is summed afresh, so that one enormous value is forgotten when it leaves the window.
    package func smoothed(_ count: Int) -> Series {
        guard count > 1 else { return self }
        return Series(
            name: name,
            points: points.indices.map { index in
                let window = points[max(0, index - count + 1)...index]
                return (points[index].x, window.reduce(0) { $0 + $1.y } / Double(window.count))
            })
    }

    /// The same line to the eye with fewer points: of each of so many stretches the first, lowest, highest and last.
    package func thinned(_ stretches: Int) -> Series {
        guard stretches > 0, points.count > 4 * stretches else { return self }
        var kept: [(x: Double, y: Double)] = []
        for stretch in 0..<stretches {
            let range = (points.count * stretch / stretches)..<(points.count * (stretch + 1) / stretches)
            let low = range.min { points[$0].y < points[$1].y }, high = range.max { points[$0].y < points[$1].y }
            let chosen = Set([
                range.lowerBound, low ?? range.lowerBound, high ?? range.lowerBound, range.upperBound - 1,
            ])
            kept += chosen.sorted().map { points[$0] }
        }
        return Series(name: name, points: kept)
    }
}

/// What a plot's axes span.
struct Extent {
    var low: Double
    var high: Double

    /// Nil where there is no value.
    init?(_ values: some Sequence<Double>) {
        guard let low = values.min(), let high = values.max() else { return nil }
        (self.low, self.high) = (low, high)
    }

    /// A little more at both ends, so that a line does not run along the border.
    var padded: Extent {
        var wider = self
        let room = high > low ? (high - low) * 0.05 : max(abs(high) * 0.1, 1e-9)
        guard room.isFinite else { return self }
        (wider.low, wider.high) = (low - room, high + room)
        return wider
    }

    /// Where a value lies, from 0 to 1; in the middle when all are the same.
    func share(_ value: Double) -> Double {
        let share = (value - low) / (high - low)
        return share.isFinite ? min(max(share, 0), 1) : 0.5
    }
}
