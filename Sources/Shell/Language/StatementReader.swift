/// Splits text into commands, one at a time, so that what stands before an error still runs.
///
///     var reader = StatementReader("generate -n 4; score 1 > scores.txt", file: "-c")
///     while let statement = try reader.next() { … }
public struct StatementReader {
    private let scalars: [Unicode.Scalar]
    private let file: String
    private var index = 0
    private var line: Int
    private var lineStart = 0

    public init(_ text: String, file: String, line: Int = 1) {
        scalars = Array(text.unicodeScalars)
        self.file = file
        self.line = line
    }

    /// True when `text` ends inside `'…'`, which may go on over lines: a reader of lines waits for more.
    public static func isIncomplete(_ text: String) -> Bool {
        var reader = StatementReader(text, file: "")
        do {
            while try reader.next() != nil {}
            return false
        } catch LanguageError.unclosedLiteral {
            return true
        } catch {
            return false
        }
    }

    /// The next command, or nil at the end. After an error, reading goes on at the next line.
    public mutating func next() throws -> Statement? {
        do {
            return try readStatement()
        } catch {
            while let scalar = peek(), scalar != "\n" { advance(scalar) }
            throw error
        }
    }

    private var position: SourcePosition {
        SourcePosition(file: file, line: line, column: index - lineStart + 1)
    }

    private func peek() -> Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    private mutating func advance(_ scalar: Unicode.Scalar) {
        index += 1
        if scalar == "\n" {
            line += 1
            lineStart = index
        }
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || scalar == "\t" || scalar == "\r"
    }

    private mutating func skipBlanks() {
        while let scalar = peek(), Self.isBlank(scalar) { advance(scalar) }
    }

    private mutating func skipComment() {
        while let scalar = peek(), scalar != "\n" { advance(scalar) }
    }

    private mutating func readStatement() throws -> Statement? {
        var words: [Word] = []
        while true {
            skipBlanks()
            guard let scalar = peek() else { break }
            switch scalar {
            case "#":
                skipComment()
            case "\n", ";":
                advance(scalar)
                if let first = words.first {
                    return Statement(words: words, destination: nil, position: first.position)
                }
            case ">", "|":
                return try readDestination(scalar, after: words)
            default:
                words.append(try readWord())
            }
        }
        return words.first.map { Statement(words: words, destination: nil, position: $0.position) }
    }

    private mutating func readDestination(_ sign: Unicode.Scalar, after words: [Word]) throws -> Statement {
        let start = position
        advance(sign)
        guard let first = words.first else { throw LanguageError.noCommand(before: String(sign), start) }
        let destination: Destination
        if sign == ">" {
            let appending = peek() == ">"
            if appending { advance(">") }
            skipBlanks()
            guard let next = peek(), !"\n;#|>".unicodeScalars.contains(next) else { throw LanguageError.noFile(start) }
            destination = .file(path: try readWord().text, appending: appending)
            try readStatementEnd()
        } else {
            destination = .program(try readProgram(start))
        }
        return Statement(words: words, destination: destination, position: first.position)
    }

    private mutating func readStatementEnd() throws {
        skipBlanks()
        guard let scalar = peek() else { return }
        switch scalar {
        case "#": skipComment()
        case "\n", ";": advance(scalar)
        default: throw LanguageError.afterFile(position)
        }
    }

    /// Everything up to the end of the line or a `;` that the program's own quotes do not hide.
    private mutating func readProgram(_ start: SourcePosition) throws -> String {
        var text = String.UnicodeScalarView()
        var quote: Unicode.Scalar?
        while let scalar = peek(), scalar != "\n" {
            if quote == nil, scalar == ";" { break }
            advance(scalar)
            text.append(scalar)
            if scalar == "\\", quote != "'", let next = peek(), next != "\n" {
                advance(next)
                text.append(next)
            } else if scalar == quote {
                quote = nil
            } else if quote == nil, scalar == "'" || scalar == "\"" {
                quote = scalar
            }
        }
        if let scalar = peek() { advance(scalar) }
        let program = String(text)
        guard program.contains(where: { !$0.isWhitespace }) else { throw LanguageError.noProgram(start) }
        return program
    }

    /// Quotes open at a word's start, after `=` and right after another quote; an apostrophe inside a word is text.
    private mutating func readWord() throws -> Word {
        let start = position
        let isQuoted = peek() == "\"" || peek() == "'"
        var text = String.UnicodeScalarView()
        var mayOpenQuote = true
        while let scalar = peek(), scalar != "\n", scalar != ";", !Self.isBlank(scalar) {
            if mayOpenQuote, scalar == "\"" {
                try readJSONQuote(into: &text)
            } else if mayOpenQuote, scalar == "'" {
                try readLiteralQuote(into: &text)
            } else {
                advance(scalar)
                text.append(scalar)
                mayOpenQuote = scalar == "="
            }
        }
        return Word(text: String(text), isQuoted: isQuoted, position: start)
    }

    private mutating func readLiteralQuote(into text: inout String.UnicodeScalarView) throws {
        let start = position
        advance("'")
        while let scalar = peek() {
            advance(scalar)
            if scalar == "'" { return }
            text.append(scalar)
        }
        throw LanguageError.unclosedLiteral(start)
    }

    private mutating func readJSONQuote(into text: inout String.UnicodeScalarView) throws {
        let start = position
        advance("\"")
        while let scalar = peek(), scalar != "\n" {
            let here = position
            advance(scalar)
            switch scalar {
            case "\"": return
            case "\\": text.append(try readEscape(here))
            default: text.append(scalar)
            }
        }
        throw LanguageError.unclosedQuote(start)
    }

    private mutating func readEscape(_ start: SourcePosition) throws -> Unicode.Scalar {
        guard let letter = peek(), letter != "\n" else { throw LanguageError.unclosedQuote(start) }
        advance(letter)
        switch letter {
        case "\"", "\\", "/": return letter
        case "b": return "\u{8}"
        case "f": return "\u{C}"
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "u": return try readUnicodeEscape(start)
        default: throw LanguageError.badEscape("\\\(letter)", start)
        }
    }

    private mutating func readUnicodeEscape(_ start: SourcePosition) throws -> Unicode.Scalar {
        let high = try readHex(start)
        if let scalar = Unicode.Scalar(high) { return scalar }
        guard (0xD800..<0xDC00).contains(high), peek() == "\\" else { throw LanguageError.badEscape("a lone surrogate", start) }
        advance("\\")
        guard peek() == "u" else { throw LanguageError.badEscape("a lone surrogate", start) }
        advance("u")
        let low = try readHex(start)
        guard (0xDC00..<0xE000).contains(low),
            let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
        else { throw LanguageError.badEscape("a lone surrogate", start) }
        return scalar
    }

    private mutating func readHex(_ start: SourcePosition) throws -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let scalar = peek(), let digit = Character(scalar).hexDigitValue, scalar.isASCII else {
                throw LanguageError.badEscape("\\u without four hexadecimal digits", start)
            }
            advance(scalar)
            value = value << 4 | UInt32(digit)
        }
        return value
    }
}
