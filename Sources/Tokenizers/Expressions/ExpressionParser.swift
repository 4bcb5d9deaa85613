/// Reads Oniguruma's Ruby syntax. The classes in brackets are read by an extension.
struct ExpressionParser {
    let scalars: [Unicode.Scalar]
    var index = 0
    /// `(?i)` and `(?m)`, where the dot matches line breaks too.
    var ignoresCase = false
    private var dotMatchesAll = false
    private var depth = 0

    private static let deepest = 40
    static let largestCount = 1000

    init(_ source: String) { scalars = Array(source.unicodeScalars) }

    mutating func parse() throws -> ExpressionNode {
        let node = try alternatives()
        guard index == scalars.count else { throw ExpressionError(what: "a ) that closes nothing") }
        return node
    }

    // MARK: Reading

    var next: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        index += 1
        return true
    }

    mutating func take(_ text: String) -> Bool {
        guard scalars[index...].starts(with: text.unicodeScalars) else { return false }
        index += text.unicodeScalars.count
        return true
    }

    mutating func takeAny(_ what: String) throws -> Unicode.Scalar {
        guard let scalar = next else { throw ExpressionError(what: "an end in the middle of \(what)") }
        index += 1
        return scalar
    }

    mutating func text(until end: Unicode.Scalar, of what: String) throws -> String {
        var text = String.UnicodeScalarView()
        while true {
            let scalar = try takeAny(what)
            if scalar == end { return String(text) }
            text.append(scalar)
        }
    }

    // MARK: Structure

    private mutating func alternatives() throws -> ExpressionNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { throw ExpressionError(what: "groups deeper than \(Self.deepest)") }
        var choices = [try sequence()]
        while take("|") { choices.append(try sequence()) }
        return choices.count == 1 ? choices[0] : .choice(choices)
    }

    private mutating func sequence() throws -> ExpressionNode {
        var nodes: [ExpressionNode] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            let start = index
            let node = try atom()
            let atomEnd = index
            let repeated = try repeats(node)
            if index > atomEnd { try checkRepeated(node, from: start) }
            nodes.append(repeated)
        }
        try checkPairs(nodes)
        return nodes.isEmpty ? .empty : nodes.count == 1 ? nodes[0] : .sequence(nodes)
    }

    private func checkRepeated(_ node: ExpressionNode, from start: Int) throws {
        switch node {
        case .look, .anchor, .empty:
            throw ExpressionError(what: "a repeat of what takes no text, at \(quoted(from: start))")
        default: break
        }
    }

    private func quoted(from start: Int) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars[start..<index])
        return String(text)
    }

    /// A scalar, a class, a group or an anchor.
    private mutating func atom() throws -> ExpressionNode {
        let scalar = try takeAny("the pattern")
        switch scalar {
        case "(": return try group()
        case "[": return .one(try folded(try bracketClass()))
        case ".": return .one(dotMatchesAll ? .any : .not(.scalar(0x0A)))
        case "^": return .anchor(.lineStart)
        case "$": return .anchor(.lineEnd)
        case "\\": return try escape()
        case "*", "+", "?": throw ExpressionError(what: "a \(scalar) that repeats nothing")
        default: return .one(try folded(.scalar(scalar.value)))
        }
    }

    private mutating func group() throws -> ExpressionNode {
        guard take("?") else { return try closing { try $0.alternatives() } }
        if take("#") {
            _ = try text(until: ")", of: "a comment")
            return .sequence([])
        }
        for (opening, make) in Self.groups where take(opening) { return make(try closing { try $0.alternatives() }) }
        if take("<") || take("'") {
            let quote: Unicode.Scalar = scalars[index - 1] == "<" ? ">" : "'"
            _ = try text(until: quote, of: "a group's name")
            return try closing { try $0.alternatives() }
        }
        return try options()
    }

    private static let groups: [(String, @Sendable (ExpressionNode) -> ExpressionNode)] = [
        (":", { $0 }), (">", { .atomic($0) }), ("=", { .look($0, behind: false, negative: false) }),
        ("!", { .look($0, behind: false, negative: true) }), ("<=", { .look($0, behind: true, negative: false) }),
        ("<!", { .look($0, behind: true, negative: true) }),
    ]

    private mutating func closing(_ body: (inout Self) throws -> ExpressionNode) throws -> ExpressionNode {
        let (oldCase, oldDot) = (ignoresCase, dotMatchesAll)
        let node = try body(&self)
        guard take(")") else { throw ExpressionError(what: "a ( that is never closed") }
        (ignoresCase, dotMatchesAll) = (oldCase, oldDot)
        return node
    }

    /// `(?i:…)`, or `(?i)` for the rest of the group, alternatives and all.
    private mutating func options() throws -> ExpressionNode {
        let (oldCase, oldDot) = (ignoresCase, dotMatchesAll)
        var on = true
        while true {
            let scalar = try takeAny("a group's options")
            switch scalar {
            case "-": on = false
            case "i": ignoresCase = on
            case "m": dotMatchesAll = on
            case ":":
                let node = try alternatives()
                guard take(")") else { throw ExpressionError(what: "a ( that is never closed") }
                (ignoresCase, dotMatchesAll) = (oldCase, oldDot)
                return node
            case ")": return try alternatives()
            default: throw ExpressionError(what: "the group (?\(scalar)")
            }
        }
    }

    // MARK: Repeats

    private mutating func repeats(_ node: ExpressionNode) throws -> ExpressionNode {
        let start = index
        guard let (least, most, isInterval) = try count() else { return node }
        if isInterval, least == most, next == "?" { throw ExpressionError(what: "{n}? (whose meaning differs)") }
        let greed: ExpressionNode.Greed = take("?") ? .lazy : !isInterval && take("+") ? .possessive : .greedy
        if most == nil, node.canBeEmpty {
            throw ExpressionError(what: "an endless repeat of what may be empty, at \(quoted(from: start))")
        }
        let repeated = ExpressionNode.repeated(node, least: least, most: most, greed)
        // In Ruby's syntax a + behind an interval repeats it.
        if isInterval, next == "+" { return try repeats(repeated) }
        let afterwards = index
        if try count() != nil { throw ExpressionError(what: "a repeat of a repeat, at \(quoted(from: afterwards))") }
        return repeated
    }

    /// `*`, `+`, `?`, `{n}`, `{n,}`, `{,m}`, `{n,m}`; nil, and nothing read, for anything else.
    private mutating func count() throws -> (least: Int, most: Int?, isInterval: Bool)? {
        if take("*") { return (0, nil, false) }
        if take("+") { return (1, nil, false) }
        if take("?") { return (0, 1, false) }
        let start = index
        guard take("{") else { return nil }
        let least = number()
        let hasComma = take(",")
        let most = hasComma ? number() : least
        guard take("}"), least != nil || most != nil else {
            index = start
            return nil
        }
        guard max(least ?? 0, most ?? 0) <= Self.largestCount, (least ?? 0) <= (most ?? .max) else {
            throw ExpressionError(what: "an interval beyond \(Self.largestCount), or backwards")
        }
        return (least ?? 0, most, true)
    }

    private mutating func number() -> Int? {
        var value: Int?
        while let scalar = next, ("0"..."9").contains(scalar), (value ?? 0) <= Self.largestCount {
            value = (value ?? 0) * 10 + Int(scalar.value - 0x30)
            index += 1
        }
        return value
    }
}
