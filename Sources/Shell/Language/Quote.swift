/// The ways to quote text.
package enum Quote: Sendable, Equatable {
    /// `"…"`: only `\"` and a backslash before the line's end are escapes, so that LaTeX stays what it is, `\\` too.
    case double
    /// `'…'`: everything is itself.
    case literal
    /// `$'…'`: a backslash begins an escape.
    case escaped

    var opening: String {
        switch self {
        case .double: "\""
        case .literal: "'"
        case .escaped: "$'"
        }
    }

    var closing: Unicode.Scalar { self == .double ? "\"" : "'" }

    /// What stands between the quotes, with them.
    func enclosing(_ inside: String) -> String { "\(opening)\(inside)\(closing)" }

    /// `text` as it is written between the quotes; nil where this kind cannot hold it.
    func holding(_ text: String) -> String? {
        let scalars = text.unicodeScalars
        switch self {
        case .double:
            guard !scalars.contains("\n"), !Self.hasLoneBackslashBeforeQuote(scalars) else { return nil }
            return Self.joined(scalars) { $0 == "\"" ? "\\\"" : nil }
        case .literal:
            return scalars.contains("'") ? nil : text
        case .escaped:
            return Self.escaping(text)
        }
    }

    /// What `$'…'` holds, which can be any text.
    static func escaping(_ text: String) -> String { joined(text.unicodeScalars, escape) }

    /// An odd backslash before a quote, the closing one too, would take the quote's own escape away.
    private static func hasLoneBackslashBeforeQuote(_ scalars: String.UnicodeScalarView) -> Bool {
        var isOdd = false
        for scalar in scalars {
            if scalar == "\"", isOdd { return true }
            isOdd = scalar == "\\" && !isOdd
        }
        return isOdd
    }

    private static func joined(
        _ scalars: String.UnicodeScalarView, _ replacement: (Unicode.Scalar) -> String?
    ) -> String {
        var result = String.UnicodeScalarView()
        for scalar in scalars {
            if let text = replacement(scalar) {
                result.append(contentsOf: text.unicodeScalars)
            } else {
                result.append(scalar)
            }
        }
        return String(result)
    }

    /// How `$'…'` writes what it cannot hold as it is.
    private static func escape(_ scalar: Unicode.Scalar) -> String? {
        switch scalar {
        case "'": return "\\'"
        case "\\": return "\\\\"
        case "\n": return "\\n"
        case "\r": return "\\r"
        case "\t": return "\\t"
        case _ where scalar.properties.generalCategory == .control:
            let digits = String(scalar.value, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: return nil
        }
    }
}
