/// Something wrong in a template, at an index into its scalars; `ChatTemplate` turns the index into line and column.
struct JinjaFailure: Error {
    enum Kind { case syntax, rendering, raised }
    var kind: Kind
    var message: String
    var position: Int

    static func syntax(_ message: String, at position: Int) -> JinjaFailure {
        JinjaFailure(kind: .syntax, message: message, position: position)
    }

    func error(in source: [Unicode.Scalar]) -> TokenizersError {
        if kind == .raised { return .templateRaised(message) }
        var line = 1, column = 1
        for scalar in source.prefix(position) {
            column += 1
            if scalar == "\n" { (line, column) = (line + 1, 1) }
        }
        return kind == .syntax
            ? .templateSyntax(message, line: line, column: column)
            : .templateFailed(message, line: line, column: column)
    }
}

/// How much a template may ask for. Real ones stay a hundred times below; forged ones end in an error.
enum JinjaLimits {
    /// Scalars of source.
    static let source = 1 << 20
    /// Nesting of expressions, and of statements.
    static let depth = 120
    /// Nesting while rendering, macros included; it bounds the machine's stack.
    static let renderingDepth = 250
    /// Statements and expressions evaluated.
    static let steps = 5_000_000
    /// Bytes of text and list elements produced, all together.
    static let produced = 1 << 29
    /// Bytes of one string.
    static let string = 1 << 26
    /// Lists in lists.
    static let valueDepth = 64
}
