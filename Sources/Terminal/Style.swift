/// Colours by what they mean; nothing is said by colour alone.
package struct Style: Sendable {
    package let hasColour: Bool

    package init(hasColour: Bool) { self.hasColour = hasColour }

    package func bold(_ text: String) -> String { wrap(text, "1") }
    package func faint(_ text: String) -> String { wrap(text, "2") }
    package func good(_ text: String) -> String { wrap(text, "32") }
    package func bad(_ text: String) -> String { wrap(text, "31") }
    package func warning(_ text: String) -> String { wrap(text, "33") }
    package func accent(_ text: String) -> String { wrap(text, "36") }
    /// The colour of one of several lines in a chart.
    package func series(_ index: Int, _ text: String) -> String {
        wrap(text, ["36", "33", "35", "32", "34", "31"][index % 6])
    }

    private func wrap(_ text: String, _ code: String) -> String {
        hasColour && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
