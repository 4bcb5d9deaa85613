/// An answer's text, and every way to understand it.
struct AnswerReading {
    /// One way to understand it.
    struct Sense {
        var value: Expression
        /// Whether its list comes of commas that rather group thousands, as in `1,234`: turned round it is another
        /// answer. `125,343` is as well two numbers.
        var keepsOrder = false
    }

    let tokens: [MathToken]
    /// Empty where the text is neither mathematics nor words. More than one where a comma, a blank or an `e` may mean
    /// two things.
    let senses: [Sense]

    var values: [Expression] { senses.map(\.value) }

    /// A longer text is compared as it stands.
    static let maxBytes = 16_384

    /// Nil for a text without tokens, or one too long to read.
    init?(_ text: String, effort: Effort) {
        guard let (all, others) = MathLexer.tokens(of: text, effort: effort) else { return nil }
        let tokens = Self.bare(all)
        self.tokens = tokens.withoutMoney
        guard !self.tokens.isEmpty else { return nil }
        if let words = Self.words(tokens) {
            senses = [Sense(value: words)]
            return
        }
        let first = Self.value(of: tokens, effort: effort)
        let isOneNumber = first.map { if case .list = $0 { false } else { true } } ?? false
        let more = others.compactMap { choices -> Sense? in
            guard let tokens = MathLexer.tokens(of: text, choices: choices, effort: effort)?.tokens,
                let value = Self.value(of: Self.bare(tokens), effort: effort)
            else { return nil }
            return Sense(
                value: value, keepsOrder: isOneNumber && !choices.groupsThousands && Self.beginsShort(tokens))
        }
        senses = [first].compactMap { $0.map { Sense(value: $0) } } + more
    }

    /// Whether the first number has fewer digits than the groups behind it.
    private static func beginsShort(_ tokens: [MathToken]) -> Bool {
        guard case .number(let digits)? = tokens.first(where: \.isNumber)?.kind else { return false }
        return digits.count < 3
    }

    /// Of tokens alone, read in one way.
    init(tokens: [MathToken], value: Expression) { (self.tokens, senses) = (tokens, [Sense(value: value)]) }

    /// What tokens say: a date, an amount of money (`\$5`, `5\$`), or an expression. Nil where it is none of them.
    static func value(of tokens: [MathToken], effort: Effort) -> Expression? {
        if let date = Dates.date(tokens) { return date }
        let bare = tokens.withoutMoney
        guard let value = MathParser.read(bare, effort: effort) else { return nil }
        guard tokens.count == bare.count + 1, let place = tokens.firstIndex(where: \.isMoney) else { return value }
        let isAround =
            place == 0 || place == bare.count || (place == 1 && ["-", "+"].contains(where: tokens[0].isSign))
        return isAround ? value.inDollars : value
    }

    var isWords: Bool {
        if case .words? = values.first { true } else { false }
    }

    /// Without words that say nothing at its beginning and punctuation at its ends.
    private static func bare(_ all: [MathToken]) -> [MathToken] {
        var tokens = all[...]
        while let last = tokens.last, [".", ",", ";", ":", "?", "…"].contains(where: last.isSign),
            tokens.count > 1 || !last.isSign("…")
        {
            tokens.removeLast()
        }
        // "Yes. F(x, y) = x"
        if tokens.count > 2, tokens.first?.word == "yes",
            [".", ","].contains(where: tokens.dropFirst().first?.isSign ?? { _ in false }),
            tokens.contains(where: { $0.letters == nil && !$0.isSign(".") && !$0.isSign(",") })
        {
            tokens.removeFirst(2)
        }
        while let first = tokens.first {
            let isFiller = first.word.map { $0.count > 1 && Vocabulary.fillers.contains($0) } ?? false
            guard isFiller && tokens.count > 1 || [":", ",", "≈"].contains(where: first.isSign) || first.isSign("=")
            else { break }
            tokens.removeFirst()
        }
        return Array(tokens)
    }

    /// Letters and punctuation only, with a word among them that is no function, number or product.
    private static func words(_ tokens: [MathToken]) -> Expression? {
        var words: [String] = []
        var isProse = false
        for token in tokens {
            switch token.kind {
            case .letters(let letters):
                words.append(letters.lowercased())
                isProse = isProse || (letters.count > 1 && !isMathematical(token))
            case .sign(let sign) where [",", ".", "'", "-", "(", ")", ":", ";", "!", "&", "?", "$"].contains(sign):
                continue
            default: return nil
            }
        }
        guard isProse else { return nil }
        let text = words.joined(separator: " ")
        return Vocabulary.sets[text].map { .symbol($0) } ?? .words(text)
    }

    /// Whether several letters may be mathematics: `sin`, `pi`, `three`, `minus`, `abc`.
    private static func isMathematical(_ token: MathToken) -> Bool {
        guard let word = token.word else { return false }
        return Vocabulary.functions[word] != nil || ["pi", "inf", "infinity"].contains(word)
            || Vocabulary.numbers[word] != nil || Vocabulary.multipliers[word] != nil
            || Vocabulary.minus.contains(word) || Vocabulary.connectives.contains(word)
            || (!token.isProse && word.count <= 3 && !Vocabulary.shortWords.contains(word) && !isSpoken(token))
    }

    /// `cat`: three letters with a vowel between consonants, which nobody would multiply in this order; not `cab`,
    /// which only has letters that stand for numbers.
    private static func isSpoken(_ token: MathToken) -> Bool {
        guard let letters = token.letters, letters.count == 3, letters.dropFirst().allSatisfy(\.isLowercase) else {
            return false
        }
        let lower = Array(letters.lowercased())
        return "aeiou".contains(lower[1]) && ![lower[0], lower[2]].contains(where: "aeiou".contains)
            && lower != lower.sorted() && !lower.allSatisfy("abcdxyz".contains)
    }
}

extension MathToken {
    fileprivate var isMoney: Bool { isSign("$") }
}

extension [MathToken] {
    fileprivate var withoutMoney: [MathToken] { filter { !$0.isMoney } }
}

extension Expression {
    /// As an amount of money, unless it is none or says so already.
    fileprivate var inDollars: Expression {
        switch self {
        case .list, .set, .union, .group, .matrix, .relation, .percent, .degrees, .words: self
        case .measured(let value, let words):
            words.first.map(Units.isKnown) ?? false ? self : .measured(value, ["dollars"] + words)
        default: .measured(self, ["dollars"])
        }
    }
}
