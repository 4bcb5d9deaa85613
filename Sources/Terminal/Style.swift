/// Colours by what they mean; nothing is said by colour alone.
package struct Style: Sendable {
    /// Whether escape sequences are written.
    package let hasColour: Bool

    /// - Parameter hasColour: false: every text stays as it is.
    package init(hasColour: Bool) { self.hasColour = hasColour }

    /// Headings.
    package func bold(_ text: String) -> String { wrap(text, "1") }
    /// Remarks.
    package func faint(_ text: String) -> String { wrap(text, "2") }
    /// What is right, or better.
    package func good(_ text: String) -> String { wrap(text, "32") }
    /// What is wrong, or worse.
    package func bad(_ text: String) -> String { wrap(text, "31") }
    /// What went wrong without ending the work.
    package func warning(_ text: String) -> String { wrap(text, "33") }
    /// What stands out.
    package func accent(_ text: String) -> String { wrap(text, "36") }
    /// The colour of one of several lines in a chart.
    package func series(_ index: Int, _ text: String) -> String {
        wrap(text, ["36", "33", "35", "32", "34", "31"][index % 6])
    }

    private func wrap(_ text: String, _ code: String) -> String {
        hasColour && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
