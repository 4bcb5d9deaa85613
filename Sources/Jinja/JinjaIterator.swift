/// What `map`, `select` and their like give: it is gone through once, each element made when it is asked for, as a
/// generator of Python's. `| list` makes a list of it.
final class JinjaIterator {
    /// Levels of lists and iterators that it draws from, itself among them.
    let depth: Int
    private var pull: (() throws -> JinjaValue?)?

    init(depth: Int, next: @escaping () throws -> JinjaValue?) {
        self.depth = depth
        pull = next
    }

    /// Nil at the end, and from then on.
    func next() throws -> JinjaValue? {
        guard let pull else { return nil }
        let element = try pull()
        if element == nil { self.pull = nil }
        return element
    }
}

/// Going through values.
extension JinjaInterpreter {
    /// What a loop goes through, one after the other; an iterator gives itself.
    func iterator(over value: JinjaValue) throws -> JinjaIterator {
        if case .iterator(let iterator) = value { return iterator }
        var rest = try elements(of: value)[...]
        return try makeIterator(from: value) { rest.popFirst() }
    }

    /// All that a loop goes through; an iterator is empty afterwards.
    func elements(of value: JinjaValue) throws -> [JinjaValue] {
        switch value {
        case .list(let list): return list.elements
        case .dictionary(let dictionary): return dictionary.members.map(\.key)
        case .string(let text), .safe(let text):
            try charge(elements: text.utf8.count)
            return text.unicodeScalars.map { .string(String(Character($0))) }
        case .undefined: return []
        case .iterator(let iterator):
            var elements: [JinjaValue] = []
            while let element = try iterator.next() {
                try step()
                try charge(elements: 1)
                elements.append(element)
            }
            return elements
        default: throw fail("\(value.kind) cannot be gone through")
        }
    }

    /// An iterator whose elements come from those of `source`; `next` must not hold the interpreter.
    func makeIterator(from source: JinjaValue, _ next: @escaping () throws -> JinjaValue?) throws -> JinjaIterator {
        guard let depth = source.nesting, depth < JinjaLimits.valueDepth else {
            throw fail("sequences nested too deeply")
        }
        return JinjaIterator(depth: depth + 1, next: next)
    }

    /// A sequence that is gone through only where somebody asks for it: `transform` gives an element or nil to leave it
    /// out.
    func lazily(_ source: JinjaValue, _ transform: @escaping (JinjaValue) throws -> JinjaValue?) throws -> JinjaValue {
        var inner: JinjaIterator?
        return .iterator(
            try makeIterator(from: source) { [unowned self] in
                let elements = try inner ?? iterator(over: source)
                inner = elements
                return try nested {
                    while let element = try elements.next() {
                        try step()
                        if let result = try transform(element) { return result }
                    }
                    return nil
                }
            })
    }

    /// A sequence that is made as a whole where somebody asks for its first element.
    func lazilyWhole(_ source: JinjaValue, _ make: @escaping ([JinjaValue]) throws -> [JinjaValue]) throws -> JinjaValue
    {
        var rest: ArraySlice<JinjaValue>?
        return .iterator(
            try makeIterator(from: source) { [unowned self] in
                var elements = try rest ?? make(elements(of: source))[...]
                defer { rest = elements }
                return elements.popFirst()
            })
    }
}
