/// What `loop` is inside a loop. It looks ahead only where a template asks (`last`, `nextitem`, `length`), as Jinja's.
final class JinjaLoop {
    private let source: JinjaIterator
    private var total: Int?
    private var ahead: [JinjaValue] = []
    /// Counted from 0; -1 before the first.
    private(set) var index = -1
    private(set) var current: JinjaValue?
    private(set) var before: JinjaValue?
    /// Loops of the same statement around it.
    let depth: Int
    var lastChecked: [JinjaValue]?
    /// The loop's body over other elements, where it is a recursive one.
    let recursion: ((JinjaValue, Int) throws -> JinjaValue)?

    /// - Parameter count: how many elements there are, where that is known beforehand.
    init(
        _ source: JinjaIterator, count: Int?, depth: Int, recursion: ((JinjaValue, Int) throws -> JinjaValue)? = nil
    ) {
        (self.source, total, self.depth, self.recursion) = (source, count, depth, recursion)
    }

    /// The next element, which becomes the current one; nil at the end.
    func advance() throws -> JinjaValue? {
        guard let element = ahead.isEmpty ? try source.next() : ahead.removeFirst() else { return nil }
        index += 1
        before = current
        current = element
        return element
    }

    func next() throws -> JinjaValue? {
        if ahead.isEmpty, let element = try source.next() { ahead.append(element) }
        return ahead.first
    }

    func length() throws -> Int {
        if let total { return total }
        while let element = try source.next() { ahead.append(element) }
        total = index + 1 + ahead.count
        return index + 1 + ahead.count
    }
}

extension JinjaInterpreter {
    func attribute(_ name: String, of loop: JinjaLoop) throws -> JinjaValue? {
        switch name {
        case "index": .integer(loop.index + 1)
        case "index0": .integer(loop.index)
        case "revindex": .integer(try loop.length() - loop.index)
        case "revindex0": .integer(try loop.length() - loop.index - 1)
        case "first": .bool(loop.index == 0)
        case "last": .bool(try loop.next() == nil)
        case "length": .integer(try loop.length())
        case "depth": .integer(loop.depth + 1)
        case "depth0": .integer(loop.depth)
        case "previtem": loop.before ?? .undefined("there is no previous item")
        case "nextitem": try loop.next() ?? .undefined("there is no next item")
        default: nil
        }
    }

    func callMethod(_ name: String, _ loop: JinjaLoop, _ arguments: [JinjaValue]) throws -> JinjaValue {
        if name == "cycle" {
            guard !arguments.isEmpty else { throw fail("'cycle' needs values") }
            return arguments[loop.index % arguments.count]
        }
        defer { loop.lastChecked = arguments }
        guard let last = loop.lastChecked, last.count == arguments.count else { return .bool(true) }
        return .bool(try zip(last, arguments).contains { !(try equal($0, $1)) })
    }

    /// `{{ loop(children) }}` in a recursive loop.
    func call(_ loop: JinjaLoop, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        guard let recursion = loop.recursion else {
            throw fail("only the loop of a {% for … recursive %} can be called")
        }
        guard arguments.named.isEmpty, arguments.positional.count == 1 else {
            throw fail("a loop is called with the one sequence to go through")
        }
        return try nested { try recursion(arguments.positional[0], loop.depth + 1) }
    }

    func run(_ statement: JinjaLoopStatement) throws -> Flow {
        let sequence = try evaluate(statement.sequence)
        guard statement.isRecursive else { return try run(statement, over: sequence, depth: 0, recursion: nil) }
        let around = scope
        var recursion: ((JinjaValue, Int) throws -> JinjaValue)?
        // A loop that outlives its statement cannot be called any more; so this holds nothing in a circle.
        defer { recursion = nil }
        recursion = { [unowned self] elements, depth in
            try inScope([:], parent: around) {
                try captured {
                    _ = try run(statement, over: elements, depth: depth) { try recursion?($0, $1) ?? .none }
                }
            }
        }
        try write(text(of: recursion?(sequence, 0) ?? .none))
        return .onward
    }

    private func run(
        _ statement: JinjaLoopStatement, over sequence: JinjaValue, depth: Int,
        recursion: ((JinjaValue, Int) throws -> JinjaValue)?
    ) throws -> Flow {
        var source = try iterator(over: sequence)
        var count = knownCount(sequence)
        if let filter = statement.filter {
            count = nil
            let (elements, target, around) = (source, statement.target, scope)
            source = try makeIterator(from: sequence) { [unowned self] in
                while let element = try elements.next() {
                    let isWanted = try inScope([:], parent: around) {
                        try assign(element, to: target)
                        return try evaluate(filter).isTrue
                    }
                    if isWanted { return element }
                }
                return nil
            }
        }
        let loop = JinjaLoop(source, count: count, depth: depth, recursion: recursion)
        while let element = try loop.advance() {
            try step()
            let flow = try inScope(["loop": .loop(loop)]) {
                try assign(element, to: statement.target)
                return try run(statement.body)
            }
            if case .left(.breaking) = flow { return .onward }
        }
        return loop.index < 0 ? try inScope([:]) { try run(statement.otherwise) } : .onward
    }

    private func knownCount(_ value: JinjaValue) -> Int? {
        switch value {
        case .list(let list): list.elements.count
        case .dictionary(let dictionary): dictionary.members.count
        case .string(let text), .safe(let text): text.unicodeScalars.count
        case .undefined: 0
        default: nil
        }
    }
}
