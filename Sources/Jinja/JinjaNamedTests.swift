import Formats

/// `x is test`.
enum JinjaTestNames {
    static let names = Set(kinds).union(comparisons.keys).union([
        "sameas", "even", "odd", "divisibleby", "lower", "upper", "filter", "test",
    ])

    /// Those that ask what a value is.
    private static let kinds = [
        "defined", "undefined", "none", "string", "mapping", "iterable", "sequence", "number", "integer", "float",
        "boolean", "true", "false", "callable", "escaped",
    ]

    static let comparisons: [String: JinjaExpression.Comparison] = [
        "in": .isIn, "==": .equal, "eq": .equal, "equalto": .equal, "!=": .notEqual, "ne": .notEqual,
        "<": .less, "lt": .less, "lessthan": .less, "<=": .lessOrEqual, "le": .lessOrEqual,
        ">": .greater, "gt": .greater, "greaterthan": .greater, ">=": .greaterOrEqual, "ge": .greaterOrEqual,
    ]
}

extension JinjaInterpreter {
    func apply(test name: String, to value: JinjaValue, _ arguments: JinjaCallArguments) throws -> Bool {
        try step(through: value)
        guard JinjaTestNames.names.contains(name) else { throw fail("there is no test named '\(name)'") }
        if let comparison = JinjaTestNames.comparisons[name] {
            try check(arguments, name, name == "in" ? ["seq"] : ["other", "/"])
            return try compare(value, comparison, arguments.value(0, "seq") ?? .none)
        }
        switch name {
        case "sameas":
            try check(arguments, name, ["other"])
            return try isSame(value, arguments.value(0, "other") ?? .none)
        case "divisibleby":
            try check(arguments, name, ["num"])
            return try isDivisible(value, by: arguments.value(0, "num") ?? .none)
        default: try check(arguments, name, [])
        }
        switch name {
        case "even": return try isDivisible(value, by: .integer(2))
        case "odd": return try equal(try compute(.modulo, value, .integer(2)), .integer(1))
        case "lower": return JinjaText.hasProperty("islower", try text(of: value))
        case "upper": return JinjaText.hasProperty("isupper", try text(of: value))
        case "filter": return value.asString.map(JinjaFilters.names.contains) ?? false
        case "test": return value.asString.map(JinjaTestNames.names.contains) ?? false
        default: return isKind(name, value)
        }
    }

    private func isDivisible(_ value: JinjaValue, by divisor: JinjaValue) throws -> Bool {
        try equal(try compute(.modulo, value, divisor), .integer(0))
    }

    /// Python's `is`. Of strings, numbers and lists that are alike nobody can say whether they are the same.
    private func isSame(_ a: JinjaValue, _ b: JinjaValue) throws -> Bool {
        switch (a, b) {
        case (.bool(let a), .bool(let b)): a == b
        case (.bool, _), (_, .bool), (.float, .integer), (.integer, .float): false
        case (.safe, .string), (.string, .safe): false
        default: try equal(a, b)
        }
    }

    private func isKind(_ name: String, _ value: JinjaValue) -> Bool {
        switch (name, value) {
        case ("defined", _): !value.isUndefined
        case ("undefined", .undefined), ("none", .none), ("mapping", .dictionary), ("integer", .integer),
            ("float", .float), ("boolean", .bool), ("true", .bool(true)), ("false", .bool(false)), ("escaped", .safe),
            ("number", .integer), ("number", .float), ("number", .bool),
            ("callable", .macro), ("callable", .function), ("callable", .method), ("callable", .loop),
            // An undefined value has all of these methods, though they do nothing.
            ("callable", .undefined), ("iterable", .undefined), ("sequence", .undefined),
            ("iterable", .list), ("iterable", .dictionary), ("iterable", .iterator), ("iterable", .loop),
            ("sequence", .dictionary):
            true
        case ("sequence", .list(let list)): list.kind.isIndexed
        case ("callable", .helper(let helper)): if case .joiner = helper.kind { true } else { false }
        case ("string", _), ("iterable", _), ("sequence", _): value.asString != nil
        default: false
        }
    }
}
