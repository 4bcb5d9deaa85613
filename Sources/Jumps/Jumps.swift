/// The starter task `jumps`: a digit, and groups of operations on it modulo 10. A solution's line gives the result
/// of a whole group in one jump, so that making it is hard and checking it, one operation at a time, is easy.
/// Multipliers are invertible: after a wrong line only a second error can end right.
package struct Jumps: Sendable, Equatable {
    /// One operation on a digit, modulo 10.
    package struct Operation: Sendable, Equatable {
        /// What is done.
        package enum Sign: String, Sendable, CaseIterable {
            case plus = "+", minus = "-", times = "*"
        }

        /// What is done.
        package var sign: Sign
        /// 1...9; for `times` one of 3, 7, 9.
        package var operand: Int

        /// - Parameter operand: as ``operand``.
        package init(_ sign: Sign, _ operand: Int) {
            self.sign = sign
            self.operand = operand
        }

        /// The result for a digit, a digit.
        package func callAsFunction(_ digit: Int) -> Int {
            switch sign {
            case .plus: (digit + operand) % 10
            case .minus: (digit - operand + 10) % 10
            case .times: digit * operand % 10
            }
        }
    }

    /// The first digit.
    package var start: Int
    /// At most ``maxGroups`` groups of 1...9 operations, at most ``maxOperations`` in all.
    package var groups: [[Operation]]

    /// - Parameter start: a digit.
    package init(start: Int, groups: [[Operation]]) {
        self.start = start
        self.groups = groups
    }

    /// Each group has a letter of its own, `A` to `H`.
    package static let maxGroups = 8
    /// Each operation has a letter of its own.
    package static let maxOperations = 26

    /// The digit after each group.
    package var results: [Int] {
        var digit = start
        return groups.map { group in
            digit = group.reduce(digit) { $1($0) }
            return digit
        }
    }

    /// The digit after the last group; the start where there is none.
    package var answer: Int { results.last ?? start }

    /// What `claims` (the digits a solution's first lines give) got wrong first: its index, or nil when all are right.
    package func firstWrong(_ claims: [Int]) -> Int? {
        zip(claims, results).enumerated().first { $0.element.0 != $0.element.1 }?.offset
    }
}
