import Formats

/// Filters that go through a sequence.
extension JinjaInterpreter {
    func applyList(_ name: String, _ value: JinjaValue, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        switch name {
        case "items":
            if value.isUndefined { return try makeList([], .lazy) }
            guard case .dictionary(let dictionary) = value else {
                throw fail("'items' needs a mapping, not \(value.kind)")
            }
            return try items(dictionary, .lazy)
        case "dictsort": return try dictionarySort(value, arguments)
        case "reverse":
            if case .string(let text) = value { return try make(String(text.unicodeScalars.reversed())) }
            return try makeList(try elements(of: value).reversed(), .lazy)
        case "join":
            let elements = try self.elements(of: value).map {
                try text(of: try member(arguments.value(1, "attribute"), of: $0))
            }
            return try join(elements, separator: try arguments.value(0, "d").map { try text(of: $0) } ?? "")
        case "last":
            if case .list(let list) = value, list.kind == .lazy { throw fail("\(value.kind) has no last element") }
            return try elements(of: value).last ?? .undefined("the sequence is empty")
        default: return try applyElements(name, try elements(of: value), arguments)
        }
    }

    private func applyElements(_ name: String, _ elements: [JinjaValue], _ arguments: JinjaCallArguments) throws
        -> JinjaValue
    {
        switch name {
        case "first": return elements.first ?? .undefined("the sequence is empty")
        case "list": return try makeList(elements)
        case "map": return try makeList(try elements.map { try mapped($0, arguments) }, .lazy)
        case "select", "reject", "selectattr", "rejectattr":
            return try makeList(try elements.filter { try isSelected($0, name, arguments) }, .lazy)
        case "sum":
            let start = arguments.value(1, "start") ?? .integer(0)
            return try elements.reduce(start) {
                try compute(.add, $0, try member(arguments.value(0, "attribute"), of: $1))
            }
        case "batch": return try batch(elements, arguments)
        default: return try ordered(name, elements, arguments)
        }
    }

    private func mapped(_ element: JinjaValue, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        try step()
        guard let filter = arguments.positional.first else {
            guard let path = arguments.value(0, "attribute") else { throw fail("'map' needs a filter or an attribute") }
            let found = try member(path, of: element)
            return found.isUndefined ? arguments.value(1, "default") ?? found : found
        }
        let name = try neededText(filter, "map")
        return try nested {
            try apply(
                filter: name, to: element,
                JinjaCallArguments(positional: Array(arguments.positional.dropFirst()), named: arguments.named))
        }
    }

    private func isSelected(_ element: JinjaValue, _ name: String, _ arguments: JinjaCallArguments) throws -> Bool {
        try step()
        var rest = arguments.positional[...]
        var subject = element
        if name.hasSuffix("attr") {
            guard let path = rest.popFirst() else { throw fail("'\(name)' needs an attribute") }
            subject = try member(path, of: element)
        }
        let wanted = name.hasPrefix("select")
        guard let test = rest.popFirst() else { return subject.isTrue == wanted }
        let testName = try Self.symbolTests[test.asString ?? ""] ?? neededText(test, name)
        return try apply(test: testName, to: subject, Array(rest)) == wanted
    }

    private static let symbolTests = ["==": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"]

    /// A member by its dotted path; the value itself without one.
    private func member(_ path: JinjaValue?, of value: JinjaValue) throws -> JinjaValue {
        guard let path else { return value }
        if path.asInteger != nil { return try item(path, of: value) }
        var found = value
        for part in JinjaText.split(try neededText(path, "attribute"), at: ".", limit: 16) {
            found = try item(Int(part).map { .integer($0) } ?? .string(part), of: found)
        }
        return found
    }

    private func batch(_ elements: [JinjaValue], _ arguments: JinjaCallArguments) throws -> JinjaValue {
        guard let count = arguments.value(0, "linecount")?.asInteger, count > 0 else {
            throw fail("'batch' needs a positive number")
        }
        let rows = stride(from: 0, to: elements.count, by: count).map {
            Array(elements[$0..<min(elements.count - $0, count) + $0])
        }
        return try makeList(rows.map { try makeList($0) }, .lazy)
    }

    // MARK: Order

    private func ordered(_ name: String, _ elements: [JinjaValue], _ arguments: JinjaCallArguments) throws -> JinjaValue
    {
        let isSort = name == "sort"
        let keepsCase = arguments.value(isSort ? 1 : 0, "case_sensitive")?.isTrue ?? false
        let path = arguments.value(isSort ? 2 : 1, "attribute")
        let keyed = try elements.map { (key: try sortKey(try member(path, of: $0), keepsCase: keepsCase), value: $0) }
        switch name {
        case "unique":
            var seen: [JinjaValue] = []
            return try makeList(
                try keyed.compactMap { element in
                    if try seen.contains(where: { try equal($0, element.key) }) { return nil }
                    seen.append(element.key)
                    return element.value
                }, .lazy)
        case "sort":
            let isReversed = arguments.value(0, "reverse")?.isTrue ?? false
            return try makeList(try sorted(keyed, reversed: isReversed).map(\.value))
        default:
            let best = try keyed.min { name == "min" ? try isLess($0.key, $1.key) : try isLess($1.key, $0.key) }
            return best?.value ?? .undefined("the sequence is empty")
        }
    }

    private func sortKey(_ value: JinjaValue, keepsCase: Bool) throws -> JinjaValue {
        guard !keepsCase, case .string(let text) = value else { return value }
        return try make(text.lowercased())
    }

    /// Stable, also when reversed, as Python's.
    private func sorted<T>(_ keyed: [(key: JinjaValue, value: T)], reversed: Bool) throws -> [(
        key: JinjaValue, value: T
    )] {
        let numbered = keyed.enumerated().map { ($0.offset, $0.element) }
        return try numbered.sorted { a, b in
            if try isLess(a.1.key, b.1.key) { return !reversed }
            if try isLess(b.1.key, a.1.key) { return reversed }
            return a.0 < b.0
        }.map(\.1)
    }

    private func dictionarySort(_ value: JinjaValue, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        guard case .dictionary(let dictionary) = value else {
            throw fail("'dictsort' needs a mapping, not \(value.kind)")
        }
        let keepsCase = arguments.value(0, "case_sensitive")?.isTrue ?? false
        let byValue = arguments.value(1, "by")?.asString == "value"
        let keyed = try dictionary.members.map { member in
            (key: try sortKey(byValue ? member.value : member.key, keepsCase: keepsCase), value: member)
        }
        let members = try sorted(keyed, reversed: arguments.value(2, "reverse")?.isTrue ?? false).map(\.value)
        return try makeList(members.map { try makeList([$0.key, $0.value], .tuple) })
    }
}
