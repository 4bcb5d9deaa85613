/// The arguments of a call, evaluated.
struct JinjaCallArguments {
    var positional: [JinjaValue] = []
    var named: [(name: String, value: JinjaValue)] = []

    func value(_ index: Int, _ name: String) -> JinjaValue? {
        index < positional.count ? positional[index] : named.first { $0.name == name }?.value
    }
}

/// Calls.
extension JinjaInterpreter {
    func evaluate(_ arguments: JinjaArguments) throws -> JinjaCallArguments {
        var values = JinjaCallArguments()
        values.positional = try arguments.positional.map(evaluate)
        if let spread = arguments.spread { values.positional += try elements(of: try evaluate(spread)) }
        values.named = try arguments.named.map { ($0.name, try evaluate($0.value)) }
        if let spread = arguments.namedSpread {
            guard case .dictionary(let dictionary) = try evaluate(spread) else {
                throw fail("a mapping was expected behind **")
            }
            for member in dictionary.members {
                guard let name = member.key.asString else { throw fail("\(member.key.kind) cannot name an argument") }
                values.named.append((name, member.value))
            }
        }
        for (index, (name, _)) in values.named.enumerated()
        where values.named[..<index].contains(where: { $0.name == name }) {
            throw fail("the argument '\(name)' is given twice")
        }
        return values
    }

    func call(_ callee: JinjaValue, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        switch callee {
        case .macro(let closure): return try call(closure, arguments)
        case .method(let receiver, let name): return try callMethod(name, of: receiver, arguments)
        case .function(let function): return try call(function, arguments)
        case .loop(let loop): return try call(loop, arguments)
        case .helper(let helper):
            guard let value = helper.call() else { throw fail("a cycler is asked for its next(), not called") }
            return value
        case .undefined(let message): throw fail(message)
        default: throw fail("\(callee.kind) cannot be called")
        }
    }

    /// Refuses arguments that `user` does not take, as Python does.
    /// - Parameter names: in order; one that ends in "?" may be missing, and "/" ends those that go by position only.
    func check(_ arguments: JinjaCallArguments, _ user: String, _ names: [String]) throws {
        let positionalOnly = names.firstIndex(of: "/") ?? 0
        let parameters = names.filter { $0 != "/" }
        guard arguments.positional.count <= parameters.count else {
            throw fail("'\(user)' takes at most \(parameters.count) arguments")
        }
        let plain = parameters.map { $0.hasSuffix("?") ? String($0.dropLast()) : $0 }
        for (name, _) in arguments.named {
            guard let index = plain.firstIndex(of: name), index >= positionalOnly else {
                throw fail("'\(user)' has no argument named '\(name)'")
            }
            guard index >= arguments.positional.count else { throw fail("'\(user)' is given '\(name)' twice") }
        }
        for (index, parameter) in parameters.enumerated() where !parameter.hasSuffix("?") {
            guard arguments.value(index, parameter) != nil else { throw fail("'\(user)' needs '\(parameter)'") }
        }
    }

    // MARK: Macros

    func define(_ macro: JinjaMacro) throws -> JinjaClosure {
        try charge(JinjaLimits.object)
        let closure = JinjaClosure(macro: macro, scope: scope)
        closures.append(closure)
        return closure
    }

    /// `{% call(x) outer(…) %}…{% endcall %}`: the block is what `caller` is in the macro.
    func run(_ call: JinjaExpression, block: JinjaMacro) throws {
        guard case .call(let callee, let arguments) = call.kind else { throw fail("{% call %} needs a call") }
        let function = try evaluate(callee)
        var values = try evaluate(arguments)
        values.named.append(("caller", .macro(try define(block))))
        position = call.position
        try write(text(of: try self.call(function, values)))
    }

    private func call(_ closure: JinjaClosure, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        let macro = closure.macro
        var (rest, named) = (arguments.positional[...], arguments.named)
        func take(_ name: String) -> JinjaValue? {
            named.firstIndex { $0.name == name }.map { named.remove(at: $0).value }
        }
        return try inScope([:], parent: closure.scope) {
            for parameter in macro.parameters {
                let given = rest.popFirst() ?? take(parameter.name)
                scope.variables[parameter.name] =
                    try given ?? parameter.standard.map(evaluate)
                    ?? .undefined("parameter '\(parameter.name)' was not provided")
            }
            if macro.mentions.contains("caller"), !macro.parameters.contains(where: { $0.name == "caller" }) {
                scope.variables["caller"] = take("caller") ?? .undefined("there is no caller")
            }
            if macro.mentions.contains("kwargs") {
                scope.variables["kwargs"] = try makeDictionary(named.map { (.string($0.name), $0.value) })
            } else if let name = named.first?.name {
                throw fail("macro '\(macro.name)' has no parameter '\(name)', or it was given twice")
            }
            if macro.mentions.contains("varargs") {
                scope.variables["varargs"] = try makeList(Array(rest), .tuple)
            } else if !rest.isEmpty {
                throw fail("macro '\(macro.name)' takes \(macro.parameters.count) arguments at most")
            }
            return try captured { _ = try run(macro.body) }
        }
    }

    func attribute(_ name: String, of closure: JinjaClosure) -> JinjaValue? {
        let macro = closure.macro
        return switch name {
        case "name": .string(macro.name)
        case "arguments": JinjaValue(list: macro.parameters.map { .string($0.name) }, kind: .tuple)
        case "catch_kwargs": .bool(macro.mentions.contains("kwargs"))
        case "catch_varargs": .bool(macro.mentions.contains("varargs"))
        case "caller": .bool(macro.mentions.contains("caller"))
        default: nil
        }
    }
}
