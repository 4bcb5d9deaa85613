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
    /// All macros and namespaces: they may hold each other, and must not be freed one through the other.
    var closures: [JinjaClosure] = []
    private var namespaces: [JinjaNamespace] = []

    enum Flow { case onward, left(JinjaStatement.Leave) }

    init(variables: [String: JinjaValue], now: Date) {
        self.now = now
        var globals = variables
        for function in JinjaFunction.allCases where globals[function.rawValue] == nil {
            globals[function.rawValue] = .function(function)
        }
        scope = JinjaScope(parent: JinjaScope(globals, parent: nil))
    }

    func render(_ template: [JinjaStatement]) throws -> String {
        defer {
            for closure in closures { closure.scope.variables = [:] }
            for namespace in namespaces { namespace.members = [] }
        }
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

    /// A step that may look at all of a value: a long one is many.
    func step(through value: JinjaValue) throws {
        switch value {
        case .string(let text), .safe(let text): steps += text.utf8.count / 256
        case .list(let list): steps += list.elements.count / 16
        case .dictionary(let dictionary): steps += dictionary.members.count / 16
        case .namespace(let namespace): steps += namespace.members.count / 16
        default: break
        }
        try step()
    }

    /// To be called before this many bytes are made.
    func charge(_ bytes: Int) throws {
        guard bytes <= JinjaLimits.produced - produced else { throw fail("it produces too much text") }
        produced += bytes
    }

    /// To be called before a text of `count` times this many bytes is made.
    func charge(text bytes: Int, times count: Int = 1) throws {
        let total = bytes.multipliedReportingOverflow(by: max(count, 0))
        guard !total.overflow, total.partialValue <= JinjaLimits.string else { throw fail("it produces too much text") }
        try charge(total.partialValue)
    }

    /// To be called before a list of this many elements is made.
    func charge(elements count: Int) throws {
        let total = count.multipliedReportingOverflow(by: JinjaLimits.element)
        try charge(total.overflow ? .max : total.partialValue)
    }

    func charged(_ text: String) throws -> String {
        try charge(text: text.utf8.count)
        return text
    }

    func make(_ text: String) throws -> JinjaValue { .string(try charged(text)) }

    func makeNamespace() throws -> JinjaNamespace {
        try charge(JinjaLimits.object)
        let namespace = JinjaNamespace()
        namespaces.append(namespace)
        return namespace
    }

    func makeList(_ elements: [JinjaValue], _ kind: JinjaList.Kind = .list) throws -> JinjaValue {
        try charge(elements: elements.count)
        guard let list = JinjaValue(list: elements, kind: kind) else {
            throw fail("a list nested too deeply, or one that holds a loop")
        }
        return list
    }

    func makeDictionary(_ members: [JinjaDictionary.Member]) throws -> JinjaValue {
        try charge(elements: members.count * 2)
        guard let dictionary = JinjaValue(dictionary: members) else {
            throw fail("a mapping nested too deeply, or one that holds a loop")
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

    func run(_ statements: [JinjaStatement]) throws -> Flow {
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
        case .loop(let loop): return try run(loop)
        case .set(let target, let expression): try assign(try evaluate(expression), to: target)
        case .setBlock(let target, let filters, let body): try assign(try capture(body, filters), to: target)
        case .filterBlock(let filters, let body): try write(text(of: try capture(body, filters)))
        case .scope(let body): return try inScope([:]) { try run(body) }
        case .with(let assignments, let body):
            let values = try assignments.map { (target: $0.target, value: try evaluate($0.value)) }
            return try inScope([:]) {
                for (target, value) in values { try assign(value, to: target) }
                return try run(body)
            }
        case .macro(let macro): scope.variables[macro.name] = .macro(try define(macro))
        case .call(let call, let block): try run(call, block: block)
        case .leave(let leave, _): return .left(leave)
        }
        return .onward
    }

    func write(_ text: String) throws {
        guard text.utf8.count <= JinjaLimits.string - output.count else { throw fail("it produces too much text") }
        try charge(text.utf8.count)
        output.append(contentsOf: text.utf8)
    }

    func inScope<T>(_ variables: [String: JinjaValue], parent: JinjaScope? = nil, _ body: () throws -> T) throws -> T {
        let outer = scope
        scope = JinjaScope(variables, parent: parent ?? outer)
        defer { scope = outer }
        return try body()
    }

    func assign(_ value: JinjaValue, to target: JinjaTarget) throws {
        switch target {
        case .name(let name): scope.variables[name] = value
        case .tuple(let targets):
            let elements = try self.elements(of: value)
            guard elements.count == targets.count else {
                throw fail("\(elements.count) values cannot be given to \(targets.count) names")
            }
            for (target, element) in zip(targets, elements) { try assign(element, to: target) }
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
        try charge(elements: 1)
        guard !name.hasPrefix("_") else {
            throw fail("a namespace cannot have a member that begins with an underscore")
        }
        namespace[name] = value
    }

    private func capture(
        _ body: [JinjaStatement], _ filters: [JinjaFilterCall]
    ) throws -> JinjaValue {
        var value = try inScope([:]) { try captured { _ = try run(body) } }
        for filter in filters {
            let arguments = try evaluate(filter.arguments)
            position = filter.position
            value = try apply(filter: filter.name, to: value, arguments)
        }
        return value
    }

    func captured(_ body: () throws -> Void) throws -> JinjaValue {
        let outer = output
        output = []
        defer { output = outer }
        try body()
        return .string(String(decoding: output, as: UTF8.self))
    }
}
