/// How much a template may ask for. Real ones stay a hundred times below; forged ones end in an error.
enum JinjaLimits {
    /// Scalars of source.
    static let source = 1 << 18
    /// Nesting of expressions, and of statements.
    static let depth = 120
    /// Nesting while rendering, macros included; it bounds the machine's stack.
    static let renderingDepth = 250
    /// Statements and expressions evaluated.
    static let steps = 5_000_000
    /// Bytes of text, list elements and the like produced, all together; so also a bound on what is alive at a time.
    static let produced = 1 << 26
    /// Bytes of one string.
    static let string = 1 << 21
    /// Bytes that an element of a list counts as, with the box it lies in.
    static let element = 48
    /// Bytes that a macro or namespace counts as, which stay until the end.
    static let object = 256
    /// Lists in lists.
    static let valueDepth = 64
}
