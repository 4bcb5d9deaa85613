import Foundation

/// Round numbers along an axis: 1, 2 or 5 times a power of ten apart.
package struct Ticks {
    /// Ascending, within the axis.
    package let values: [Double]
    /// As many as values, with the digits that tell one from the next.
    package let labels: [String]

    /// - Parameters:
    ///   - count: about how many are wanted; at most one and a half times as many come.
    ///   - whole: steps are counted, so between 1 and 2 there is nothing.
    package init(from low: Double, to high: Double, count: Int, whole: Bool = false) {
        guard high > low, (high - low).isFinite, count > 0 else {
            values = [low]
            labels = [Chart.number(low)]
            return
        }
        let step = max(Self.round((high - low) / Double(count)), whole ? 1 : 0)
        let first = (low / step).rounded(.up), last = (high / step).rounded(.down)
        guard step > 0, last >= first, last - first < 100 else {
            values = [low, high]
            labels = values.map(Chart.number)
            return
        }
        values = (0...Int(last - first)).map { (first + Double($0)) * step }
        labels = values.map { Self.label($0, step: step) }
    }

    /// The nearest of 1, 2, 5 and 10 times a power of ten, as ratios go.
    private static func round(_ step: Double) -> Double {
        let power = pow(10, floor(log10(step)))
        switch step / power {
        case ..<1.5: return power
        case ..<3.5: return 2 * power
        case ..<7.5: return 5 * power
        default: return 10 * power
        }
    }

    /// As many digits as tell one tick from the next.
    private static func label(_ value: Double, step: Double) -> String {
        if abs(value) < step / 2 { return "0" }
        let decimals = Int(max(0, -floor(log10(step) + 1e-9)))
        if decimals <= 5, abs(value) < 1e7 { return String(format: "%.\(decimals)f", value) }
        let digits = max(1, Int(floor(log10(abs(value)) + 1e-9) - floor(log10(step) + 1e-9)) + 1)
        let text = String(format: "%.\(min(digits, 15))g", value)
        return text.replacingOccurrences(of: "e+0", with: "e").replacingOccurrences(of: "e-0", with: "e-")
            .replacingOccurrences(of: "e+", with: "e")
    }
}
