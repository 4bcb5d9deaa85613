extension ExpressionParser {
    /// What stands between `[` and its `]`.
    mutating func bracketClass() throws -> ScalarSet {
        let isNegated = take("^")
        if next == "]" { throw ExpressionError(what: "a class that begins with ]") }
        var parts: [ScalarSet] = []
        var members: [ScalarSet] = []
        while true {
            if take("]") { break }
            if take("&&") {
                parts.append(.union(members))
                members = []
            } else {
                members.append(try member(isFirst: members.isEmpty))
            }
        }
        parts.append(.union(members))
        let set: ScalarSet = parts.count == 1 ? parts[0] : .intersection(parts)
        // The members ignore case, not what is left when they are taken away.
        return isNegated ? .not(try folded(set, isNegated: true)) : set
    }

    private mutating func member(isFirst: Bool) throws -> ScalarSet {
        let scalar = try takeAny("a class")
        switch scalar {
        case "[":
            if take(":") { return try posixClass() }
            return try bracketClass()
        case "-" where isFirst || next == "]": return .scalar(0x2D)
        case "-": throw ExpressionError(what: "a - in a class that begins no range")
        case "\\":
            if take("b") { return .scalar(0x08) }
            if let next, "dDsSwWhHpP".unicodeScalars.contains(next) {
                let set = try setEscape()
                if self.next == "-", index + 1 < scalars.count, scalars[index + 1] != "]" {
                    throw ExpressionError(what: "a range that begins with a set")
                }
                return set
            }
            return try range(from: try scalarEscape())
        default: return try range(from: scalar.value)
        }
    }

    private mutating func range(from low: UInt32) throws -> ScalarSet {
        guard next == "-", index + 1 < scalars.count, scalars[index + 1] != "]" else { return .scalar(low) }
        index += 1
        let scalar = try takeAny("a range")
        let high: UInt32
        switch scalar {
        case "[": throw ExpressionError(what: "a range that ends with a set")
        case "\\":
            if let next, "bdDsSwWhHpP".unicodeScalars.contains(next) {
                throw ExpressionError(what: "a range that ends with \\\(next)")
            }
            high = try scalarEscape()
        default: high = scalar.value
        }
        guard low <= high else { throw ExpressionError(what: "a range backwards") }
        return .range(low...high)
    }

    /// `[:alpha:]`; Oniguruma counts symbols among `punct`.
    private mutating func posixClass() throws -> ScalarSet {
        let isNegated = take("^")
        let name = try text(until: ":", of: "a class's name")
        guard take("]"), let names = Self.posixClasses[name]
        else {
            throw ExpressionError(what: "the class [:\(name):]")
        }
        let union = ScalarSet.union(names.compactMap(ScalarProperty.init(named:)).map { .property($0) })
        return isNegated ? .not(union) : union
    }

    private static let posixClasses = [
        "alpha": ["Alphabetic"], "digit": ["Nd"], "space": ["White_Space"], "upper": ["Uppercase"],
        "lower": ["Lowercase"], "punct": ["P", "S"], "alnum": ["Alphabetic", "Nd"], "cntrl": ["Cc"],
    ]
}
