/// A place in a script, a command line (`-c`) or what was typed.
package struct SourcePosition: Sendable, Equatable, CustomStringConvertible {
    /// A path, `-c`, `stdin` or `line`.
    package var file: String
    /// From 1.
    package var line: Int
    /// From 1, in Unicode scalars.
    package var column: Int

    /// - Parameters:
    ///   - line: from 1.
    ///   - column: from 1, in Unicode scalars.
    package init(file: String, line: Int, column: Int = 1) {
        self.file = file
        self.line = line
        self.column = column
    }

    /// `FILE:LINE`.
    package var description: String { "\(file):\(line)" }
}

/// A word of a command. One that begins with a quote is plain text: never an option, never an operator.
package struct Word: Sendable, Equatable {
    /// Without quotes and escapes.
    package var text: String
    /// It begins with a quote.
    package var isQuoted: Bool
    /// Where it begins.
    package var position: SourcePosition

    /// A word as if it had been read.
    package init(text: String, isQuoted: Bool, position: SourcePosition) {
        self.text = text
        self.isQuoted = isQuoted
        self.position = position
    }

    /// A bare word that begins an option. Before a digit, or a sign that no option's name begins with, a dash is a
    /// minus: `-5`, `-1/2`, `-\frac{1}{2}`.
    static func beginsOption(_ text: String) -> Bool {
        guard text.unicodeScalars.first == "-", let next = text.unicodeScalars.dropFirst().first else { return false }
        return next == "-" || next.properties.isAlphabetic
    }

    /// `text` as a user would type it: bare where that reads back as the same plain word, else in quotes.
    package static func spelled(_ text: String) -> String {
        let scalars = text.unicodeScalars
        if !scalars.isEmpty, scalars.allSatisfy(isPlain), !beginsOption(text) { return text }
        return quoted(text)
    }

    /// Line breaks and other control characters are seen as escapes, and a backslash is not doubled without need.
    static func quoted(_ text: String) -> String {
        let scalars = text.unicodeScalars
        let hasControls = scalars.contains { $0.properties.generalCategory == .control }
        let hasSigns = scalars.contains { $0 == "\\" || $0 == "\"" }
        let kinds: [Quote] = hasControls ? [] : hasSigns ? [.literal, .double] : [.double]
        for kind in kinds {
            if let inside = kind.holding(text) { return kind.enclosing(inside) }
        }
        return Quote.escaped.enclosing(Quote.escaping(text))
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil
            || "/._-+:=,@~%^".unicodeScalars.contains(scalar)
    }

    /// The word as a user would type it: what was an option stays one.
    var spelled: String {
        guard !isQuoted, Self.beginsOption(text) else { return Self.spelled(text) }
        let scalars = text.unicodeScalars
        // Only behind its = can an option hold what needs quotes.
        guard !scalars.allSatisfy(Self.isPlain), let sign = scalars.firstIndex(of: "=") else { return text }
        return String(scalars[...sign]) + Self.quoted(String(scalars[scalars.index(after: sign)...]))
    }
}

extension Statement {
    /// The command as a user would type it.
    package var spelled: String {
        let command = words.map(\.spelled).joined(separator: " ")
        switch destination {
        case .file(let path, let appending)?: return "\(command) \(appending ? ">>" : ">") \(Word.spelled(path))"
        case .program(let program)?: return "\(command) | \(program)"
        case nil: return command
        }
    }
}

/// Where a command's results go instead of standard output.
package enum Destination: Sendable, Equatable {
    case file(path: String, appending: Bool)
    case program(String)
}

/// One command as written: its words and where its results go.
package struct Statement: Sendable, Equatable {
    /// The command's name and its arguments.
    package var words: [Word]
    /// Nil: standard output.
    package var destination: Destination?
    /// Of the first word.
    package var position: SourcePosition

    /// A statement as if it had been read.
    package init(words: [Word], destination: Destination?, position: SourcePosition) {
        self.words = words
        self.destination = destination
        self.position = position
    }
}
