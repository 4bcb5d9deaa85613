/// Splits text into commands, one at a time, so that what stands before an error still runs.
///
///     var reader = StatementReader("generate -n 4; score 1 > scores.txt", file: "-c")
///     while let statement = try reader.next() { … }
package struct StatementReader {
    private var cursor: ScalarCursor
    /// The first escape so far that older versions would have taken for one.
    package private(set) var oldEscape: OldEscape?

    package init(_ text: String, file: String, line: Int = 1) {
        cursor = ScalarCursor(text, file: file, line: line)
    }

    /// True when `text` ends inside a quote that may go on over lines: a reader of lines waits for more.
    package static func isIncomplete(_ text: String) -> Bool {
        var reader = StatementReader(text, file: "")
        do {
            while try reader.next() != nil {}
            return false
        } catch LanguageError.unclosed(_, _, mayGoOn: true) {
            return true
        } catch {
            return false
        }
    }

    /// The next command, or nil at the end. After an error, reading goes on at the next line.
    package mutating func next() throws -> Statement? {
        do {
            return try readStatement()
        } catch {
            cursor.skipLine()
            throw error
        }
    }

    private mutating func readStatement() throws -> Statement? {
        var words: [Word] = []
        while true {
            cursor.skipBlanks()
            guard let scalar = cursor.peek() else { break }
            switch scalar {
            case "#":
                cursor.skipLine()
            case "\n", ";":
                cursor.advance()
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

    private mutating func readWord() throws -> Word {
        let scanned = try cursor.readWord()
        if oldEscape == nil { oldEscape = scanned.oldEscape }
        if let open = scanned.open { throw LanguageError.unclosed(open.quote, open.position, mayGoOn: open.mayGoOn) }
        return scanned.word
    }

    private mutating func readDestination(_ sign: Unicode.Scalar, after words: [Word]) throws -> Statement {
        let start = cursor.position
        cursor.advance()
        guard let first = words.first else { throw LanguageError.noCommand(before: String(sign), start) }
        let destination: Destination
        if sign == ">" {
            let appending = cursor.peek() == ">"
            if appending { cursor.advance() }
            cursor.skipBlanks()
            guard let next = cursor.peek(), !"\n;#|>".unicodeScalars.contains(next) else {
                throw LanguageError.noFile(start)
            }
            destination = .file(path: try readWord().text, appending: appending)
            try readStatementEnd()
        } else {
            let program = cursor.readProgram()
            guard program.contains(where: { !$0.isWhitespace }) else { throw LanguageError.noProgram(start) }
            cursor.advance()
            destination = .program(program)
        }
        return Statement(words: words, destination: destination, position: first.position)
    }

    private mutating func readStatementEnd() throws {
        cursor.skipBlanks()
        guard let scalar = cursor.peek() else { return }
        switch scalar {
        case "#": cursor.skipLine()
        case "\n", ";": cursor.advance()
        default: throw LanguageError.afterFile(cursor.position)
        }
    }
}

extension ScalarCursor {
    /// Everything up to the end of the line or a `;` that the program's own quotes do not hide.
    mutating func readProgram() -> String {
        var text = String.UnicodeScalarView()
        var quote: Unicode.Scalar?
        while let scalar = peek(), scalar != "\n" {
            if quote == nil, scalar == ";" { break }
            advance()
            text.append(scalar)
            if scalar == "\\", quote != "'", let next = peek(), next != "\n" {
                advance()
                text.append(next)
            } else if scalar == quote {
                quote = nil
            } else if quote == nil, scalar == "'" || scalar == "\"" {
                quote = scalar
            }
        }
        return String(text)
    }
}
