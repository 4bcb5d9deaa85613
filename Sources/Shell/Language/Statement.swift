/// A place in a script, a command line (`-c`) or what was typed.
public struct SourcePosition: Sendable, Equatable, CustomStringConvertible {
    public var file: String
    /// From 1.
    public var line: Int
    /// From 1, in Unicode scalars.
    public var column: Int

    public init(file: String, line: Int, column: Int = 1) {
        self.file = file
        self.line = line
        self.column = column
    }

    public var description: String { "\(file):\(line)" }
}

/// A word of a command. One that begins with a quote is plain text: never an option, never an operator.
public struct Word: Sendable, Equatable {
    public var text: String
    public var isQuoted: Bool
    public var position: SourcePosition

    public init(text: String, isQuoted: Bool, position: SourcePosition) {
        self.text = text
        self.isQuoted = isQuoted
        self.position = position
    }

    /// `text` as a user would type it: bare where that reads back as the same plain word, else in quotes.
    public static func spelled(_ text: String) -> String {
        let harmless = text.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isAlphabetic || scalar.properties.numericType != nil || "/._-+:=,@~%^".unicodeScalars.contains(scalar)
        }
        if harmless, let first = text.first, first != "-" { return text }
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

extension Statement {
    /// The command as a user would type it.
    var spelled: String {
        let command = words.map { !$0.isQuoted && $0.text.hasPrefix("-") ? $0.text : Word.spelled($0.text) }.joined(separator: " ")
        switch destination {
        case .file(let path, let appending)?: return "\(command) \(appending ? ">>" : ">") \(Word.spelled(path))"
        case .program(let program)?: return "\(command) | \(program)"
        case nil: return command
        }
    }
}

/// Where a command's results go instead of standard output.
public enum Destination: Sendable, Equatable {
    case file(path: String, appending: Bool)
    case program(String)
}

/// One command as written: its words and where its results go.
public struct Statement: Sendable, Equatable {
    public var words: [Word]
    public var destination: Destination?
    public var position: SourcePosition

    public init(words: [Word], destination: Destination?, position: SourcePosition) {
        self.words = words
        self.destination = destination
        self.position = position
    }
}
