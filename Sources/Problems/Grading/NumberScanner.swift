/// Reads numbers in normalised text: integers, decimals, thousands separators, fractions, mixed numbers, percents,
/// powers of ten. Each byte is looked at a bounded number of times.
struct NumberScanner {
    let text: [UInt8]

    struct Found: Equatable {
        var value: ExactNumber
        var isPercent: Bool
        var range: Range<Int>
    }

    /// The number expression that begins at `start`, sign and all; nil when none does.
    func number(at start: Int) -> Found? {
        var place = start
        var isNegative = false
        if byte(place) == UInt8(ascii: "-") || byte(place) == UInt8(ascii: "+") {
            isNegative = byte(place) == UInt8(ascii: "-")
            place = skipBlanks(place + 1)
        }
        guard var (value, end) = unsigned(at: place) else { return nil }
        if isNegative { value = value.negated }
        let afterBlanks = skipBlanks(end)
        let isPercent = byte(afterBlanks) == UInt8(ascii: "%")
        if isPercent { end = afterBlanks + 1 }
        return Found(value: value, isPercent: isPercent, range: start..<end)
    }

    /// Every number of the text, from left to right. A dash after a digit, letter or bracket is no sign.
    func all() -> [Found] {
        var found: [Found] = []
        var place = 0
        while place < text.count {
            let byte = text[place]
            let isSign = byte == UInt8(ascii: "-") && !isOperand(place - 1)
            let canBegin = isDigit(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "\\") || isSign
            if canBegin, let number = number(at: place) {
                found.append(number)
                place = number.range.upperBound
            } else {
                place += 1
            }
        }
        return found
    }

    private func unsigned(at start: Int) -> (ExactNumber, Int)? {
        if let fraction = latexFraction(at: start) { return fraction }
        guard let (first, end) = decimal(at: start) else { return nil }
        if let fraction = latexFraction(at: skipBlanks(end)), let sum = first + fraction.0 { return (sum, fraction.1) }
        if let (bottom, bottomEnd) = divisor(at: end), let quotient = first / bottom { return (quotient, bottomEnd) }
        if byte(end) == 0x20, let (top, topEnd) = decimal(at: skipBlanks(end)),
            let (bottom, bottomEnd) = divisor(at: topEnd), let part = top / bottom, let sum = first + part
        {
            return (sum, bottomEnd)
        }
        return (first, end)
    }

    /// `/ 4`
    private func divisor(at start: Int) -> (ExactNumber, Int)? {
        let slash = skipBlanks(start)
        guard byte(slash) == UInt8(ascii: "/") else { return nil }
        return decimal(at: skipBlanks(slash + 1))
    }

    /// `\frac{1}{2}`, `\frac12`, `\frac1{72}`
    private func latexFraction(at start: Int) -> (ExactNumber, Int)? {
        guard start < text.count, text[start...].starts(with: Array("\\frac".utf8)) else { return nil }
        guard let (top, topEnd) = part(at: skipBlanks(start + 5)), let (bottom, end) = part(at: skipBlanks(topEnd)),
            let quotient = top / bottom
        else { return nil }
        return (quotient, end)
    }

    /// A part of a fraction: a signed number in braces, or one digit.
    private func part(at start: Int) -> (ExactNumber, Int)? {
        if isDigit(byte(start)) {
            return (ExactNumber(isNegative: false, digits: text[start...start], exponent: 0), start + 1)
        }
        guard byte(start) == UInt8(ascii: "{") else { return nil }
        var place = skipBlanks(start + 1)
        let isNegative = byte(place) == UInt8(ascii: "-")
        if isNegative { place = skipBlanks(place + 1) }
        guard let (value, end) = decimal(at: place) else { return nil }
        let close = skipBlanks(end)
        guard byte(close) == UInt8(ascii: "}") else { return nil }
        return (isNegative ? value.negated : value, close + 1)
    }

    /// `1,234.50`, `.5`, `12e3`, `1.5*10^{3}`
    private func decimal(at start: Int) -> (ExactNumber, Int)? {
        var place = start
        var digits: [UInt8] = []
        while isDigit(byte(place)) {
            digits.append(text[place])
            place += 1
        }
        if (1...3).contains(digits.count) { place = thousands(after: place, into: &digits) }
        let whole = digits.count
        if byte(place) == UInt8(ascii: "."), isDigit(byte(place + 1)) {
            place += 1
            while isDigit(byte(place)) {
                digits.append(text[place])
                place += 1
            }
        }
        guard !digits.isEmpty else { return nil }
        var exponent = whole - digits.count
        if let (power, end) = powerOfTen(at: place) {
            exponent += power
            place = end
        }
        return (ExactNumber(isNegative: false, digits: digits[...], exponent: exponent), place)
    }

    private func thousands(after start: Int, into digits: inout [UInt8]) -> Int {
        var place = start
        while byte(place) == UInt8(ascii: ","), (1...3).allSatisfy({ isDigit(byte(place + $0)) }),
            !isDigit(byte(place + 4))
        {
            digits += text[(place + 1)...(place + 3)]
            place += 4
        }
        return place
    }

    private func powerOfTen(at start: Int) -> (Int, Int)? {
        if byte(start) == UInt8(ascii: "e") || byte(start) == UInt8(ascii: "E") { return exponent(at: start + 1) }
        let star = skipBlanks(start)
        guard byte(star) == UInt8(ascii: "*") else { return nil }
        let ten = skipBlanks(star + 1)
        guard ten < text.count, text[ten...].starts(with: Array("10^".utf8)) else { return nil }
        guard byte(ten + 3) == UInt8(ascii: "{") else { return exponent(at: ten + 3) }
        guard let (power, end) = exponent(at: ten + 4), byte(end) == UInt8(ascii: "}") else { return nil }
        return (power, end + 1)
    }

    /// A signed exponent of at most four digits.
    private func exponent(at start: Int) -> (Int, Int)? {
        var place = start
        let isNegative = byte(place) == UInt8(ascii: "-")
        if isNegative || byte(place) == UInt8(ascii: "+") { place += 1 }
        let first = place
        var value = 0
        while isDigit(byte(place)), place - first < 5 {
            value = value * 10 + Int(text[place] - 0x30)
            place += 1
        }
        guard place > first, place - first < 5 else { return nil }
        return (isNegative ? -value : value, place)
    }

    func skipBlanks(_ start: Int) -> Int {
        var place = start
        while byte(place) == 0x20 { place += 1 }
        return place
    }

    private func isOperand(_ place: Int) -> Bool {
        let byte = byte(place)
        return isDigit(byte) || AnswerValue.isLetter(byte) || byte == UInt8(ascii: ")") || byte == UInt8(ascii: "}")
    }

    private func byte(_ place: Int) -> UInt8 { place >= 0 && place < text.count ? text[place] : 0 }

    private func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
