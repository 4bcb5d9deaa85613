/// An answer's text, and every way to understand it.
struct AnswerReading {
    let tokens: [MathToken]
    /// Empty where the text is neither mathematics nor words. More than one where a comma or an `e` may mean two
    /// things.
    let values: [Expression]

    /// A longer text is compared as it stands.
    static let maxBytes = 16_384

    /// Nil for a text without tokens, or one too long to read.
    init?(_ text: String, effort: Effort) {
        guard let (all, others) = MathLexer.tokens(of: text, effort: effort) else { return nil }
        let tokens = Self.bare(all)
        guard !tokens.isEmpty else { return nil }
        self.tokens = tokens
        if let words = Self.words(tokens) {
            values = [words]
            return
        }
        let readings =
            [tokens]
            + others.compactMap { choices in
                MathLexer.tokens(of: text, choices: choices, effort: effort).map { Self.bare($0.tokens) }
            }
        values = readings.compactMap { MathParser.read($0, effort: effort) }
    }

    /// Of tokens alone, read in one way.
    init(tokens: [MathToken], value: Expression) { (self.tokens, values) = (tokens, [value]) }

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
            case .sign(let sign) where [",", ".", "'", "-", "(", ")", ":", ";", "!", "&", "?"].contains(sign): continue
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
            || (!token.isProse && word.count <= 3 && !Vocabulary.shortWords.contains(word))
    }
}
