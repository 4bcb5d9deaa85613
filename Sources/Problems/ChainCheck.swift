/// What critics' chains redid, beside what an exact solver does: a sum over chains.
package struct ChainCheck: Sendable, Codable, Equatable {
    /// Operations that stand in the chain as the solver writes them: letter, sign, operand and result.
    package var rightOperations = 0
    /// Operations the exact chain has, up to where it stops.
    package var operations = 0
    /// Whether the lines before the score are exactly the solver's.
    package var isExact = false
    /// Results at the end of a wrong line that equal the actor's wrong claim: the critic copied instead of computing.
    package var copiedClaims = 0
    /// Wrong lines the chain came to redo.
    package var wrongLines = 0

    package init() {}

    /// The sum of no chains.
    package static var empty: ChainCheck {
        var check = ChainCheck()
        check.isExact = true
        return check
    }

    /// Sums; exact when both are.
    package static func + (a: ChainCheck, b: ChainCheck) -> ChainCheck {
        var sum = a
        sum.rightOperations += b.rightOperations
        sum.operations += b.operations
        sum.isExact = a.isExact && b.isExact
        sum.copiedClaims += b.copiedClaims
        sum.wrongLines += b.wrongLines
        return sum
    }
}
