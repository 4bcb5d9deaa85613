/// The arguments of a call, evaluated.
struct JinjaCallArguments {
    var positional: [JinjaValue] = []
    var named: [(name: String, value: JinjaValue)] = []

    func value(_ index: Int, _ name: String) -> JinjaValue? {
        index < positional.count ? positional[index] : named.first { $0.name == name }?.value
    }
}

/// Expressions to values.
extension JinjaInterpreter {
    func evaluate(_ expression: JinjaExpression) throws -> JinjaValue {
        try step(at: expression.position)
        return try nested { try evaluateKind(expression) }
    }

    private func evaluateKind(_ expression: JinjaExpression) throws -> JinjaValue {
        switch expression.kind {
        case .literal(let literal): return JinjaValue(literal)
        case .name(let name): return scope.find(name) ?? .undefined("'\(name)' is undefined")
        case .list(let elements, let isTuple): return try makeList(elements.map(evaluate), isTuple ? .tuple : .list)
        case .dictionary(let members): return try evaluateDictionary(members)
        case .and(let left, let right):
            let first = try evaluate(left)
            return first.isTrue ? try evaluate(right) : first
        case .or(let left, let right):
            let first = try evaluate(left)
            return first.isTrue ? first : try evaluate(right)
        case .not(let inner): return .bool(!(try evaluate(inner).isTrue))
        case .conditional(let then, let test, let otherwise):
            if try evaluate(test).isTrue { return try evaluate(then) }
            return try otherwise.map(evaluate) ?? .undefined("the inline if has no else and was false")
        case .concatenation(let parts): return try concatenate(parts.map { try text(of: try evaluate($0)) })
        case .compare(let first, let comparisons): return try evaluateComparison(first, comparisons)
        default: return try evaluateOperation(expression)
        }
    }

    private func evaluateOperation(_ expression: JinjaExpression) throws -> JinjaValue {
        switch expression.kind {
        case .unary(let op, let inner):
            let value = try evaluate(inner)
            position = expression.position
            if case .float(let number) = value { return .float(op == .subtract ? -number : number) }
            return try compute(op, .integer(0), value)
        case .binary(let op, let left, let right):
            let (a, b) = (try evaluate(left), try evaluate(right))
            position = expression.position
            return try compute(op, a, b)
        case .attribute(let base, let name):
            let value = try evaluate(base)
            position = expression.position
            return try attribute(name, of: value)
        case .item(let base, let key):
            let (value, index) = (try evaluate(base), try evaluate(key))
            position = expression.position
            return try item(index, of: value)
        case .slice(let base, let start, let stop, let stride):
            let value = try evaluate(base)
            let bounds = try [start, stop, stride].map { try $0.map(evaluate) }
            position = expression.position
            return try slice(value, bounds[0], bounds[1], bounds[2])
        case .call(let callee, let arguments):
            let (function, values) = (try evaluate(callee), try evaluate(arguments))
            position = expression.position
            return try call(function, values)
        case .filter(let subject, let name, let arguments):
            let (value, values) = (try evaluate(subject), try evaluate(arguments))
            position = expression.position
            return try apply(filter: name, to: value, values)
        case .test(let subject, let name, let arguments, let negated):
            let (value, values) = (try evaluate(subject), try evaluate(arguments))
            position = expression.position
            return .bool(try apply(test: name, to: value, values.positional) != negated)
        default: throw fail("an expression of an unknown kind")
        }
    }

    func evaluate(_ arguments: JinjaArguments) throws -> JinjaCallArguments {
        try JinjaCallArguments(
            positional: arguments.positional.map(evaluate),
            named: arguments.named.map { ($0.name, try evaluate($0.value)) })
    }

    private func evaluateDictionary(_ pairs: [(key: JinjaExpression, value: JinjaExpression)]) throws -> JinjaValue {
        var members: [JinjaDictionary.Member] = []
        for pair in pairs {
            let (key, value) = (try evaluate(pair.key), try evaluate(pair.value))
            switch key {
            case .string, .integer, .float, .bool, .none: break
            default: throw fail("\(key.kind) cannot be a key")
            }
            if let index = try members.firstIndex(where: { try equal($0.key, key) }) {
                members[index].value = value
            } else {
                members.append((key, value))
            }
        }
        return try makeDictionary(members)
    }

    private func evaluateComparison(
        _ first: JinjaExpression, _ comparisons: [(op: JinjaExpression.Comparison, right: JinjaExpression)]
    ) throws -> JinjaValue {
        var left = try evaluate(first)
        for (op, expression) in comparisons {
            let right = try evaluate(expression)
            guard try compare(left, op, right) else { return .bool(false) }
            left = right
        }
        return .bool(true)
    }

    func concatenate(_ parts: [String]) throws -> JinjaValue {
        try charge(parts.reduce(0) { $0 + $1.utf8.count })
        return .string(parts.joined())
    }

    // MARK: Members

    func attribute(_ name: String, of value: JinjaValue) throws -> JinjaValue {
        if case .undefined(let message) = value { throw fail(message) }
        if JinjaMethods.has(name, value) { return .method(value, name) }
        let found: JinjaValue? =
            switch value {
            case .dictionary(let dictionary): dictionary[name]
            case .namespace(let namespace): namespace[name]
            case .loop(let loop): attribute(name, of: loop)
            default: nil
            }
        return found ?? .undefined("\(value.kind) has no attribute '\(name)'")
    }

    private func attribute(_ name: String, of loop: JinjaLoop) -> JinjaValue? {
        let count = loop.elements.count
        switch name {
        case "index": return .integer(loop.index + 1)
        case "index0": return .integer(loop.index)
        case "revindex": return .integer(count - loop.index)
        case "revindex0": return .integer(count - loop.index - 1)
        case "first": return .bool(loop.index == 0)
        case "last": return .bool(loop.index == count - 1)
        case "length": return .integer(count)
        // These count recursive loops, which we have not, wherever the loop stands.
        case "depth": return .integer(1)
        case "depth0": return .integer(0)
        case "previtem": return loop.index > 0 ? loop.elements[loop.index - 1] : .undefined("there is no previous item")
        case "nextitem":
            return loop.index + 1 < count ? loop.elements[loop.index + 1] : .undefined("there is no next item")
        default: return nil
        }
    }

    func item(_ key: JinjaValue, of value: JinjaValue) throws -> JinjaValue {
        switch (value, key) {
        case (.undefined(let message), _): throw fail(message)
        case (.dictionary(let dictionary), _):
            if let found = try dictionary.members.first(where: { try equal($0.key, key) }) { return found.value }
        case (.list(let list), _) where list.kind != .lazy:
            if let index = key.asInteger {
                return element(list.elements, index) ?? .undefined("the list has no element \(index)")
            }
        case (.string(let text), _):
            if let index = key.asInteger {
                return element(text.unicodeScalars.map { JinjaValue.string(String(Character($0))) }, index)
                    ?? .undefined("the string has no character \(index)")
            }
        default: break
        }
        if case .string(let name) = key { return try attribute(name, of: value) }
        return .undefined("\(value.kind) has no such item")
    }

    private func element(_ elements: [JinjaValue], _ index: Int) -> JinjaValue? {
        let place = index < 0 ? elements.count &+ index : index
        return elements.indices.contains(place) ? elements[place] : nil
    }

    private func slice(_ value: JinjaValue, _ start: JinjaValue?, _ stop: JinjaValue?, _ step: JinjaValue?) throws
        -> JinjaValue
    {
        if case .undefined(let message) = value { throw fail(message) }
        let bounds = [start, stop, step].map { bound -> JinjaValue? in
            if case JinjaValue.none? = bound { nil } else { bound }
        }
        for case let bound? in bounds where bound.asInteger == nil {
            return .undefined("\(bound.kind) cannot be the border of a slice")
        }
        let (start, stop, step) = (bounds[0]?.asInteger, bounds[1]?.asInteger, bounds[2]?.asInteger ?? 1)
        guard step != 0 else { throw fail("the step of a slice cannot be zero") }
        switch value {
        case .string(let text):
            let scalars = Array(text.unicodeScalars)
            return try make(String(Self.indices(scalars.count, start, stop, step).map { scalars[$0] }))
        case .list(let list) where list.kind != .lazy:
            return try makeList(
                Self.indices(list.elements.count, start, stop, step).map { list.elements[$0] }, list.kind)
        default: throw fail("\(value.kind) cannot be sliced")
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

    /// What a loop goes through.
    func elements(of value: JinjaValue) throws -> [JinjaValue] {
        switch value {
        case .list(let list): return list.elements
        case .dictionary(let dictionary): return dictionary.members.map(\.key)
        case .string(let text):
            try charge(text.utf8.count * 16)
            return text.unicodeScalars.map { .string(String(Character($0))) }
        case .undefined: return []
        default: throw fail("\(value.kind) cannot be gone through")
        }
    }

    // MARK: Calls

    private func call(_ callee: JinjaValue, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        switch callee {
        case .macro(let closure): return try call(closure, arguments)
        case .method(let receiver, let name): return try callMethod(name, of: receiver, arguments)
        case .function(let function): return try call(function, arguments)
        case .undefined(let message): throw fail(message)
        default: throw fail("\(callee.kind) cannot be called")
        }
    }

    private func call(_ function: JinjaFunction, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        switch function {
        case .raiseException:
            let message = try text(of: arguments.value(0, "message") ?? .string(""))
            throw JinjaFailure(kind: .raised, message: message, position: position)
        case .strftimeNow:
            guard let format = arguments.value(0, "format")?.asString else { throw fail("strftime_now needs a format") }
            return try make(JinjaTime.format(now, format))
        case .namespace:
            let namespace = JinjaNamespace()
            for (name, value) in try namedMembers(arguments) { try setMember(name, of: namespace, to: value) }
            return .namespace(namespace)
        case .dict: return try makeDictionary(try namedMembers(arguments).map { (.string($0.name), $0.value) })
        case .range: return try range(arguments.positional)
        }
    }

    /// `dict(other, a=1)` and `namespace(other, a=1)`: later ones win.
    private func namedMembers(_ arguments: JinjaCallArguments) throws -> [(name: String, value: JinjaValue)] {
        let collected = JinjaNamespace()
        for value in arguments.positional {
            guard case .dictionary(let dictionary) = value else {
                throw fail("a mapping was expected, not \(value.kind)")
            }
            for member in dictionary.members { collected[try text(of: member.key)] = member.value }
        }
        for (name, value) in arguments.named { collected[name] = value }
        return collected.members
    }

    private func range(_ arguments: [JinjaValue]) throws -> JinjaValue {
        let numbers = try arguments.map { value in
            guard let number = value.asInteger else { throw fail("range takes integers, not \(value.kind)") }
            return number
        }
        guard (1...3).contains(numbers.count) else { throw fail("range takes one to three integers") }
        let (start, stop) = numbers.count == 1 ? (0, numbers[0]) : (numbers[0], numbers[1])
        let step = numbers.count == 3 ? numbers[2] : 1
        guard step != 0 else { throw fail("the step of a range cannot be zero") }
        let (distance, overflow) = stop.subtractingReportingOverflow(start)
        // Jinja's sandbox has the same limit.
        guard !overflow, distance.magnitude / step.magnitude <= 100_000 else {
            throw fail("a range of more than 100000 numbers")
        }
        return try makeList(stride(from: start, to: stop, by: step).map { .integer($0) })
    }
}
