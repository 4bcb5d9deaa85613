/// Splits text into commands, one at a time, so that what stands before an error still runs.
///
///     var reader = StatementReader("generate -n 4; score 1 > scores.txt", file: "-c")
///     while let statement = try reader.next() { … }
package struct StatementReader {
    private var lexer: Lexer
    /// The first escape so far that older versions would have taken for one.
    package private(set) var oldEscape: OldEscape?

    /// - Parameters:
    ///   - file: how errors name the text.
    ///   - line: the number of its first line.
    package init(_ text: String, file: String, line: Int = 1) {
        lexer = Lexer(text, file: file, line: line)
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
            lexer.skipLine()
            throw error
        }
    }

    private mutating func readStatement() throws -> Statement? {
        var words: [Word] = []
        while let part = lexer.nextPart() {
            switch part {
            case .comment: lexer.skipLine()
            case .end:
                lexer.advance()
                if let first = words.first {
                    return Statement(words: words, destination: nil, position: first.position)
                }
            case .file, .program:
                let start = lexer.position
                guard let first = words.first else {
                    throw LanguageError.noCommand(before: part == .file ? ">" : "|", start)
                }
                let destination = part == .file ? try readFile(start) : try readProgram(start)
                return Statement(words: words, destination: destination, position: first.position)
            case .word: words.append(try readWord())
            }
        }
        return words.first.map { Statement(words: words, destination: nil, position: $0.position) }
    }

    private mutating func readWord() throws -> Word {
        let scanned = try lexer.readWord()
        if oldEscape == nil { oldEscape = scanned.oldEscape }
        if let open = scanned.open { throw LanguageError.unclosed(open.quote, open.position, mayGoOn: open.mayGoOn) }
        return scanned.word
    }

    private mutating func readFile(_ start: SourcePosition) throws -> Destination {
        let appending = lexer.readFileSign()
        guard lexer.nextPart() == .word else { throw LanguageError.noFile(start) }
        let path = try readWord().text
        switch lexer.nextPart() {
        case nil: break
        case .comment: lexer.skipLine()
        case .end: lexer.advance()
        case .word, .file, .program: throw LanguageError.afterFile(lexer.position)
        }
        return .file(path: path, appending: appending)
    }

    private mutating func readProgram(_ start: SourcePosition) throws -> Destination {
        let program = lexer.readProgram()
        guard program.contains(where: { !$0.isWhitespace }) else { throw LanguageError.noProgram(start) }
        lexer.advance()
        return .program(program)
    }
}
