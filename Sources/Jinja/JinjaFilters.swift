import Formats

/// `x | filter(…)`.
enum JinjaFilters {
    static let names: Set<String> = text.union(lists)

    static let text: Set<String> = [
        "trim", "upper", "lower", "capitalize", "title", "replace", "indent", "string", "safe", "tojson", "wordcount",
        "int", "float", "abs", "round", "default", "d", "length", "count",
    ]
    static let lists: Set<String> = [
        "join", "first", "last", "reverse", "map", "select", "reject", "selectattr", "rejectattr", "items", "dictsort",
        "list",
        "unique", "sort", "sum", "min", "max", "batch",
    ]
}

extension JinjaInterpreter {
    func apply(filter name: String, to value: JinjaValue, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        try step()
        // Only here: a branch never taken may use what we do not know, as in Jinja.
        guard JinjaFilters.names.contains(name) else { throw fail("there is no filter named '\(name)'") }
        return JinjaFilters.lists.contains(name)
            ? try applyList(name, value, arguments) : try applyText(name, value, arguments)
    }

    private func applyText(_ name: String, _ value: JinjaValue, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        switch name {
        case "default", "d":
            let alsoFalse = arguments.value(1, "boolean")?.isTrue ?? false
            let isMissing = value.isUndefined || (alsoFalse && !value.isTrue)
            return isMissing ? arguments.value(0, "default_value") ?? .string("") : value
        case "tojson": return try make(json(value, try jsonStyle(arguments)))
        case "length", "count": return .integer(try length(value))
        case "int", "float", "abs", "round": return try number(name, value, arguments)
        case "trim":
            let characters = try arguments.value(0, "chars").flatMap { try neededTextOrNone($0, name) }
            return try make(JinjaText.strip(try text(of: value), characters, left: true, right: true))
        case "upper": return try make(try text(of: value).uppercased())
        case "lower": return try make(try text(of: value).lowercased())
        case "capitalize": return try make(JinjaText.capitalize(try text(of: value)))
        case "title":
            return try make(
                JinjaText.title(try text(of: value), capital: \.uppercaseMapping) {
                    isPythonSpace($0) || "-({[<".unicodeScalars.contains($0)
                })
        case "replace":
            let (old, new) = (
                try neededText(arguments.value(0, "old"), name), try neededText(arguments.value(1, "new"), name)
            )
            return .string(try replace(old, with: new, in: try text(of: value), count: arguments.value(2, "count")))
        case "indent": return try indent(try neededText(value, name), arguments)
        case "wordcount": return .integer(JinjaText.splitAtSpace(try text(of: value), limit: .max).count)
        default: return try make(try text(of: value))
        }
    }

    private func neededTextOrNone(_ value: JinjaValue, _ user: String) throws -> String? {
        if case .none = value { return nil }
        return try neededText(value, user)
    }

    private func length(_ value: JinjaValue) throws -> Int {
        switch value {
        case .string(let text): return text.unicodeScalars.count
        case .list(let list) where list.kind != .lazy: return list.elements.count
        case .dictionary(let dictionary): return dictionary.members.count
        case .undefined: return 0
        case .loop(let loop): return loop.elements.count
        default: throw fail("\(value.kind) has no length")
        }
    }

    private func jsonStyle(_ arguments: JinjaCallArguments) throws -> JSONStyle {
        var style = JSONStyle(asciiOnly: arguments.value(0, "ensure_ascii")?.isTrue ?? false)
        if let indent = arguments.value(1, "indent") {
            if let width = indent.asInteger {
                style.indent = try repeated(" ", min(width, 64))
            } else {
                style.indent = try neededTextOrNone(indent, "tojson")
            }
        }
        if style.indent != nil { style.itemSeparator = "," }
        if let separators = arguments.value(2, "separators"), case .list(let pair) = separators,
            pair.elements.count == 2
        {
            style.itemSeparator = try neededText(pair.elements[0], "tojson")
            style.keySeparator = try neededText(pair.elements[1], "tojson")
        }
        style.sortsKeys = arguments.value(3, "sort_keys")?.isTrue ?? false
        return style
    }

    private func number(_ name: String, _ value: JinjaValue, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        if case .undefined(let message) = value { throw fail(message) }
        switch name {
        case "int":
            let standard = arguments.value(0, "default") ?? .integer(0)
            if let integer = value.asInteger { return .integer(integer) }
            let text = value.asString.map { JinjaText.strip($0, nil, left: true, right: true) }
            if let text, let integer = Int(text) { return .integer(integer) }
            return (value.asNumber ?? text.flatMap { Double($0) }).flatMap { Int(exactly: $0.rounded(.towardZero)) }.map
            { .integer($0) }
                ?? standard
        case "float":
            let text = value.asString.map { JinjaText.strip($0, nil, left: true, right: true) }
            return (value.asNumber ?? text.flatMap { Double($0) }).map { .float($0) } ?? arguments.value(0, "default")
                ?? .float(0)
        case "abs":
            if let integer = value.asInteger, integer != .min { return .integer(abs(integer)) }
            guard let number = value.asNumber else { throw fail("'abs' needs a number, not \(value.kind)") }
            return .float(abs(number))
        default: return try round(value, arguments)
        }
    }

    private func round(_ value: JinjaValue, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        guard let number = value.asNumber else { throw fail("'round' needs a number, not \(value.kind)") }
        let digits = min(max(arguments.value(0, "precision")?.asInteger ?? 0, 0), 15)
        let rule: FloatingPointRoundingRule
        let method = arguments.value(1, "method")?.asString ?? "common"
        if method == "common", let integer = value.asInteger { return .integer(integer) }
        switch method {
        case "common": rule = .toNearestOrEven
        case "ceil": rule = .up
        case "floor": rule = .down
        default: throw fail("'round' knows common, ceil and floor")
        }
        let scale = (0..<digits).reduce(1.0) { scale, _ in scale * 10 }
        return .float((number * scale).rounded(rule) / scale)
    }

    private func indent(_ text: String, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        let width = arguments.value(0, "width") ?? .integer(4)
        let margin = try width.asString ?? repeated(" ", width.asInteger ?? 4)
        let lines = JinjaText.splitLines(text + "\n")
        let total = margin.utf8.count.multipliedReportingOverflow(by: lines.count)
        try charge(total.overflow ? .max : total.partialValue)
        let indentsBlank = arguments.value(2, "blank")?.isTrue ?? false
        let indented = lines.enumerated().map { index, line in
            index == 0 || (line.isEmpty && !indentsBlank) ? line : margin + line
        }
        let result = indented.joined(separator: "\n")
        return try make(arguments.value(1, "first")?.isTrue ?? false ? margin + result : result)
    }
}
