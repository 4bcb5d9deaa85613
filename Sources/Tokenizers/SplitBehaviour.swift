/// What becomes of the matches when text is cut at them: `SplitDelimiterBehavior` of `tokenizers`, by its names.
package enum SplitBehaviour: String, Sendable {
    case removed = "Removed"
    case isolated = "Isolated"
    case mergedWithPrevious = "MergedWithPrevious"
    case mergedWithNext = "MergedWithNext"
    case contiguous = "Contiguous"

    /// The pieces that stay.
    /// - Parameter pieces: everything in order, with whether it is a match.
    func apply(_ pieces: [(range: Range<Int>, isMatch: Bool)]) -> [Range<Int>] {
        switch self {
        case .isolated: return pieces.map(\.range)
        case .removed: return pieces.filter { !$0.isMatch }.map(\.range)
        case .contiguous: return Self.merged(pieces) { $0 == $1 }
        case .mergedWithPrevious: return Self.merged(pieces) { !$0 && $1 }
        case .mergedWithNext: return Self.merged(pieces.reversed()) { !$0 && $1 }.reversed()
        }
    }

    /// Joins each piece to the one before it where `joins`, told of whether each is a match, says so. Before the first
    /// there is none, which counts as no match.
    private static func merged(
        _ pieces: [(range: Range<Int>, isMatch: Bool)], joins: (_ previous: Bool, _ current: Bool) -> Bool
    ) -> [Range<Int>] {
        var result: [Range<Int>] = []
        var previous = false
        for (range, isMatch) in pieces {
            if joins(previous, isMatch), let last = result.popLast() {
                result.append(min(last.lowerBound, range.lowerBound)..<max(last.upperBound, range.upperBound))
            } else {
                result.append(range)
            }
            previous = isMatch
        }
        return result
    }
}
