/// What grading one answer may cost, counted in steps so that it is the same on every machine: a token, a node of a
/// tree read or evaluated, a word of a long number. When it is used up, what was not finished counts as unreadable.
final class Effort {
    static let limit = 150_000

    /// What making sure of equality to many digits may cost beside that: it is not done where this is used up.
    static let limitOfDigits = 60_000

    private(set) var spent = 0
    private var spentOnDigits = 0

    /// Whether that many more steps may be taken.
    func spend(_ steps: Int = 1) -> Bool {
        spent += steps
        return spent <= Self.limit
    }

    /// The same, of computing with many digits.
    func spendOnDigits(_ steps: Int) -> Bool {
        spentOnDigits += steps
        return spentOnDigits <= Self.limitOfDigits
    }
}
