import Terminal

/// What the Tab key does: text to insert at the cursor, and choices to show when there is no single one.
package struct CompletionResult: Equatable, Sendable {
    /// What is typed for the user.
    package var insertion: String
    /// Shown below the line; none where something was inserted.
    package var choices: [String]

    /// Nothing by itself.
    package init(insertion: String = "", choices: [String] = []) {
        self.insertion = insertion
        self.choices = choices
    }
}

/// Choices and what was typed so far, made into what the Tab key does.
package enum TabCompletion {
    /// Choices that begin with `partial`, as what the Tab key shall do. A choice that ends in `/` or `=` is not closed
    /// by a blank. What cannot be typed where the cursor stands is no choice.
    package static func result(_ choices: [String], partial: String, quote: Quote?) -> CompletionResult {
        func typed(_ text: Substring) -> String? { quote.map { $0.holding(String(text)) } ?? String(text) }
        let fitting = Set(
            choices.filter { choice in
                choice.hasPrefix(partial) && (quote == nil ? !needsQuotes(choice) : typed(choice[...]) != nil)
            }
        ).sorted(by: naturally)
        guard let first = fitting.first else { return CompletionResult() }
        if fitting.count == 1, let rest = typed(first.dropFirst(partial.count)) {
            let isOpen = first.hasSuffix("/") || first.hasSuffix("=")
            return CompletionResult(insertion: rest + (isOpen ? "" : (quote.map { String($0.closing) } ?? "") + " "))
        }
        let common = fitting.dropFirst().reduce(first) { $0.commonPrefix(with: $1) }
        if common.count > partial.count, let insertion = typed(common.dropFirst(partial.count)) {
            return CompletionResult(insertion: insertion)
        }
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
