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
            return .bool(try apply(test: name, to: value, values) != negated)
        default: throw fail("an expression of an unknown kind")
        }
    }

    private func evaluateDictionary(_ pairs: [(key: JinjaExpression, value: JinjaExpression)]) throws -> JinjaValue {
        var members: [JinjaDictionary.Member] = []
        for pair in pairs {
            let (key, value) = (try evaluate(pair.key), try evaluate(pair.value))
            guard isKey(key) else { throw fail("\(key.kind) cannot be a key") }
            if let index = try members.firstIndex(where: { try equal($0.key, key) }) {
                members[index].value = value
            } else {
                members.append((key, value))
            }
        }
        return try makeDictionary(members)
    }

    /// Python's hashable values.
    private func isKey(_ value: JinjaValue) -> Bool {
        switch value {
        case .string, .safe, .integer, .float, .bool, .none: true
        case .list(let list): list.kind.isTuple && list.elements.allSatisfy(isKey)
        default: false
        }
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
        try charge(text: parts.reduce(0) { $0 + $1.utf8.count })
        return .string(parts.joined())
    }
}
