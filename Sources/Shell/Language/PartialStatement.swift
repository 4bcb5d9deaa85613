/// The unfinished last command of a line: its whole words and the word at the cursor.
package struct PartialStatement: Equatable, Sendable {
    /// Whole words before the cursor; none behind `>`.
    package var words: [String] = []
    /// The word at the cursor as far as it is typed, without quotes.
    package var partial = ""
    /// The quote the word at the cursor is inside of.
    package var quote: Quote?
    /// The cursor stands where a result's file is named.
    package var isFileName = false
    /// The cursor stands in what the shell does not complete: a program, a comment, behind an error.
    package var isForeign = false

    private init() {}

    /// Reads the text before the cursor.
    package init(_ text: String) {
        var lexer = Lexer(text, file: "")
        do {
            try read(&lexer)
        } catch {
            // Nothing is proposed behind a bad escape; entered, the line says what is wrong.
            self = PartialStatement()
            isForeign = true
        }
    }

    private mutating func read(_ lexer: inout Lexer) throws {
        while let part = lexer.nextPart() {
            switch part {
            case .end:
                lexer.advance()
                self = PartialStatement()
            case .comment:
                lexer.skipLine()
                isForeign = lexer.peek() == nil
            case .file:
                _ = lexer.readFileSign()
                words = []
                isFileName = true
            case .program:
                _ = lexer.readProgram()
                isForeign = lexer.peek() == nil
            case .word: try readWord(&lexer)
            }
        }
    }

    private mutating func readWord(_ lexer: inout Lexer) throws {
        let scanned = try lexer.readWord()
        if lexer.peek() == nil {
            partial = scanned.word.text
            quote = scanned.open?.quote
        } else {
            words.append(scanned.word.text)
        }
    }
}
