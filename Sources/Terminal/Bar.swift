import Foundation

/// A value in [0, 1] as a bar of eighths.
package enum Bar {
    private static let eighths: [Character] = [" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"]

    /// - Parameter width: in columns, all of which it fills with blanks. What is not finite is blank.
    package static func text(_ value: Double, width: Int = 10) -> String {
        guard value.isFinite else { return String(repeating: " ", count: width) }
        let parts = Int((min(max(value, 0), 1) * Double(width * 8)).rounded())
        var result = String(repeating: "█", count: parts / 8)
        if parts % 8 > 0 { result.append(eighths[parts % 8]) }
        return result + String(repeating: " ", count: width - (parts + 7) / 8)
    }

    /// One row of eight heights, scaled to the values' own range.
    package static func sparkline(_ values: [Double]) -> String {
        let heights: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
        let finite = values.filter(\.isFinite)
        guard let low = finite.min(), let high = finite.max() else { return "" }
        return String(
            values.map { value in
                guard value.isFinite else { return " " }
                let share = high > low ? (value - low) / (high - low) : 0.5
                return heights[min(7, Int(share * 8))]
            })
    }
}
