/// What a command's text result is written on: knows the width and the colours of where it goes.
package struct Page {
    private let output: Output
    /// Colours, or none.
    package let style: Style

    /// A page on an output.
    package init(_ output: Output) {
        self.output = output
        style = Style(hasColour: output.hasColour)
    }

    /// In columns.
    package var width: Int { output.columns }

    /// A line, or an empty one; a person gets one that is wider than the terminal in several, broken at blanks.
    package func line(_ text: String = "") { output.prose(text) }

    /// Text from a model or a file, control characters made visible; wrapped only where a person reads it.
    /// - Parameters:
    ///   - rows: of a terminal, that it takes at most.
    ///   - rest: where the rest is to be found, which is said below it.
    package func quoted(_ text: String, indent: Int = 0, rows: Int = .max, rest: String = "") {
        let margin = String(repeating: " ", count: indent), text = TextWidth.visible(text)
        guard output.isTerminal, indent > 0 else {
            for line in text.split(separator: "\n", omittingEmptySubsequences: false) { output.line(margin + line) }
            return
        }
        let lines = TextWidth.wrapped(text, to: width - indent), isWhole = lines.count <= rows
        for line in isWhole ? lines[...] : lines.prefix(rows - 1) { output.line(margin + line) }
        if !isWhole { line(margin + style.faint("… and \(lines.count - rows + 1) lines more; \(rest)")) }
    }

    /// Names and what they mean, a line each; for a person a meaning that is wider goes on below itself.
    package func meanings(_ entries: [(name: String, meaning: String)], indent: Int = 0) {
        let width = (entries.map { TextWidth.columns($0.name) }.max() ?? 0) + 2
        let margin = String(repeating: " ", count: indent), gap = String(repeating: " ", count: indent + width)
        for (name, meaning) in entries {
            let room = self.width - indent - width
            let lines = output.isTerminal && room >= 20 ? TextWidth.wrapped(meaning, to: room) : [meaning]
            for (place, line) in lines.enumerated() {
                output.prose((place == 0 ? margin + TextWidth.padded(name, to: width) : gap) + line)
            }
        }
    }

    /// A table as wide as the page at most; off a terminal it is never broken into parts.
    package func table(_ table: Table) {
        for line in table.lines(width: width, isTerminal: output.isTerminal, style: style) { output.line(line) }
    }
}
