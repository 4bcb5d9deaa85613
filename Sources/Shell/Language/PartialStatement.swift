/// The unfinished last command of a line: its whole words and the word at the cursor.
package struct PartialStatement: Equatable, Sendable {
    package var words: [String] = []
    package var partial = ""
    /// The quote the word at the cursor is inside of.
    package var quote: Quote?
    package var isFileName = false
    /// The cursor stands in what the shell does not complete: a program, a comment, behind an error.
    package var isForeign = false

    private init() {}

    package init(_ text: String) {
        var cursor = ScalarCursor(text, file: "")
        do {
            try read(&cursor)
        } catch {
            // Nothing is proposed behind a bad escape; entered, the line says what is wrong.
            self = PartialStatement()
            isForeign = true
        }
    }

    private mutating func read(_ cursor: inout ScalarCursor) throws {
        while true {
            cursor.skipBlanks()
            guard let scalar = cursor.peek() else { return }
            switch scalar {
            case "\n", ";":
                cursor.advance()
                self = PartialStatement()
            case "#":
                cursor.skipLine()
                isForeign = cursor.peek() == nil
            case ">":
                cursor.advance()
                words = []
                isFileName = true
            case "|":
                _ = cursor.readProgram()
                isForeign = cursor.peek() == nil
            default:
                try readWord(&cursor)
            }
        }
    }

    private mutating func readWord(_ cursor: inout ScalarCursor) throws {
        let scanned = try cursor.readWord()
        if cursor.peek() == nil {
            partial = scanned.word.text
            quote = scanned.open?.quote
        } else {
            words.append(scanned.word.text)
        }
    }
}
