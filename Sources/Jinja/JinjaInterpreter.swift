import Foundation

/// Runs statements. Everything it does is counted, so that a forged template ends in an error instead of a hang.
final class JinjaInterpreter {
    private(set) var output: [UInt8] = []
    var scope: JinjaScope
    /// Where in the source we are, for errors.
    var position = 0
    let now: Date
    private var steps = 0
    private var produced = 0
    private var depth = 0
    private var closures: [JinjaClosure] = []

    private enum Flow { case onward, left(JinjaStatement.Leave) }

    init(variables: [String: JinjaValue], now: Date) {
        self.now = now
        var globals = variables
        for function in JinjaFunction.allCases where globals[function.rawValue] == nil {
            globals[function.rawValue] = .function(function)
        }
        scope = JinjaScope(parent: JinjaScope(globals, parent: nil))
    }

    func render(_ template: [JinjaStatement]) throws -> String {
        // Macros and the scopes they live in hold each other.
        defer { for closure in closures { closure.scope.variables = [:] } }
        _ = try run(template)
        return String(decoding: output, as: UTF8.self)
    }

    // MARK: Limits

    func fail(_ message: String) -> JinjaFailure {
        JinjaFailure(kind: .rendering, message: message, position: position)
    }

    func step(at newPosition: Int? = nil) throws {
        if let newPosition { position = newPosition }
        steps += 1
        if steps > JinjaLimits.steps { throw fail("it runs too long; is there a loop in a loop in a loop?") }
    }

    /// To be called before this many bytes are made.
    func charge(_ bytes: Int) throws {
        guard bytes <= JinjaLimits.string, produced <= JinjaLimits.produced else {
            throw fail("it produces too much text")
        }
        produced += bytes
    }

    func make(_ text: String) throws -> JinjaValue {
        try charge(text.utf8.count)
        return .string(text)
    }

    func makeList(_ elements: [JinjaValue], _ kind: JinjaList.Kind = .list) throws -> JinjaValue {
        try charge(elements.count * 16)
        guard let list = JinjaValue(list: elements, kind: kind) else {
            throw fail("a list nested too deeply, or one that holds namespaces or functions")
        }
        return list
    }

    func makeDictionary(_ members: [JinjaDictionary.Member]) throws -> JinjaValue {
        try charge(members.count * 32)
        guard let dictionary = JinjaValue(dictionary: members) else {
            throw fail("a mapping nested too deeply, or one that holds namespaces or functions")
        }
        return dictionary
    }

    func nested<T>(_ body: () throws -> T) throws -> T {
        guard depth < JinjaLimits.renderingDepth else {
            throw fail("nested too deeply; does a macro call itself without end?")
        }
        depth += 1
        defer { depth -= 1 }
        return try body()
    }

    // MARK: Statements

    private func run(_ statements: [JinjaStatement]) throws -> Flow {
        for statement in statements {
            try step()
            if case .left(let leave) = try nested({ try run(statement) }) { return .left(leave) }
        }
        return .onward
    }

    private func run(_ statement: JinjaStatement) throws -> Flow {
        switch statement {
        case .text(let text): try write(text)
        case .output(let expression): try write(text(of: try evaluate(expression)))
        case .conditional(let branches, let otherwise):
            for branch in branches where try evaluate(branch.test).isTrue { return try run(branch.body) }
            return try run(otherwise)
        case .loop(let target, let sequence, let filter, let body, let otherwise):
            return try runLoop(target, sequence, filter, body, otherwise)
        case .set(let target, let expression): try assign(try evaluate(expression), to: target)
        case .setBlock(let target, let body, let filters): try assign(try capture(body, filters), to: target)
        case .filterBlock(let body, let filters): try write(text(of: try capture(body, filters)))
        case .scope(let body): return try inScope([:]) { try run(body) }
        case .macro(let macro):
            let closure = JinjaClosure(macro: macro, scope: scope)
            closures.append(closure)
            scope.variables[macro.name] = .macro(closure)
        case .leave(let leave, _): return .left(leave)
        }
        return .onward
    }

    private func write(_ text: String) throws {
        try charge(text.utf8.count)
        output.append(contentsOf: text.utf8)
    }

    func inScope<T>(_ variables: [String: JinjaValue], parent: JinjaScope? = nil, _ body: () throws -> T) throws -> T {
        let outer = scope
        scope = JinjaScope(variables, parent: parent ?? outer)
        defer { scope = outer }
        return try body()
    }

    private func runLoop(
        _ target: JinjaTarget, _ sequence: JinjaExpression, _ filter: JinjaExpression?, _ body: [JinjaStatement],
        _ otherwise: [JinjaStatement]
    ) throws -> Flow {
        var elements = try self.elements(of: try evaluate(sequence))
        if let filter {
            elements = try elements.filter { element in
                try inScope([:]) {
                    try assign(element, to: target)
                    return try evaluate(filter).isTrue
                }
            }
        }
        if elements.isEmpty { return try inScope([:]) { try run(otherwise) } }
        let loop = JinjaLoop(elements: elements)
        for (index, element) in elements.enumerated() {
            try step()
            loop.index = index
            let flow = try inScope(["loop": .loop(loop)]) {
                try assign(element, to: target)
                return try run(body)
            }
            if case .left(.breaking) = flow { break }
        }
        return .onward
    }

    private func assign(_ value: JinjaValue, to target: JinjaTarget) throws {
        switch target {
        case .name(let name): scope.variables[name] = value
        case .names(let names):
            let elements = try self.elements(of: value)
            guard elements.count == names.count else {
                throw fail("\(elements.count) values cannot be given to \(names.count) names")
            }
            for (name, element) in zip(names, elements) { scope.variables[name] = element }
        case .attribute(let name, let member, let place):
            position = place
            guard case .namespace(let namespace)? = scope.find(name) else {
                throw fail("'\(name)' is no namespace, so its member '\(member)' cannot be set")
            }
            try setMember(member, of: namespace, to: value)
        }
    }

    func setMember(_ name: String, of namespace: JinjaNamespace, to value: JinjaValue) throws {
        guard value.nesting != nil else { throw fail("a namespace cannot hold \(value.kind)") }
        guard !name.hasPrefix("_") else {
            throw fail("a namespace cannot have a member that begins with an underscore")
        }
        namespace[name] = value
    }

    private func capture(
        _ body: [JinjaStatement], _ filters: [(name: String, arguments: JinjaArguments, position: Int)]
    ) throws -> JinjaValue {
        var value = try inScope([:]) { try captured { _ = try run(body) } }
        for filter in filters {
            let arguments = try evaluate(filter.arguments)
            position = filter.position
            value = try apply(filter: filter.name, to: value, arguments)
        }
        return value
    }

    private func captured(_ body: () throws -> Void) throws -> JinjaValue {
        let outer = output
        output = []
        defer { output = outer }
        try body()
        return .string(String(decoding: output, as: UTF8.self))
    }

    // MARK: Macros

    func call(_ closure: JinjaClosure, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        let macro = closure.macro
        guard arguments.positional.count <= macro.parameters.count else {
            throw fail("macro '\(macro.name)' takes \(macro.parameters.count) arguments at most")
        }
        let names = macro.parameters.map(\.name)
        for (name, _) in arguments.named where !names.dropFirst(arguments.positional.count).contains(name) {
            throw fail("macro '\(macro.name)' has no parameter '\(name)', or it was given twice")
        }
        return try inScope([:], parent: closure.scope) {
            for (index, parameter) in macro.parameters.enumerated() {
                scope.variables[parameter.name] =
                    if index < arguments.positional.count {
                        arguments.positional[index]
                    } else if let named = arguments.named.first(where: { $0.name == parameter.name }) {
                        named.value
                    } else if let standard = parameter.standard {
                        try evaluate(standard)
                    } else {
                        .undefined("parameter '\(parameter.name)' was not provided")
                    }
            }
            return try captured { _ = try run(macro.body) }
        }
    }
}
