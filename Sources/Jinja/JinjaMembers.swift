/// `value.name`, `value[key]` and slices.
extension JinjaInterpreter {
    func attribute(_ name: String, of value: JinjaValue) throws -> JinjaValue {
        if case .undefined(let message) = value { throw fail(message) }
        try step(through: value)
        if JinjaMethods.has(name, value) { return .method(value, name) }
        if JinjaMethods.changes(name, value) {
            return .undefined("'\(name)' would change \(value.kind), which templates may not")
        }
        let found: JinjaValue? =
            switch value {
            case .dictionary(let dictionary): dictionary[name]
            case .namespace(let namespace): namespace[name]
            case .loop(let loop): try attribute(name, of: loop)
            case .helper(let helper): helper.attribute(name)
            case .macro(let closure): attribute(name, of: closure)
            case .list(let list) where list.kind == .group:
                ["grouper", "list"].firstIndex(of: name).map { list.elements[$0] }
            default: nil
            }
        return found ?? .undefined("\(value.kind) has no attribute '\(name)'")
    }

    func item(_ key: JinjaValue, of value: JinjaValue) throws -> JinjaValue {
        if value.asString != nil { try step(through: value) }
        switch (value, key) {
        case (.undefined(let message), _): throw fail(message)
        case (.dictionary(let dictionary), _):
            if let found = try dictionary.members.first(where: { try equal($0.key, key) }) { return found.value }
        case (.list(let list), _) where list.kind.isIndexed:
            if let index = key.asInteger {
                return element(list.elements, index) ?? .undefined("the list has no element \(index)")
            }
        case (.string(let text), _), (.safe(let text), _):
            if let index = key.asInteger {
                let scalars = text.unicodeScalars
                let found =
                    index < 0 ? scalars.reversed().dropFirst(-(index + 1)).first : scalars.dropFirst(index).first
                return found.map { value.sameKind(String(Character($0))) }
                    ?? .undefined("the string has no character \(index)")
            }
        default: break
        }
        if let name = key.asString { return try attribute(name, of: value) }
        return .undefined("\(value.kind) has no such item")
    }

    private func element(_ elements: [JinjaValue], _ index: Int) -> JinjaValue? {
        let place = index < 0 ? elements.count &+ index : index
        return elements.indices.contains(place) ? elements[place] : nil
    }

    func slice(_ value: JinjaValue, _ start: JinjaValue?, _ stop: JinjaValue?, _ step: JinjaValue?) throws
        -> JinjaValue
    {
        if case .undefined(let message) = value { throw fail(message) }
        try self.step(through: value)
        let bounds = [start, stop, step].map { bound -> JinjaValue? in
            if case JinjaValue.none? = bound { nil } else { bound }
        }
        for case let bound? in bounds where bound.asInteger == nil {
            throw fail("\(bound.kind) cannot be the border of a slice")
        }
        let (start, stop, step) = (bounds[0]?.asInteger, bounds[1]?.asInteger, bounds[2]?.asInteger ?? 1)
        guard step != 0 else { throw fail("the step of a slice cannot be zero") }
        switch value {
        case .string(let text), .safe(let text):
            let scalars = Array(text.unicodeScalars)
            return value.sameKind(
                try charged(String(Self.indices(scalars.count, start, stop, step).map { scalars[$0] })))
        case .list(let list) where list.kind.isIndexed:
            let indices = Self.indices(list.elements.count, start, stop, step)
            return try makeList(indices.map { list.elements[$0] }, sliced(list.kind, indices, step))
        default: throw fail("\(value.kind) cannot be sliced")
        }
    }

    private func sliced(_ kind: JinjaList.Kind, _ indices: [Int], _ step: Int) -> JinjaList.Kind {
        switch kind {
        case .group: return .tuple
        case .range(let start, _, let stride):
            let first = start &+ (indices.first ?? 0) &* stride
            return .range(start: first, stop: first &+ indices.count &* stride &* step, step: stride &* step)
        default: return kind
        }
    }

    /// Python's rule for which elements a slice takes.
    private static func indices(_ count: Int, _ start: Int?, _ stop: Int?, _ step: Int) -> [Int] {
        let (low, high) = step > 0 ? (0, count) : (-1, count - 1)
        func place(_ bound: Int?, _ standard: Int) -> Int {
            guard let bound else { return standard }
            return min(max(bound < 0 ? max(bound, -count - 1) + count : bound, low), high)
        }
        let first = place(start, step > 0 ? 0 : count - 1)
        let end = place(stop, step > 0 ? count : -1)
        // A step beyond the length takes one element whatever its size.
        return Array(stride(from: first, to: end, by: min(max(step, -count - 1), count + 1)))
    }
}
