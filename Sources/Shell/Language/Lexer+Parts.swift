extension Lexer {
    /// What stands next, told by its first scalar.
    enum Part {
        case word
        /// A line's end or `;`, behind which another command begins.
        case end
        /// `#` up to the line's end.
        case comment
        /// `>` or `>>`, before a file's name.
        case file
        /// `|`, before a program.
        case program
    }

    /// The next part, blanks before it passed over; nil at the text's end.
    mutating func nextPart() -> Part? {
        skipBlanks()
        return peek().map { scalar in
            switch scalar {
            case "\n", ";": .end
            case "#": .comment
            case ">": .file
            case "|": .program
            default: .word
            }
        }
    }

    /// Passes over `>` or `>>`.
    /// - Returns: whether it was `>>`, which appends.
    mutating func readFileSign() -> Bool {
        advance()
        guard peek() == ">" else { return false }
        advance()
        return true
    }

    /// Behind `|`, everything up to the end of the line or a `;` that the program's own quotes do not hide.
    mutating func readProgram() -> String {
        advance()
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
