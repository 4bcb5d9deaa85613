/// An escape inside `"…"`. It was one when `"…"` took JSON's escapes, and is plain text now: a script from then
/// would go on in silence with other text.
package struct OldEscape: Sendable, Equatable {
    /// As it is written, with its backslash.
    package let text: String
    /// Where the quote opens.
    package let position: SourcePosition

    /// The first one in `raw`; nil where there is none.
    init?(inside raw: ArraySlice<Unicode.Scalar>, _ position: SourcePosition) {
        var rest = raw
        while let scalar = rest.popFirst() {
            guard scalar == "\\" else { continue }
            if let text = Self.escape(rest) {
                (self.text, self.position) = (text, position)
                return
            }
            // The second backslash of LaTeX's row break begins nothing.
            rest = rest.dropFirst()
        }
        return nil
    }

    /// `\n` and `\t` before a small letter are LaTeX's (`\nu`, `\theta`).
    private static func escape(_ rest: ArraySlice<Unicode.Scalar>) -> String? {
        guard let letter = rest.first else { return nil }
        switch letter {
        case "n", "t":
            if let next = rest.dropFirst().first, ("a"..."z").contains(next) { return nil }
            return "\\\(letter)"
        case "u":
            let digits = rest.dropFirst().prefix(4)
            guard digits.count == 4, digits.allSatisfy(\.properties.isASCIIHexDigit) else { return nil }
            return "\\u" + String(String.UnicodeScalarView(digits))
        default: return nil
        }
    }

    var warning: String { "\(text) inside \"…\" is plain text now; write $'…' where escapes are meant (said once)" }
}
