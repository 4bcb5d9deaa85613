/// Colours by what they mean; nothing is said by colour alone.
public struct Style: Sendable {
    public let hasColour: Bool

    public init(hasColour: Bool) { self.hasColour = hasColour }

    public func bold(_ text: String) -> String { wrap(text, "1") }
    public func faint(_ text: String) -> String { wrap(text, "2") }
    public func good(_ text: String) -> String { wrap(text, "32") }
    public func bad(_ text: String) -> String { wrap(text, "31") }
    public func warning(_ text: String) -> String { wrap(text, "33") }
    public func accent(_ text: String) -> String { wrap(text, "36") }
    /// The colour of one of several lines in a chart.
    public func series(_ index: Int, _ text: String) -> String { wrap(text, ["36", "33", "35", "32", "34", "31"][index % 6]) }

    private func wrap(_ text: String, _ code: String) -> String {
        hasColour && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
