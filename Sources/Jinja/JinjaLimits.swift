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
