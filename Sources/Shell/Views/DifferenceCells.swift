import Critics
import Foundation
import Studies
import Terminal

extension Table.Cell {
    /// A difference and its interval; blank where there is none.
    /// - Parameter lessIsBetter: of an error.
    static func difference(_ difference: PairedDifference?, lessIsBetter: Bool = true) -> [Table.Cell] {
        guard let difference else { return ["", ""] }
        let (low, high) = (difference.interval.low, difference.interval.high)
        let isBetter = lessIsBetter ? high < 0 : low > 0, isWorse = lessIsBetter ? low > 0 : high < 0
        return [
            .init(String(format: "%+.4f", difference.mean)) { isBetter ? $0.good($1) : isWorse ? $0.bad($1) : $1 },
            .init(String(format: "%+.4f..%+.4f", low, high)),
        ]
    }
}
