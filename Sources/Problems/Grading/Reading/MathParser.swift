/// Why a text is no answer: the parser stops at the first thing that it does not know.
struct Unreadable: Error {}

/// Reads tokens as an expression by recursive descent: lists of relations of sums of products of powers. What is
/// deeper than ``maxDepth``, or takes more than the effort allows, is unreadable.
struct MathParser {
    var tokens: [MathToken]
    let effort: Effort
    var place = 0
    private var depth = 0
    /// How many `|…|` are open: inside one, the next bar closes it.
    var openBars = 0

    static let maxDepth = 40

    init(_ tokens: [MathToken], effort: Effort) { (self.tokens, self.effort) = (tokens, effort) }

    /// Nil where the tokens are no expression as a whole.
    static func read(_ tokens: [MathToken], effort: Effort) -> Expression? {
        var parser = MathParser(tokens, effort: effort)
        do {
            let value = try parser.list()
            return try parser.remarked(value)
        } catch {
            return nil
        }
    }

    // MARK: Lists and relations

    /// Relations with separators between them; one alone is itself. A semicolon separates what commas join.
    mutating func list() throws(Unreadable) -> Expression {
        var rows = [[try relation()]]
        while isSeparator() {
            var isRow = false
            while isSeparator() {
                isRow = isRow || next(is: ";")
                place += 1
            }
            if place == tokens.count || isClosing() { break }
            if isRow { rows.append([]) }
            rows[rows.count - 1].append(try relation())
        }
        let parts =
            rows.allSatisfy({ $0.count == 1 }) || rows.count == 1
            ? rows.flatMap { $0 } : rows.map { $0.count == 1 ? $0[0] : .list($0) }
        return parts.count == 1 ? parts[0] : .list(parts)
    }

    private func isSeparator() -> Bool {
        guard let token = current else { return false }
        if token.isSign(",") { return isFollowedByAnswer || place + 1 == tokens.count }
        if [";", "\\\\", "∨", "∧"].contains(where: token.isSign) { return true }
        return token.word.map { Vocabulary.connectives.contains($0) && isFollowedByAnswer } ?? false
    }

    /// After a comma or `and`: not words that go on with the sentence.
    private var isFollowedByAnswer: Bool {
        guard place + 1 < tokens.count else { return false }
        guard let word = tokens[place + 1].word else { return true }
        // "as required" is no product of a and s
        let next = place + 2 < tokens.count ? tokens[place + 2].word : nil
        return Self.isMathematical(word) && (next.map(Self.isMathematical) ?? true)
    }

    /// Whether a word may begin a factor.
    private static func isMathematical(_ word: String) -> Bool {
        Vocabulary.functions[word] != nil || Vocabulary.numbers[word] != nil || Vocabulary.minus.contains(word)
            || Vocabulary.connectives.contains(word) || word.count <= 3 && !Vocabulary.shortWords.contains(word)
    }

    private func isClosing() -> Bool {
        if case .end? = current?.kind { return true }
        return [")", "]", "}", "\\}", "⟩"].contains { current?.isSign($0) ?? false }
    }

    static let relations: Set<String> = ["=", "<", ">", "≤", "≥", "≠", "≈", "≡", "∈", "∉", "→"]

    mutating func relation() throws(Unreadable) -> Expression {
        let first = try sets()
        var links: [Expression.Link] = []
        while case .sign(let sign)? = current?.kind, Self.relations.contains(sign) {
            place += 1
            if sign == "=", current?.isSign("=") ?? false { place += 1 }
            var whole = sign
            if sign == "<" || sign == ">", current?.isSign("=") ?? false {
                place += 1
                whole = sign == "<" ? "≤" : "≥"
            }
            links.append(.init(sign: whole, side: try sets()))
        }
        if let (name, modulus) = try modulus() {
            guard let last = links.indices.last else { return .function(name, [first, modulus]) }
            links[last].side = .function(links[last].sign == "≡" ? "mod" : name, [links[last].side, modulus])
        }
        return links.isEmpty ? first : .relation(first, links)
    }

    /// The modulus of a residue, `\pmod{7}` or `(mod 7)`, or of a division whose remainder is meant, `\bmod 7`; nil
    /// where none stands here.
    private mutating func modulus() throws(Unreadable) -> (name: String, Expression)? {
        switch current?.kind {
        case .command("pmod"), .command("mod"), .command("bmod"), .letters("mod"):
            let isResidue = current?.kind == .command("pmod") || current?.kind == .command("mod")
            place += 1
            return (isResidue ? "mod" : "rem", try factor())
        default: break
        }
        guard next(is: "("), place + 1 < tokens.count, tokens[place + 1].letters == "mod" else { return nil }
        place += 2
        let modulus = try sum()
        try expect(")")
        return ("mod", modulus)
    }

    /// Unions, and what else joins sets.
    private mutating func sets() throws(Unreadable) -> Expression {
        var parts = [try ratio()]
        while case .sign(let sign)? = current?.kind, ["∪", "∩", "∖"].contains(sign) {
            place += 1
            let next = try ratio()
            if sign == "∪" {
                parts.append(next)
            } else {
                try enter()
                parts = [.function(sign, [parts.count == 1 ? parts[0] : .union(parts), next])]
            }
        }
        return parts.count == 1 ? parts[0] : .union(parts)
    }

    private mutating func ratio() throws(Unreadable) -> Expression {
        var parts = [try sum()]
        while current?.isSign(":") ?? false {
            place += 1
            parts.append(try sum())
        }
        return parts.count == 1 ? parts[0] : .ratio(parts)
    }

    // MARK: Sums and products

    mutating func sum() throws(Unreadable) -> Expression {
        try enter()
        defer { leave() }
        var terms = [try term()]
        while let sign = additiveSign() {
            place += 1
            let next = try term()
            switch sign {
            case "+": terms.append(next)
            case "-": terms.append(next.negated)
            default:
                try enter()
                let before = terms.count == 1 ? terms[0] : Expression.sum(terms)
                terms = [.plusMinus(before, next, isUpper: sign == "±")]
            }
        }
        return terms.count == 1 ? terms[0] : .sum(terms)
    }

    private func additiveSign() -> String? {
        if case .sign(let sign)? = current?.kind, ["+", "-", "±", "∓"].contains(sign) { return sign }
        guard let word = current?.word else { return nil }
        return word == "minus" ? "-" : word == "plus" ? "+" : nil
    }

    /// A product with signs before it.
    mutating func term() throws(Unreadable) -> Expression {
        var isNegative = false
        while let token = current {
            if token.isSign("-") || token.word.map(Vocabulary.minus.contains) ?? false {
                isNegative.toggle()
            } else if token.isSign("±") || token.isSign("∓") {
                place += 1
                try enter()
                defer { leave() }
                return .plusMinus(.zero, try term(), isUpper: token.isSign("±") != isNegative)
            } else if !token.isSign("+") {
                break
            }
            place += 1
        }
        let value = try product()
        return isNegative ? value.negated : value
    }

    /// Flat, however long: what is divided by goes below one line.
    mutating func product() throws(Unreadable) -> Expression {
        var above = [try factor()]
        var below: [Expression] = []
        while let token = current {
            if token.isSign("*") {
                place += 1
                above.append(try signedFactor())
            } else if token.isSign("/") {
                place += 1
                below.append(try signedFactor())
            } else if let size = token.word.flatMap({ Vocabulary.multipliers[$0] }) {
                place += 1
                above.append(.number(Rational(size)))
            } else if below.isEmpty, let mixed = try mixedNumber(after: above[above.count - 1]) {
                above[above.count - 1] = mixed
            } else if startsFactor() {
                above.append(try factor())
            } else {
                break
            }
        }
        let top = above.count == 1 ? above[0] : Expression.product(above)
        guard !below.isEmpty else { return top }
        return .quotient(top, below.count == 1 ? below[0] : .product(below))
    }

    /// After `*` or `/`.
    private mutating func signedFactor() throws(Unreadable) -> Expression {
        var isNegative = false
        while let token = current, token.isSign("-") || token.isSign("+") {
            isNegative = isNegative != token.isSign("-")
            place += 1
        }
        let value = try factor()
        return isNegative ? value.negated : value
    }

    /// `1\frac{1}{2}`, `1 1/2`: a whole number, and behind it a fraction of whole numbers.
    private mutating func mixedNumber(after value: Expression) throws(Unreadable) -> Expression? {
        guard case .number(let whole) = value, whole.isWhole, place > 0, tokens[place - 1].isNumber else { return nil }
        if current?.kind == .command("frac") {
            let start = place
            guard case .quotient(.number(let top), .number(let bottom)) = try factor(), top.isWhole, bottom.isWhole,
                top < bottom
            else {
                place = start
                return nil
            }
            return .sum([value, .quotient(.number(top), .number(bottom))])
        }
        guard case .number(let top)? = current?.kind, current?.isAfterBlank ?? false, place + 2 < tokens.count,
            tokens[place + 1].isSign("/"), case .number(let bottom) = tokens[place + 2].kind
        else { return nil }
        place += 3
        return .sum([value, .quotient(try number(top), try number(bottom))])
    }

    /// Whether a factor begins here that needs no sign before it. A number never does: `3x 5` is no product.
    func startsFactor() -> Bool {
        guard let token = current else { return false }
        switch token.kind {
        case .number, .repeating, .end: return false
        case .begin(let name): return Self.matrices.contains(name)
        case .letters(let letters):
            if Vocabulary.functions[letters.lowercased()] != nil || letters == "pi" { return true }
            return !token.isProse && !isWord(letters) && !isHalfOfDay
        case .command(let name): return !["pmod", "bmod", "mod", "choose"].contains(name)
        case .sign(let sign):
            if sign == "|" || sign == "‖" { return openBars == 0 }
            if sign == "(" { return !isRemark }
            return ["[", "{", "⌊", "⌈", "∞"].contains(sign)
        }
    }

    /// `12 (twelve)`, `3 (mod 7)`
    private var isRemark: Bool {
        guard place + 1 < tokens.count, let word = tokens[place + 1].word else { return false }
        return Vocabulary.functions[word] == nil && (word.count > 3 || Vocabulary.shortWords.contains(word))
    }

    /// `a.m.`, `p.m.`
    private var isHalfOfDay: Bool {
        place + 1 < tokens.count && tokens[place + 1].isSign(".")
            && ["a", "p"].contains(current?.letters?.lowercased())
    }

    // MARK: What is left

    /// A value and the words behind it, which may hold no number but a unit's power.
    private mutating func remarked(_ value: Expression) throws(Unreadable) -> Expression {
        guard place < tokens.count else { return value }
        var words: [String] = []
        while let token = current {
            switch token.kind {
            case .letters(let letters): words.append(letters)
            case .sign(let sign) where Self.remarkSigns.contains(sign): words.append(sign)
            case .number(let digits) where ["1", "2", "3"].contains(digits) && isPower: words.append(digits)
            case .command: words.append("\\")
            default: throw Unreadable()
            }
            place += 1
        }
        guard words.contains(where: { $0.first?.isLetter ?? false }), !startsWithContinuer(words) else {
            throw Unreadable()
        }
        return .measured(value, words)
    }

    private static let remarkSigns: Set<String> = [
        "/", "^", "{", "}", "-", "*", "(", ")", ".", ",", "°", ":", "'", "[", "]", ";", "!",
    ]

    private func startsWithContinuer(_ words: [String]) -> Bool {
        guard let first = words.first(where: { $0.first?.isLetter ?? false }) else { return false }
        return Vocabulary.continuers.contains(first.lowercased()) || Vocabulary.blockers.contains(first.lowercased())
            || Vocabulary.connectives.contains(first.lowercased())
    }

    /// A small number behind `^` or a unit's letters.
    private var isPower: Bool {
        guard place > 0 else { return false }
        if let letters = tokens[place - 1].letters { return !(current?.isAfterBlank ?? true) && !letters.isEmpty }
        return ["^", "{", "-"].contains { tokens[place - 1].isSign($0) }
    }

    // MARK: Tokens

    var current: MathToken? { place < tokens.count ? tokens[place] : nil }

    mutating func enter() throws(Unreadable) {
        depth += 1
        guard depth <= Self.maxDepth, effort.spend() else { throw Unreadable() }
    }

    mutating func leave() { depth -= 1 }

    mutating func expect(_ sign: String) throws(Unreadable) {
        guard current?.isSign(sign) ?? false else { throw Unreadable() }
        place += 1
    }

    /// Several letters that are no product: a word or a unit.
    func isWord(_ letters: String) -> Bool {
        guard letters.count > 1 else { return false }
        return letters.count > 3 || Vocabulary.shortWords.contains(letters.lowercased())
    }

    func number(_ digits: String) throws(Unreadable) -> Expression {
        let parts = digits.split(separator: "e", maxSplits: 1)
        guard let mantissa = parts.first, let exponent = parts.count == 2 ? Int(parts[1]) : 0,
            let value = Rational(decimal: String(mantissa), exponent: exponent), effort.spend(value.words * 40)
        else { throw Unreadable() }
        return .number(value)
    }

    static let matrices: Set<String> = [
        "matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix", "smallmatrix", "array",
    ]
}
