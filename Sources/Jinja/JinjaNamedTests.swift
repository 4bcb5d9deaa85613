import Formats

/// `x is test`.
enum JinjaTestNames {
    static let names: Set<String> = [
        "defined", "undefined", "none", "string", "mapping", "iterable", "sequence", "number", "integer", "float",
        "boolean",
        "true", "false", "even", "odd", "divisibleby", "callable", "sameas", "lower", "upper", "in", "eq", "equalto",
        "ne", "lt",
        "lessthan", "le", "gt", "greaterthan", "ge",
    ]

    static let comparisons: [String: JinjaExpression.Comparison] = [
        "in": .isIn, "eq": .equal, "equalto": .equal, "sameas": .equal, "ne": .notEqual, "lt": .less, "lessthan": .less,
        "le": .lessOrEqual, "gt": .greater, "greaterthan": .greater, "ge": .greaterOrEqual,
    ]
}

extension JinjaInterpreter {
    func apply(test name: String, to value: JinjaValue, _ arguments: [JinjaValue]) throws -> Bool {
        guard JinjaTestNames.names.contains(name) else { throw fail("there is no test named '\(name)'") }
        if let comparison = JinjaTestNames.comparisons[name] {
            guard arguments.count == 1 else { throw fail("the test '\(name)' needs one argument") }
            return try compare(value, comparison, arguments[0])
        }
        guard name == "divisibleby" || arguments.isEmpty else { throw fail("the test '\(name)' takes no argument") }
        switch (name, value) {
        case ("defined", _): return !value.isUndefined
        case ("undefined", _): return value.isUndefined
        case ("none", .none), ("string", .string), ("mapping", .dictionary), ("integer", .integer), ("float", .float),
            ("boolean", .bool), ("number", .integer), ("number", .float), ("number", .bool),
            ("iterable", .string), ("iterable", .list), ("iterable", .dictionary), ("iterable", .undefined),
            ("iterable", .loop),
            ("sequence", .string), ("sequence", .dictionary), ("sequence", .undefined),
            ("callable", .macro), ("callable", .function), ("callable", .method), ("true", .bool(true)),
            ("false", .bool(false)):
            return true
        case ("sequence", .list(let list)): return list.kind != .lazy
        case ("even", _), ("odd", _), ("divisibleby", _):
            guard let number = value.asInteger, let divisor = name == "divisibleby" ? arguments.first?.asInteger : 2,
                divisor != 0
            else { throw fail("the test '\(name)' needs integers") }
            return (divisor == -1 || number % divisor == 0) == (name != "odd")
        case ("lower", _), ("upper", _):
            let text = try text(of: value)
            let isCased = text.unicodeScalars.contains { $0.properties.isCased }
            return isCased && text.hasSameBytes(as: name == "lower" ? text.lowercased() : text.uppercased())
        default: return false
        }
    }
}
