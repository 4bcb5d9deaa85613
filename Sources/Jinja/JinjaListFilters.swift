import Formats

/// Filters that go through a sequence.
extension JinjaInterpreter {
    func applyList(_ name: String, _ value: JinjaValue, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        switch name {
        case "length", "count": return .integer(try length(value))
        case "items": return try items(of: value)
        case "reverse": return try reversed(value)
        case "first": return try iterator(over: value).next() ?? .undefined("the sequence is empty")
        case "last": return try last(value)
        case "list": return try makeList(try elements(of: value))
        case "join":
            let path = arguments.value(1, "attribute")
            let parts = try elements(of: value).map { try text(of: try member(path, of: $0)) }
            return try make(try joined(parts, separator: try text(of: arguments.value(0, "d") ?? .string(""))))
        case "sum":
            let path = arguments.value(0, "attribute"), start = arguments.value(1, "start") ?? .integer(0)
            guard start.asString == nil else { throw fail("'sum' cannot add strings; 'join' can") }
            return try elements(of: value).reduce(start) { try compute(.add, $0, try member(path, of: $1)) }
        case "batch": return try batch(value, arguments)
        case "slice": return try slices(value, arguments)
        default: return try applyOrder(name, value, arguments)
        }
    }

    private func length(_ value: JinjaValue) throws -> Int {
        switch value {
        case .string(let text), .safe(let text): return text.unicodeScalars.count
        case .list(let list): return list.elements.count
        case .dictionary(let dictionary): return dictionary.members.count
        case .undefined: return 0
        case .loop(let loop): return try loop.length()
        default: throw fail("\(value.kind) has no length")
        }
    }

    private func items(of value: JinjaValue) throws -> JinjaValue {
        if value.isUndefined { return try lazily(try makeList([])) { $0 } }
        var rest: ArraySlice<JinjaValue>?
        return .iterator(
            try makeIterator(from: value) { [unowned self] in
                guard case .dictionary(let dictionary) = value else {
                    throw fail("'items' needs a mapping, not \(value.kind)")
                }
                var members = try rest ?? elements(of: try items(dictionary))[...]
                defer { rest = members }
                return members.popFirst()
            })
    }

    private func reversed(_ value: JinjaValue) throws -> JinjaValue {
        switch value {
        case .string(let text), .safe(let text): return value.sameKind(String(text.unicodeScalars.reversed()))
        case .iterator: return try makeList(try elements(of: value).reversed())
        default:
            var rest = try elements(of: value)[...]
            return .iterator(try makeIterator(from: value) { rest.popLast() })
        }
    }

    private func last(_ value: JinjaValue) throws -> JinjaValue {
        if case .iterator = value { throw fail("\(value.kind) has no last element") }
        return try elements(of: value).last ?? .undefined("the sequence is empty")
    }

    private func filled(_ row: [JinjaValue], to count: Int, _ filler: JinjaValue?) throws -> JinjaValue {
        guard let filler, row.count < count else { return try makeList(row) }
        if case .none = filler { return try makeList(row) }
        try charge(elements: count)
        return try makeList(row + Array(repeating: filler, count: count - row.count))
    }

    private func batch(_ value: JinjaValue, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        let count = try integer(arguments.value(0, "linecount"), 0, "batch")
        return try lazilyWhole(value) { [unowned self] elements in
            guard count > 0 else { throw fail("'batch' needs a positive number") }
            return try stride(from: 0, to: elements.count, by: count).map {
                try filled(
                    Array(elements[$0..<min(elements.count - $0, count) + $0]), to: count,
                    arguments.value(1, "fill_with"))
            }
        }
    }

    private func slices(_ value: JinjaValue, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        let count = try integer(arguments.value(0, "slices"), 0, "slice")
        return try lazilyWhole(value) { [unowned self] elements in
            guard count > 0, count <= 100_000 else { throw fail("'slice' needs a positive number") }
            let (least, longer) = (elements.count / count, elements.count % count)
            return try (0..<count).map { number in
                let start = number * least + min(number, longer)
                let end = start + least + (number < longer ? 1 : 0)
                let width = number < longer ? 0 : least + 1
                return try filled(Array(elements[start..<end]), to: width, arguments.value(1, "fill_with"))
            }
        }
    }
}
