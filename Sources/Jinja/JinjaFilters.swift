import Formats

/// `x | filter(…)`: which there are, and what they take.
enum JinjaFilters {
    static let names = Set(signatures.keys).union(unsupported)

    /// Jinja's, but not for chat templates: random choices, pages of HTML, pictures of values for whoever debugs.
    static let unsupported: Set<String> = ["random", "urlize", "pprint", "wordwrap", "striptags", "xmlattr"]

    /// Parameters as `check` takes them. `map` and its like look at their own.
    static let signatures: [String: [String]] = [
        "trim": ["chars?"], "upper": [], "lower": [], "capitalize": [], "title": [],
        "replace": ["old", "new", "count?"], "indent": ["width?", "first?", "blank?"], "string": [], "safe": [],
        "escape": [], "e": [], "forceescape": [], "center": ["width?"], "format": [],
        "truncate": ["length?", "killwords?", "end?", "leeway?"], "wordcount": [], "urlencode": [],
        "filesizeformat": ["binary?"], "tojson": ["ensure_ascii?", "indent?", "separators?", "sort_keys?"],
        "int": ["default?", "base?"], "float": ["default?"], "abs": [], "round": ["precision?", "method?"],
        "default": ["default_value?", "boolean?"], "d": ["default_value?", "boolean?"], "length": [], "count": [],
        "attr": ["name"], "join": ["d?", "attribute?"], "first": [], "last": [], "reverse": [], "list": [], "items": [],
        "map": [], "select": [], "reject": [], "selectattr": [], "rejectattr": [],
        "dictsort": ["case_sensitive?", "by?", "reverse?"], "unique": ["case_sensitive?", "attribute?"],
        "sort": ["reverse?", "case_sensitive?", "attribute?"], "min": ["case_sensitive?", "attribute?"],
        "max": ["case_sensitive?", "attribute?"], "sum": ["attribute?", "start?"],
        "groupby": ["attribute", "default?", "case_sensitive?"], "batch": ["linecount", "fill_with?"],
        "slice": ["slices", "fill_with?"],
    ]

    static let choosing: Set<String> = ["map", "select", "reject", "selectattr", "rejectattr"]
    static let lists: Set<String> = [
        "join", "first", "last", "reverse", "list", "items", "sum", "batch", "slice", "length", "count", "dictsort",
        "unique", "sort", "min", "max", "groupby",
    ]
    static let numbers: Set<String> = ["int", "float", "abs", "round", "filesizeformat"]
}

extension JinjaInterpreter {
    func apply(filter name: String, to value: JinjaValue, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        try step(through: value)
        guard let signature = JinjaFilters.signatures[name] else {
            throw fail(
                JinjaFilters.unsupported.contains(name)
                    ? "the filter '\(name)' is Jinja's, but not supported here" : "there is no filter named '\(name)'")
        }
        if JinjaFilters.choosing.contains(name) { return try choose(name, value, arguments) }
        if name == "format" { return try format(value, arguments) }
        try check(arguments, name, signature)
        if JinjaFilters.lists.contains(name) { return try applyList(name, value, arguments) }
        return JinjaFilters.numbers.contains(name)
            ? try applyNumber(name, value, arguments) : try applyText(name, value, arguments)
    }

    private func applyText(_ name: String, _ value: JinjaValue, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        func made(_ text: String) throws -> JinjaValue { value.sameKind(try charged(text)) }
        switch name {
        case "default", "d":
            let alsoFalse = arguments.value(1, "boolean")?.isTrue ?? false
            let isMissing = value.isUndefined || (alsoFalse && !value.isTrue)
            return isMissing ? arguments.value(0, "default_value") ?? .string("") : value
        case "attr": return try attribute(try neededText(arguments.value(0, "name"), name), only: value)
        case "tojson": return try make(json(value, try jsonStyle(arguments)))
        case "string": return value.asString == nil ? try make(try text(of: value)) : value
        case "safe": return .safe(try text(of: value))
        case "escape", "e", "forceescape":
            if name == "forceescape" { return .safe(Self.escapeHTML(try text(of: value))) }
            return .safe(try escaped(value))
        case "trim":
            let characters = try arguments.value(0, "chars").flatMap { try neededTextOrNone($0, name) }
            return try made(JinjaText.strip(try text(of: value), characters, left: true, right: true))
        case "upper": return try made(try text(of: value).uppercased())
        case "lower": return try made(JinjaText.lowercased(try text(of: value)))
        case "capitalize": return try made(JinjaText.capitalize(try text(of: value)))
        case "title": return try make(JinjaText.titleOfWords(try text(of: value)))
        case "replace":
            let (old, new) = (
                try text(of: arguments.value(0, "old") ?? .none), try text(of: arguments.value(1, "new") ?? .none)
            )
            var count = arguments.value(2, "count")
            if case .none? = count { count = nil }
            return .string(try replace(old, with: new, in: try text(of: value), count: count))
        case "indent": return try indent(value, arguments)
        case "center":
            return try made(
                justified(try text(of: value), name, width: try integer(arguments.value(0, "width"), 80, name)))
        case "truncate": return try truncate(value, arguments)
        case "urlencode": return try urlEncode(value)
        default: return .integer(JinjaText.words(try text(of: value)))
        }
    }

    /// `%` with the filter's arguments.
    private func format(_ value: JinjaValue, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        guard arguments.named.isEmpty || arguments.positional.isEmpty else {
            throw fail("'format' takes arguments with names or without, not both")
        }
        let right =
            arguments.named.isEmpty
            ? try makeList(arguments.positional, .tuple)
            : try makeDictionary(arguments.named.map { (.string($0.name), $0.value) })
        return try compute(.modulo, value.sameKind(try text(of: value)), right)
    }

    /// Like `value.name`, but never a member of a mapping.
    private func attribute(_ name: String, only value: JinjaValue) throws -> JinjaValue {
        if case .dictionary = value, !JinjaMethods.has(name, value) {
            return .undefined("\(value.kind) has no attribute '\(name)'")
        }
        if value.isUndefined { return .undefined("nothing is known of an undefined value's '\(name)'") }
        return try attribute(name, of: value)
    }

    private func neededTextOrNone(_ value: JinjaValue, _ user: String) throws -> String? {
        if case .none = value { return nil }
        return try neededText(value, user)
    }

    func integer(_ value: JinjaValue?, _ standard: Int, _ user: String) throws -> Int {
        guard let value else { return standard }
        guard let number = value.asInteger, number.magnitude <= JinjaLimits.string else {
            throw fail("'\(user)' needs an integer of reasonable size, not \(value.kind)")
        }
        return number
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
        switch arguments.value(2, "separators") {
        case nil, JinjaValue.none?: break
        case let pair?:
            let parts = try elements(of: pair)
            guard parts.count == 2 else { throw fail("'tojson' needs two separators") }
            style.itemSeparator = try neededText(parts[0], "tojson")
            style.keySeparator = try neededText(parts[1], "tojson")
        }
        style.sortsKeys = arguments.value(3, "sort_keys")?.isTrue ?? false
        return style
    }
}
