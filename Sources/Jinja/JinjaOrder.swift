/// Filters that compare elements: `sort`, `unique`, `min`, `max`, `dictsort`, `groupby`.
extension JinjaInterpreter {
    func applyOrder(_ name: String, _ value: JinjaValue, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        switch name {
        case "dictsort": return try dictionarySort(value, arguments)
        case "groupby": return try group(value, arguments)
        case "sort":
            let keepsCase = arguments.value(1, "case_sensitive")?.isTrue ?? false
            let paths = paths(arguments.value(2, "attribute"))
            let keyed = try elements(of: value).map { element in
                (try sortKey(paths.map { try member($0, of: element) }, keepsCase: keepsCase), element)
            }
            return try makeList(try sorted(keyed, reversed: arguments.value(0, "reverse")?.isTrue ?? false))
        case "unique":
            let key = key(arguments)
            var seen: [JinjaValue] = []
            return try lazily(value) { [unowned self] element in
                let key = try key(element)
                if try seen.contains(where: { try equal($0, key) }) { return nil }
                try charge(elements: 1)
                seen.append(key)
                return element
            }
        default:
            let key = key(arguments)
            let keyed = try elements(of: value).map { (key: try key($0), value: $0) }
            guard var best = keyed.first else { return .undefined("the sequence is empty") }
            for next in keyed.dropFirst()
            where name == "min" ? try isLess(next.key, best.key) : try isLess(best.key, next.key) {
                best = next
            }
            return best.value
        }
    }

    private func key(_ arguments: JinjaCallArguments) -> (JinjaValue) throws -> JinjaValue {
        let keepsCase = arguments.value(0, "case_sensitive")?.isTrue ?? false
        let path = arguments.value(1, "attribute")
        return { [unowned self] in sortKey(try member(path, of: $0), keepsCase: keepsCase) }
    }

    /// `sort` takes several attributes, with commas between.
    private func paths(_ attribute: JinjaValue?) -> [JinjaValue?] {
        guard let text = attribute?.asString else { return [attribute] }
        return JinjaText.split(text, at: ",", limit: .max).map { .string($0) }
    }

    private func sortKey(_ value: JinjaValue, keepsCase: Bool) -> JinjaValue {
        guard !keepsCase, let text = value.asString else { return value }
        return .string(JinjaText.lowercased(text))
    }

    private func sortKey(_ values: [JinjaValue], keepsCase: Bool) throws -> JinjaValue {
        try makeList(values.map { sortKey($0, keepsCase: keepsCase) })
    }

    /// Stable, also when reversed, as Python's.
    private func sorted<T>(_ keyed: [(key: JinjaValue, value: T)], reversed: Bool) throws -> [T] {
        let numbered = keyed.enumerated().map { ($0.offset, $0.element) }
        return try numbered.sorted { a, b in
            if try isLess(a.1.key, b.1.key) { return !reversed }
            if try isLess(b.1.key, a.1.key) { return reversed }
            return a.0 < b.0
        }.map(\.1.value)
    }

    private func dictionarySort(_ value: JinjaValue, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        guard case .dictionary(let dictionary) = value else {
            throw fail("'dictsort' needs a mapping, not \(value.kind)")
        }
        let keepsCase = arguments.value(0, "case_sensitive")?.isTrue ?? false
        let by = arguments.value(1, "by")?.asString ?? "key"
        guard by == "key" || by == "value" else { throw fail("'dictsort' sorts by key or by value") }
        let keyed = dictionary.members.map { member in
            (key: sortKey(by == "value" ? member.value : member.key, keepsCase: keepsCase), value: member)
        }
        let members = try sorted(keyed, reversed: arguments.value(2, "reverse")?.isTrue ?? false)
        return try makeList(members.map { try makeList([$0.key, $0.value], .tuple) })
    }

    private func group(_ value: JinjaValue, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        let keepsCase = arguments.value(2, "case_sensitive")?.isTrue ?? false
        let (path, standard) = (arguments.value(0, "attribute"), arguments.value(1, "default"))
        func key(_ element: JinjaValue) throws -> JinjaValue { try member(path, of: element, default: standard) }
        let keyed = try elements(of: value).map { element in
            let key = sortKey(try key(element), keepsCase: keepsCase)
            return (key: key, value: (key: key, element: element))
        }
        var groups: [(key: JinjaValue, elements: [JinjaValue])] = []
        for (key, element) in try sorted(keyed, reversed: false) {
            if let last = groups.last, try equal(last.key, key) {
                groups[groups.count - 1].elements.append(element)
            } else {
                groups.append((key, [element]))
            }
        }
        return try makeList(
            groups.map { group in
                try makeList([try key(group.elements[0]), try makeList(group.elements)], .group)
            })
    }
}
