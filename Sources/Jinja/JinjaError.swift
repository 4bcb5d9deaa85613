import Compute

/// What is wrong with a template, or what it says of itself while it is rendered.
package struct JinjaError: GenacError {
    /// When it was found.
    package enum Kind: Sendable {
        /// It cannot be parsed.
        case syntax
        /// It failed while it was rendered.
        case rendering
        /// It raised the message itself (`raise_exception`).
        case raised
    }

    /// When it was found.
    package let kind: Kind
    /// In words, without a place.
    package let what: String
    /// Counted from 1, of the part at fault.
    package let line: Int
    /// Counted from 1, in Unicode scalars.
    package let column: Int

    package var location: String? { "template, line \(line), column \(column)" }
    package var hint: String? { kind == .syntax ? Self.understood : nil }

    /// How much of the language is read.
    package static let understood =
        "the Jinja that chat templates use is understood; full Jinja (import, include, extends) is not"
}

/// Something wrong in a template, at an index into its scalars; `JinjaTemplate` turns the index into line and column.
struct JinjaFailure: Error {
    var kind: JinjaError.Kind
    var message: String
    var position: Int

    static func syntax(_ message: String, at position: Int) -> JinjaFailure {
        JinjaFailure(kind: .syntax, message: message, position: position)
    }

    func error(in source: [Unicode.Scalar]) -> JinjaError {
        var line = 1, column = 1
        for scalar in source.prefix(position) {
            column += 1
            if scalar == "\n" { (line, column) = (line + 1, 1) }
        }
        return JinjaError(kind: kind, what: message, line: line, column: column)
    }
}
