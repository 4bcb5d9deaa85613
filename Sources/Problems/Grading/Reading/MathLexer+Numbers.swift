extension MathLexer {
    /// Digits, with what groups, repeats or scales them.
    mutating func number() {
        var end = place
        var digits = digitRun(&end)
        if (1...3).contains(digits.count), digits.first != "0", !isPair(end) { digits += groups(&end) }
        if at(end) == ".", isDigit(end + 1) {
            end += 1
            digits += "." + digitRun(&end)
        }
        if let (repeated, after) = repetition(at: end) {
            let hasPoint = digits.contains(".") || at(end) == "."
            if hasPoint { return emit(.repeating(digits, repeated), after - place) }
        }
        // Python's 3./2
        if at(end) == ".", let next = at(end + 1), "/*)^".unicodeScalars.contains(next) { end += 1 }
        emit(.number(digits), end - place)
        exponent()
    }

    private static let separators = [
        ",\\! ", ",\\!", ",\\,", " {, }", "{, }", "{,}\\!", "{,}", ",", "\\,", "\\!", "\\;", "\u{2009}", "\u{202F}",
        "\u{A0}", " ", "\\ ", "~",
    ]

    private func digitRun(_ end: inout Int) -> String {
        let start = end
        while isDigit(end) { end += 1 }
        return string(start..<end)
    }

    /// Groups of three digits after a comma, a thin space or a blank.
    private mutating func groups(_ end: inout Int) -> String {
        var digits = ""
        while let separator = Self.separators.first(where: { matches($0, at: end) }) {
            let next = end + separator.unicodeScalars.count
            guard (0..<3).allSatisfy({ isDigit(next + $0) }), !isDigit(next + 3), groups(separator, before: next) else {
                break
            }
            digits += string(next..<(next + 3))
            end = next + 3
        }
        return digits
    }

    /// Whether what stands between groups joins them. No other number begins with a 0 as the group in `1,034` does.
    private mutating func groups(_ separator: String, before next: Int) -> Bool {
        switch separator {
        case "," where text[next] != "0":
            hasGroups = true
            return choices.groupsThousands
        case " ", "\\ ", "~":
            guard at(next + 3) != "/" else { return false }
            hasBlankGroups = true
            return choices.groupsAtBlanks
        default: return true
        }
    }

    /// `(10,100)`, `[5,250]`: nobody writes a number in brackets so.
    private func isPair(_ end: Int) -> Bool {
        guard at(end) == ",", at(end + 1) != "0", (1...3).allSatisfy({ isDigit(end + $0) }) else { return false }
        let isOpen = at(place - 1) == "(" || at(place - 1) == "[" || (at(place - 1) == "{" && at(place - 2) == "\\")
        return isOpen && [")", "]", "\\}", "\\right"].contains { matches($0, at: end + 4) }
    }

    /// `\overline{3}` after a point or digits behind one.
    private func repetition(at start: Int) -> (String, Int)? {
        var next = at(start) == "." ? start + 1 : start
        guard matches("\\overline", at: next) || matches("\\bar", at: next) else { return nil }
        next = skipBlanks(next + (matches("\\bar", at: next) ? 4 : 9))
        let isBraced = at(next) == "{"
        var end = isBraced ? next + 1 : next
        let digits = isBraced ? digitRun(&end) : isDigit(end) ? String(text[end]) : ""
        if !isBraced { end += 1 }
        guard !digits.isEmpty, !isBraced || at(end) == "}" else { return nil }
        return (digits, isBraced ? end + 1 : end)
    }

    /// `e-3` right behind the digits, as a product with a power of ten.
    private mutating func exponent() {
        guard at(place) == "e" || at(place) == "E" else { return }
        var next = place + 1
        let isSigned = at(next) == "-" || at(next) == "+" || at(next) == "−"
        let isNegative = isSigned && at(next) != "+"
        if isSigned { next += 1 }
        let digits = digitRun(&next)
        guard (1...6).contains(digits.count), at(next).map({ !isLetter($0) }) ?? true else { return }
        hasExponents = true
        guard choices.readsExponents, case .number(let mantissa)? = tokens.last?.kind else { return }
        tokens[tokens.count - 1].kind = .number(mantissa + "e" + (isNegative ? "-" : "") + digits)
        tokens[tokens.count - 1].range = tokens[tokens.count - 1].range.lowerBound..<next
        place = next
    }
}
