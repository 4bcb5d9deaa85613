/// Statements: a recursive descent over tokens.
struct JinjaParser {
    private let tokens: [JinjaToken]
    private var index = 0
    private var depth = 0
    private var loops = 0
    /// Inside an `if`, with no loop or macro between: a filter that is unknown there fails only where it is used.
    private var isSoft = false
    /// What was met elsewhere, in order.
    var unknown: [JinjaFailure] = []
    /// Which of `caller`, `varargs` and `kwargs` were read since the macro began.
    var mentions: Set<String> = []

    init(_ tokens: [JinjaToken]) { self.tokens = tokens }

    mutating func parseTemplate() throws -> [JinjaStatement] {
        let (statements, _) = try parseStatements(until: [])
        if let failure = unknown.first { throw failure }
        return statements
    }

    // MARK: Tokens

    /// The token list ends in `.end`, which is never passed.
    var current: JinjaToken { tokens[index] }
    func ahead(_ distance: Int) -> JinjaToken { tokens[min(index + distance, tokens.count - 1)] }

    @discardableResult
    mutating func advance() -> JinjaToken {
        let token = current
        if index + 1 < tokens.count { index += 1 }
        return token
    }

    func isSymbol(_ text: String) -> Bool { current.kind == .symbol && current.text == text }
    func isName(_ text: String) -> Bool { current.kind == .name && current.text == text }

    mutating func skip(symbol text: String) -> Bool {
        guard isSymbol(text) else { return false }
        advance()
        return true
    }

    mutating func skip(name text: String) -> Bool {
        guard isName(text) else { return false }
        advance()
        return true
    }

    mutating func expect(symbol text: String) throws {
        guard skip(symbol: text) else { throw unexpected("'\(text)' was expected") }
    }

    mutating func expectName() throws -> String {
        guard current.kind == .name else { throw unexpected("a name was expected") }
        return advance().text
    }

    func unexpected(_ expectation: String) -> JinjaFailure {
        let found =
            switch current.kind {
            case .end: "the end of the template"
            case .text: "text"
            case .blockEnd, .outputEnd, .blockBegin, .outputBegin: "the border of a tag"
            default: current.text.debugDescription
            }
        return .syntax("\(expectation), but here is \(found)", at: current.position)
    }

    /// Runs `parse` one level deeper, refusing what nests beyond the limit.
    mutating func nested<T>(_ parse: (inout JinjaParser) throws -> T) throws -> T {
        guard depth < JinjaLimits.depth else { throw JinjaFailure.syntax("nested too deeply", at: current.position) }
        depth += 1
        defer { depth -= 1 }
        return try parse(&self)
    }

    // MARK: Statements

    /// Statements up to a block whose name is among `ends`; its name is consumed, the rest of its tag is not.
    private mutating func parseStatements(until ends: [String]) throws -> ([JinjaStatement], end: String) {
        var statements: [JinjaStatement] = []
        while true {
            switch current.kind {
            case .text: statements.append(.text(advance().text))
            case .outputBegin:
                advance()
                statements.append(.output(try parseTupleOrExpression()))
                guard current.kind == .outputEnd else { throw unexpected("the end of the output was expected") }
                advance()
            case .blockBegin:
                advance()
                guard current.kind == .name else { throw unexpected("the name of a block was expected") }
                if ends.contains(current.text) { return (statements, advance().text) }
                statements.append(try nested { try $0.parseBlock() })
            case .end:
                guard ends.isEmpty else {
                    throw JinjaFailure.syntax(
                        "the template ends where {% \(ends[ends.count - 1]) %} was expected", at: current.position)
                }
                return (statements, "")
            default: throw unexpected("text or a tag was expected")
            }
        }
    }

    /// A filter or test by its name; an unknown one is refused when the template is read, unless an `if` may keep it
    /// from being used.
    mutating func expectName(of kind: String, among names: Set<String>) throws -> String {
        let position = current.position
        let name = try expectName()
        if !isSoft, !names.contains(name) {
            unknown.append(.syntax("there is no \(kind) named '\(name)'", at: position))
        }
        return name
    }

    private mutating func parseBody(until ends: String...) throws -> ([JinjaStatement], end: String) {
        try endBlock()
        return try parseStatements(until: ends)
    }

    private mutating func endBlock() throws {
        guard current.kind == .blockEnd else { throw unexpected("the end of the block was expected") }
        advance()
    }

    private mutating func parseBlock() throws -> JinjaStatement {
        let keyword = advance()
        let statement: JinjaStatement
        switch keyword.text {
        case "if": statement = try parseIf()
        case "for": statement = try parseFor()
        case "set": statement = try parseSet()
        case "macro": statement = try parseMacro()
        case "call": statement = try parseCallBlock()
        case "with": statement = try parseWith()
        case "filter":
            statement = try hard {
                .filterBlock(filters: try $0.parseFilterChain(), try $0.parseBody(until: "endfilter").0)
            }
        case "generation": statement = .scope(try parseFunction { try $0.parseBody(until: "endgeneration").0 })
        case "break", "continue":
            guard loops > 0 else {
                throw JinjaFailure.syntax("{% \(keyword.text) %} outside a loop", at: keyword.position)
            }
            statement = .leave(keyword.text == "break" ? .breaking : .continuing, position: keyword.position)
        case "import", "from", "include", "extends", "block", "autoescape", "print":
            throw JinjaFailure.syntax(
                "{% \(keyword.text) %} is Jinja's, but has no place in a chat template here", at: keyword.position)
        default:
            throw JinjaFailure.syntax("{% \(keyword.text) %} is unknown or has no place here", at: keyword.position)
        }
        try endBlock()
        return statement
    }

    /// What has variables of its own: an `if` around it excuses nothing in it.
    private mutating func hard<T>(_ parse: (inout JinjaParser) throws -> T) throws -> T {
        let outer = isSoft
        isSoft = false
        defer { isSoft = outer }
        return try parse(&self)
    }

    /// What Jinja compiles to a function of its own: no loop around it can be left from within.
    private mutating func parseFunction<T>(_ parse: (inout JinjaParser) throws -> T) throws -> T {
        let outerLoops = loops
        loops = 0
        defer { loops = outerLoops }
        return try hard(parse)
    }

    private mutating func parseIf() throws -> JinjaStatement {
        let outerSoft = isSoft
        isSoft = true
        defer { isSoft = outerSoft }
        var branches: [(test: JinjaExpression, body: [JinjaStatement])] = []
        var end = "elif"
        while end == "elif" {
            let test = try parseTupleOrExpression(allowsConditional: false)
            let (body, next) = try parseBody(until: "elif", "else", "endif")
            branches.append((test, body))
            end = next
        }
        let otherwise = end == "else" ? try parseBody(until: "endif").0 : []
        return .conditional(branches, otherwise: otherwise)
    }

    private mutating func parseFor() throws -> JinjaStatement {
        let target = try parseTarget(allowsNamespace: false)
        guard skip(name: "in") else { throw unexpected("'in' was expected") }
        let sequence = try parseTupleOrExpression(allowsConditional: false)
        let outerSoft = isSoft
        isSoft = false
        defer { isSoft = outerSoft }
        let filter = skip(name: "if") ? try parseExpression() : nil
        let isRecursive = skip(name: "recursive")
        loops += 1
        var (body, end) = try parseBody(until: "endfor", "else")
        loops -= 1
        var otherwise: [JinjaStatement] = []
        if end == "else" { (otherwise, end) = try parseBody(until: "endfor") }
        return .loop(
            JinjaLoopStatement(
                target: target, sequence: sequence, filter: filter, body: body, otherwise: otherwise,
                isRecursive: isRecursive))
    }

    private mutating func parseSet() throws -> JinjaStatement {
        let target = try parseTarget(allowsNamespace: true)
        if skip(symbol: "=") { return .set(target, try parseTupleOrExpression()) }
        if case .tuple = target { throw unexpected("'=' was expected") }
        return try hard { parser in
            let filters = parser.skip(symbol: "|") ? try parser.parseFilterChain() : []
            return .setBlock(target, filters: filters, try parser.parseBody(until: "endset").0)
        }
    }

    // MARK: Targets and macros

    private mutating func parseTarget(allowsNamespace: Bool) throws -> JinjaTarget {
        let first = try parseOneTarget(allowsNamespace)
        guard isSymbol(",") else { return first }
        var targets = [first]
        while skip(symbol: ",") {
            guard current.kind == .name && !isName("in") || isSymbol("(") else { break }
            targets.append(try parseOneTarget(allowsNamespace))
        }
        return .tuple(targets)
    }

    private mutating func parseOneTarget(_ allowsNamespace: Bool) throws -> JinjaTarget {
        if skip(symbol: "(") {
            let inner = try nested { try $0.parseTarget(allowsNamespace: allowsNamespace) }
            try expect(symbol: ")")
            return inner
        }
        let position = current.position
        let name = try expectTargetName(isLoop: !allowsNamespace)
        guard allowsNamespace, skip(symbol: ".") else { return .name(name) }
        return .attribute(namespace: name, try expectName(), position: position)
    }

    private mutating func expectTargetName(isLoop: Bool = false) throws -> String {
        let position = current.position
        let name = try expectName()
        guard !["true", "false", "none", "True", "False", "None"].contains(name), !isLoop || name != "loop" else {
            throw JinjaFailure.syntax("nothing can be assigned to '\(name)'", at: position)
        }
        return name
    }

    private mutating func parseMacro() throws -> JinjaStatement {
        .macro(try parseMacro(name: try expectTargetName(), until: "endmacro"))
    }

    /// `{% call(item) render(list) %}…{% endcall %}`.
    private mutating func parseCallBlock() throws -> JinjaStatement {
        let parameters = isSymbol("(") ? try parseSignature() : []
        let call = try parseExpression()
        guard case .call = call.kind else { throw unexpected("{% call %} needs a call") }
        return .call(call, block: try parseMacro(name: "caller", parameters, until: "endcall"))
    }

    private mutating func parseMacro(
        name: String, _ given: [(name: String, standard: JinjaExpression?)]? = nil, until end: String
    ) throws -> JinjaMacro {
        let outer = mentions
        mentions = []
        defer { mentions.formUnion(outer) }
        return try parseFunction { parser in
            let parameters = try given ?? parser.parseSignature()
            let body = try parser.parseBody(until: end).0
            return JinjaMacro(
                name: name, parameters: parameters, body: body,
                mentions: parser.mentions.subtracting(
                    parameters.map(\.name).filter { $0 != "caller" }))
        }
    }

    private mutating func parseSignature() throws -> [(name: String, standard: JinjaExpression?)] {
        var parameters: [(name: String, standard: JinjaExpression?)] = []
        try expect(symbol: "(")
        while !isSymbol(")") {
            if !parameters.isEmpty { try expect(symbol: ",") }
            if isSymbol(")") { break }
            let parameter = try expectTargetName()
            let standard = skip(symbol: "=") ? try parseExpression() : nil
            if standard == nil, parameters.last?.standard != nil {
                throw unexpected("a parameter without a default follows one with a default")
            }
            parameters.append((parameter, standard))
        }
        try expect(symbol: ")")
        return parameters
    }

    private mutating func parseWith() throws -> JinjaStatement {
        var assignments: [(target: JinjaTarget, value: JinjaExpression)] = []
        while current.kind != .blockEnd {
            if !assignments.isEmpty { try expect(symbol: ",") }
            let target = try parseTarget(allowsNamespace: false)
            try expect(symbol: "=")
            assignments.append((target, try parseExpression()))
        }
        return .with(assignments, body: try hard { try $0.parseBody(until: "endwith").0 })
    }

    private mutating func parseFilterChain() throws -> [JinjaFilterCall] {
        var filters: [JinjaFilterCall] = []
        repeat {
            let position = current.position
            let name = try expectName(of: "filter", among: JinjaFilters.names)
            filters.append((name, isSymbol("(") ? try parseArguments() : JinjaArguments(), position))
        } while skip(symbol: "|")
        return filters
    }
}
