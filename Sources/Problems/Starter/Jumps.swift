/// The starter task `jumps`: a digit, and groups of operations on it modulo 10. A solution's line gives the result
/// of a whole group in one jump, so that making it is hard and checking it, one operation at a time, is easy.
/// Multipliers are invertible: after a wrong line only a second error can end right.
public struct Jumps: Sendable, Equatable {
    public struct Operation: Sendable, Equatable {
        public enum Sign: String, Sendable, CaseIterable {
            case plus = "+", minus = "-", times = "*"
        }

        public var sign: Sign
        /// 1...9; for `times` one of 3, 7, 9.
        public var operand: Int

        public init(_ sign: Sign, _ operand: Int) {
            self.sign = sign
            self.operand = operand
        }

        /// The result for a digit, a digit.
        public func callAsFunction(_ digit: Int) -> Int {
            switch sign {
            case .plus: (digit + operand) % 10
            case .minus: (digit - operand + 10) % 10
            case .times: digit * operand % 10
            }
        }
    }

    /// The first digit.
    public var start: Int
    /// At most ``maxGroups`` groups of 1...9 operations, at most ``maxOperations`` in all.
    public var groups: [[Operation]]

    public init(start: Int, groups: [[Operation]]) {
        self.start = start
        self.groups = groups
    }

    public static let maxGroups = 8
    /// Each operation has a letter of its own.
    public static let maxOperations = 26

    /// The digit after each group.
    public var results: [Int] {
        var digit = start
        return groups.map { group in
            digit = group.reduce(digit) { $1($0) }
            return digit
        }
    }

    /// The digit after the last group; the start where there is none.
    public var answer: Int { results.last ?? start }

    /// What `claims` (the digits a solution's first lines give) got wrong first: its index, or nil when all are right.
    public func firstWrong(_ claims: [Int]) -> Int? {
        zip(claims, results).enumerated().first { $0.element.0 != $0.element.1 }?.offset
    }
}
