/// What the Tab key does: text to insert at the cursor, and choices to show when there is no single one.
public struct CompletionResult: Equatable, Sendable {
    public var insertion: String
    public var choices: [String]

    public init(insertion: String = "", choices: [String] = []) {
        self.insertion = insertion
        self.choices = choices
    }
}

/// The unfinished last command of a line: its whole words and the word at the cursor.
public struct PartialStatement: Equatable, Sendable {
    public var words: [String] = []
    public var partial = ""
    /// The quote the word at the cursor is inside of.
    public var quote: Character?
    public var isFileName = false
    public var isProgram = false

    public init(_ text: String) {
        var inWord = false
        var escaped = false
        for character in text {
            if let open = quote {
                if escaped {
                    partial.append(character)
                    escaped = false
                } else if character == "\\", open == "\"" {
                    escaped = true
                } else if character == open {
                    quote = nil
                } else {
                    partial.append(character)
                }
                continue
            }
            switch character {
            case " ", "\t":
                if inWord { finishWord() }
                inWord = false
            case "\n", ";":
                self = PartialStatement("")
                inWord = false
            case ">" where !inWord:
                words = []
                isFileName = true
            case "|" where !inWord:
                isProgram = true
            case "\"" where !inWord || partial.hasSuffix("="), "'" where !inWord || partial.hasSuffix("="):
                quote = character
                inWord = true
            default:
                partial.append(character)
                inWord = true
            }
        }
    }

    private mutating func finishWord() {
        words.append(partial)
        partial = ""
    }
}

public enum TabCompletion {
    /// Choices that begin with `partial`, as what the Tab key shall do. A choice that ends in `/` or `=` is not closed by a blank.
    public static func result(_ choices: [String], partial: String, quote: Character?) -> CompletionResult {
        let fitting = Array(Set(choices.filter { $0.hasPrefix(partial) && (quote != nil || !needsQuotes($0)) })).sorted(by: naturally)
        guard let first = fitting.first else { return CompletionResult() }
        if fitting.count == 1 {
            let open = first.hasSuffix("/") || first.hasSuffix("=")
            return CompletionResult(insertion: first.dropFirst(partial.count) + (open ? "" : (quote.map(String.init) ?? "") + " "))
        }
        let common = fitting.dropFirst().reduce(first) { $0.commonPrefix(with: $1) }
        if common.count > partial.count { return CompletionResult(insertion: String(common.dropFirst(partial.count))) }
        return CompletionResult(choices: fitting)
    }

    private static func needsQuotes(_ text: String) -> Bool {
        text.contains { " \t\n;\"'#>|".contains($0) }
    }

    /// Numbers in a name compare as numbers: 2 before 10.
    static func naturally(_ a: String, _ b: String) -> Bool {
        if let x = Int(a), let y = Int(b) { return x < y }
        return a < b
    }

    /// Choices in columns, at most forty of them.
    static func listing(_ choices: [String], width: Int) -> String {
        let shown = choices.prefix(40).map { TextWidth.visible($0, keepingLines: false) }
        let cell = (shown.map(TextWidth.columns).max() ?? 0) + 2
        let perLine = max(1, width / cell)
        var text = ""
        for (index, choice) in shown.enumerated() {
            let endsLine = index % perLine == perLine - 1 || index == shown.count - 1
            text += endsLine ? choice + "\n" : TextWidth.padded(choice, to: cell)
        }
        if choices.count > shown.count { text += "… and \(choices.count - shown.count) more\n" }
        return text
    }
}
