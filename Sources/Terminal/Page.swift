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

    /// A line, or an empty one.
    package func line(_ text: String = "") { output.line(text) }

    /// Text from a model or a file, control characters made visible; wrapped only where a person reads it.
    package func quoted(_ text: String, indent: Int = 0) {
        let margin = String(repeating: " ", count: indent)
        for line in TextWidth.visible(text).split(separator: "\n", omittingEmptySubsequences: false) {
            guard output.isTerminal, indent > 0 else {
                output.line(margin + line)
                continue
            }
            for part in TextWidth.wrapped(String(line), to: width - indent) { output.line(margin + part) }
        }
    }

    /// A table as wide as the page at most.
    package func table(_ table: Table) {
        for line in table.lines(width: width, style: style) { output.line(line) }
    }
}
