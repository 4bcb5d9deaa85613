/// Days written in digits, which are no subtraction and no fraction: `2024-01-02`, `1/2/2024`, `13-2-2024`.
enum Dates {
    /// Year, month and day of what is written without blanks; nil where the tokens are no date. With the year last the
    /// month comes first, unless it cannot be one.
    static func date(_ tokens: [MathToken]) -> Expression? {
        guard tokens.count == 5, tokens[1].kind == tokens[3].kind, ["-", "/"].contains(where: tokens[1].isSign),
            !tokens.dropFirst().contains(where: \.isAfterBlank)
        else { return nil }
        let digits = [tokens[0], tokens[2], tokens[4]].compactMap(\.digits)
        let parts = digits.compactMap { Int($0) }
        guard digits.count == 3, parts.count == 3 else { return nil }
        if digits[0].count == 4 {
            let isExact = tokens[1].isSign("/") || (digits[1].count == 2 && digits[2].count == 2)
            return isExact ? day(parts[0], parts[1], parts[2]) : nil
        }
        guard digits[2].count == 4, digits[0].count <= 2, digits[1].count <= 2 else { return nil }
        return day(parts[2], parts[0], parts[1]) ?? day(parts[2], parts[1], parts[0])
    }

    private static func day(_ year: Int, _ month: Int, _ day: Int) -> Expression? {
        guard (1000...2999).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
        return .function("date", [year, month, day].map { .number(Rational($0)) })
    }
}

extension MathToken {
    /// Of a whole number, as it is written.
    fileprivate var digits: String? {
        if case .number(let digits) = kind, digits.allSatisfy(\.isNumber) { digits } else { nil }
    }
}
