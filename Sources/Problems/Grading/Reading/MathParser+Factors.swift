extension MathParser {
    /// A power: an atom with what is written behind and above it.
    mutating func factor() throws(Unreadable) -> Expression {
        try enter()
        defer { leave() }
        var value = try atom()
        for _ in 0..<Self.maxPostfixes {
            guard let token = current else { return value }
            switch token.kind {
            case .sign("!"):
                place += 1
                let isDouble = current?.isSign("!") ?? false
                if isDouble { place += 1 }
                value = .function(isDouble ? "!!" : "!", [value])
            case .sign("%"):
                place += 1
                value = .percent(value)
            case .letters("percent"), .letters("pct"):
                place += 1
                value = .percent(value)
            case .sign("°"), .letters("degree"), .letters("degrees"):
                place += 1
                value = try minutes(behind: value)
            case .sign("'"):
                place += 1
                value = .function("'", [value])
            case .sign("^"):
                place += 1
                value = try raised(value)
            case .sign("**"):
                place += 1
                value = .power(value, try exponent())
            case .sign("_"):
                place += 1
                value = .function("_" + (try subscriptText()), [value])
            default: return value
            }
        }
        throw Unreadable()
    }

    /// More signs than these behind one atom are unreadable.
    private static let maxPostfixes = 8

    private mutating func raised(_ base: Expression) throws(Unreadable) -> Expression {
        if current?.isSign("°") ?? false {
            place += 1
            return try minutes(behind: base)
        }
        if current?.isSign("{") ?? false, place + 2 < tokens.count, tokens[place + 2].isSign("}") {
            if tokens[place + 1].isSign("°") {
                place += 3
                return try minutes(behind: base)
            }
            if tokens[place + 1].isSign("'") {
                place += 3
                return .function("'", [base])
            }
            // 5^{\text{th}}
            if tokens[place + 1].isProse || ["th", "st", "nd", "rd"].contains(tokens[place + 1].letters) {
                place += 3
                return base
            }
        }
        // TeX raises one digit; behind a number several can only be meant together.
        if case .number(let digits)? = current?.kind, digits.count > 1, !isBehindNumber { throw Unreadable() }
        return .power(base, try exponent())
    }

    /// Of the `^` just read.
    private var isBehindNumber: Bool { place > 1 && tokens[place - 2].isNumber }

    /// An angle, with the minutes and seconds that may follow its degrees.
    private mutating func minutes(behind degrees: Expression) throws(Unreadable) -> Expression {
        var parts = [degrees]
        for size in [60, 3600] {
            guard case .number(let digits)? = current?.kind else { break }
            place += 1
            let part = try number(digits)
            if next(is: "^") { place += 1 }
            let isBraced = next(is: "{")
            if isBraced { place += 1 }
            for _ in 0..<(size == 60 ? 1 : 2) { try expect("'") }
            if isBraced { try expect("}") }
            parts.append(.quotient(part, .number(Rational(size))))
        }
        return .degrees(parts.count == 1 ? degrees : .sum(parts))
    }

    mutating func exponent() throws(Unreadable) -> Expression {
        try enter()
        defer { leave() }
        if current?.isSign("-") ?? false {
            place += 1
            return try exponent().negated
        }
        if current?.isSign("+") ?? false { place += 1 }
        if current?.isSign("*") ?? false {
            place += 1
            return .symbol("*")
        }
        return try atom()
    }

    mutating func atom() throws(Unreadable) -> Expression {
        guard effort.spend(), let token = current else { throw Unreadable() }
        place += 1
        switch token.kind {
        case .number(let digits): return try based(digits)
        case .repeating(let digits, let repeated): return try repeating(digits, repeated)
        case .letters(let letters): return try named(letters, token)
        case .command(let name): return try command(name)
        case .sign(let sign): return try bracketed(sign)
        case .begin(let name): return try environment(name)
        case .end: throw Unreadable()
        }
    }

    // MARK: Numbers

    /// A number, or the digits of one in the base that is written below them.
    private mutating func based(_ digits: String) throws(Unreadable) -> Expression {
        guard current?.isSign("_") ?? false else { return try number(digits) }
        place += 1
        let start = place
        guard case .number(let base) = try exponent(), let base = base.integer, (2...36).contains(base) else {
            place = start
            throw Unreadable()
        }
        return .based(digits, base: base)
    }

    /// x.y(z) = xy + z / (10^n - 1), moved by the places of y.
    private func repeating(_ digits: String, _ repeated: String) throws(Unreadable) -> Expression {
        let fraction = digits.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let places = fraction.count == 2 ? fraction[1].count : 0
        guard repeated.count <= 30, places <= 30, let head = Rational(decimal: digits.isEmpty ? "0" : digits),
            let tail = Rational(decimal: repeated, exponent: -places),
            let nines = Rational(decimal: String(repeating: "9", count: repeated.count)), let part = tail / nines,
            let value = head + part
        else { throw Unreadable() }
        return .number(value)
    }

    // MARK: Names

    private mutating func named(_ letters: String, _ token: MathToken) throws(Unreadable) -> Expression {
        let lower = letters.lowercased()
        if let name = Vocabulary.functions[lower], lower != "gamma", lower != "sign" || next(is: "(") {
            return try function(name)
        }
        switch lower {
        case "pi": return .symbol("pi")
        case "inf", "infinity", "oo": return .symbol("∞")
        case "np", "math":
            if next(is: ".") {
                place += 1
                return try atom()
            }
        default: break
        }
        if letters.count == 1 || letters == "ℝ" { return try scripted(letters) }
        if let value = Vocabulary.numbers[lower] { return .number(Rational(value)) }
        guard !token.isProse, !isWord(letters) else {
            if Self.isReserved(lower) { throw Unreadable() }
            return try scripted(letters)
        }
        var parts: [Expression] = letters.dropLast().map { .symbol(String($0)) }
        parts.append(try scripted(String(letters.last ?? " ")))
        return try tailed(parts)
    }

    private static func isReserved(_ word: String) -> Bool {
        Vocabulary.connectives.contains(word) || Vocabulary.blockers.contains(word)
            || Vocabulary.multipliers[word] != nil || Units.isKnown(word)
    }

    /// `abc^2` raises c alone.
    private mutating func tailed(_ parts: [Expression]) throws(Unreadable) -> Expression {
        guard next(is: "^"), let last = parts.last else { return .product(parts) }
        place += 1
        return .product(parts.dropLast() + [try raised(last)])
    }

    /// A name with its subscript.
    mutating func scripted(_ name: String) throws(Unreadable) -> Expression {
        guard next(is: "_") else { return .symbol(name) }
        place += 1
        return .symbol(name + "_" + (try subscriptText()))
    }

    /// What stands below, as it is written.
    mutating func subscriptText() throws(Unreadable) -> String {
        guard next(is: "{") else {
            guard let token = current else { throw Unreadable() }
            place += 1
            return Self.written(token)
        }
        var text = ""
        var open = 0
        repeat {
            guard let token = current, effort.spend() else { throw Unreadable() }
            if token.isSign("{") {
                open += 1
            } else if token.isSign("}") {
                open -= 1
            } else {
                text += Self.written(token)
            }
            place += 1
        } while open > 0
        return text
    }

    private static func written(_ token: MathToken) -> String {
        switch token.kind {
        case .number(let digits), .letters(let digits), .command(let digits), .sign(let digits), .begin(let digits),
            .end(let digits):
            digits
        case .repeating(let digits, let repeated): digits + "(" + repeated + ")"
        }
    }

    func next(is sign: String) -> Bool { current?.isSign(sign) ?? false }
}
