/// `map`, `select`, `reject`, `selectattr` and `rejectattr`: they do their work where their elements are asked for, and
/// make nothing of what is false, as of none.
extension JinjaInterpreter {
    func choose(_ name: String, _ value: JinjaValue, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        guard value.isTrue else { return try lazily(try makeList([])) { $0 } }
        if name == "map" { return try lazily(value, try mapping(arguments)) }
        let wanted = name.hasPrefix("select")
        var rest = arguments
        var path: JinjaValue?
        if name.hasSuffix("attr") {
            guard !rest.positional.isEmpty else {
                return try failing("'\(name)' needs an attribute", value)
            }
            path = rest.positional.removeFirst()
        }
        guard !rest.positional.isEmpty else {
            return try lazily(value) { [unowned self] in try member(path, of: $0).isTrue == wanted ? $0 : nil }
        }
        let test = rest.positional.removeFirst()
        return try lazily(value) { [unowned self] element in
            let subject = try member(path, of: element)
            return try apply(test: try neededText(test, name), to: subject, rest) == wanted ? element : nil
        }
    }

    /// What fails where its elements are asked for.
    private func failing(_ message: String, _ value: JinjaValue) throws -> JinjaValue {
        try lazily(value) { [unowned self] _ in throw fail(message) }
    }

    private func mapping(_ arguments: JinjaCallArguments) throws -> (JinjaValue) throws -> JinjaValue? {
        if let filter = arguments.positional.first {
            let rest = JinjaCallArguments(
                positional: Array(arguments.positional.dropFirst()), named: arguments.named)
            return { [unowned self] in try apply(filter: try neededText(filter, "map"), to: $0, rest) }
        }
        let path = arguments.value(0, "attribute")
        let standard = arguments.value(1, "default")
        let others = arguments.named.map(\.name).filter { $0 != "attribute" && $0 != "default" }
        return { [unowned self] element in
            guard let path, others.isEmpty else { throw fail("'map' needs a filter, or an attribute and a default") }
            return try member(path, of: element, default: standard)
        }
    }

    /// A member by its dotted path; the value itself without one.
    func member(_ path: JinjaValue?, of value: JinjaValue, default standard: JinjaValue? = nil) throws -> JinjaValue {
        guard let path else { return value }
        if case .none = path { return value }
        var fallback = standard
        if case .none? = standard { fallback = nil }
        func step(_ key: JinjaValue, _ value: JinjaValue) throws -> JinjaValue {
            let found = try item(key, of: value)
            return found.isUndefined ? fallback ?? found : found
        }
        guard let text = path.asString else { return try step(path, value) }
        return try JinjaText.split(text, at: ".", limit: .max).reduce(value) { found, part in
            try step(Int(part).map { .integer($0) } ?? .string(part), found)
        }
    }
}
