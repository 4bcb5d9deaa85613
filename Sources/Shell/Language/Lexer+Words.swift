/// A word as it was read, also one whose quote is still open.
struct ScannedWord {
    /// The quote that was not closed.
    struct OpenQuote {
        var quote: Quote
        var position: SourcePosition
        /// The text ended where the quote may go on, so that more text could close it.
        var mayGoOn: Bool
    }

    var word: Word
    var open: OpenQuote?
    /// The first escape that older versions would have taken for one.
    var oldEscape: OldEscape?
}

extension Lexer {
    /// Quotes open at a word's start, after `=` and right after another quote; an apostrophe inside a word is text.
    /// - Throws: ``LanguageError/badEscape(_:_:)``.
    mutating func readWord() throws -> ScannedWord {
        var scanned = ScannedWord(word: Word(text: "", isQuoted: openingQuote != nil, position: position))
        var text = String.UnicodeScalarView()
        var mayOpenQuote = true
        while let scalar = peek(), scalar != "\n", scalar != ";", !Self.isBlank(scalar), scanned.open == nil {
            if mayOpenQuote, let quote = openingQuote {
                let (start, place) = (index, position)
                scanned.open = try readQuote(quote, into: &text)
                if quote == .double, scanned.oldEscape == nil {
                    scanned.oldEscape = OldEscape(inside: passed(since: start), place)
                }
            } else {
                advance()
                text.append(scalar)
                mayOpenQuote = scalar == "="
            }
        }
        scanned.word.text = String(text)
        return scanned
    }

    /// The quote that opens here.
    private var openingQuote: Quote? {
        switch peek() {
        case "\"": .double
        case "'": .literal
        case "$" where peek(1) == "'": .escaped
        default: nil
        }
    }

    /// Reads from an opening quote to behind the closing one, and tells of one that is missing.
    private mutating func readQuote(
        _ quote: Quote, into text: inout String.UnicodeScalarView
    ) throws -> ScannedWord.OpenQuote? {
        let start = position
        for _ in quote.opening.unicodeScalars { advance() }
        while let scalar = peek() {
            switch (scalar, quote) {
            case (quote.closing, _):
                advance()
                return nil
            case ("\n", .double):
                return ScannedWord.OpenQuote(quote: quote, position: start, mayGoOn: false)
            case ("\\", .double):
                guard readBackslash(into: &text) else {
                    return ScannedWord.OpenQuote(quote: quote, position: start, mayGoOn: true)
                }
            case ("\\", .escaped) where peek(1) != nil:
                text.append(try readEscape())
            default:
                advance()
                text.append(scalar)
            }
        }
        return ScannedWord.OpenQuote(quote: quote, position: start, mayGoOn: quote != .double)
    }

    /// A backslash of `"…"` with what it escapes, if anything. Two are LaTeX's row break and stay together, so that
    /// `"a \\"` ends where it seems to.
    /// - Returns: false where the text ends with the line that the backslash continues.
    private mutating func readBackslash(into text: inout String.UnicodeScalarView) -> Bool {
        advance()
        switch peek() {
        case "\"":
            advance()
            text.append("\"")
        case "\\":
            advance()
            text.append(contentsOf: "\\\\".unicodeScalars)
        case "\r" where peek(1) == "\n":
            advance()
            fallthrough
        case "\n":
            advance()
            return peek() != nil
        default:
            text.append("\\")
            return peek() != nil
        }
        return true
    }
}
