/// Statements: a recursive descent over tokens.
struct JinjaParser {
    private let tokens: [JinjaToken]
    private var index = 0
    private var depth = 0
    private var loops = 0

    init(_ tokens: [JinjaToken]) { self.tokens = tokens }

    mutating func parseTemplate() throws -> [JinjaStatement] {
        let (statements, _) = try parseStatements(until: [])
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
        case "filter":
            let filters = try parseFilterChain()
            statement = .filterBlock(try parseBody(until: "endfilter").0, filters: filters)
        case "generation": statement = .scope(try parseBody(until: "endgeneration").0)
        case "break", "continue":
            guard loops > 0 else {
                throw JinjaFailure.syntax("{% \(keyword.text) %} outside a loop", at: keyword.position)
            }
            statement = .leave(keyword.text == "break" ? .breaking : .continuing, position: keyword.position)
        default:
            throw JinjaFailure.syntax("{% \(keyword.text) %} is unknown or has no place here", at: keyword.position)
        }
        try endBlock()
        return statement
    }

    private mutating func parseIf() throws -> JinjaStatement {
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
        let filter = skip(name: "if") ? try parseExpression() : nil
        if isName("recursive") { throw unexpected("recursive loops are not supported") }
        loops += 1
        var (body, end) = try parseBody(until: "endfor", "else")
        loops -= 1
        var otherwise: [JinjaStatement] = []
        if end == "else" { (otherwise, end) = try parseBody(until: "endfor") }
        return .loop(target: target, over: sequence, where: filter, body: body, otherwise: otherwise)
    }

    private mutating func parseSet() throws -> JinjaStatement {
        let target = try parseTarget(allowsNamespace: true)
        if skip(symbol: "=") { return .set(target, try parseTupleOrExpression()) }
        if case .names = target { throw unexpected("'=' was expected") }
        let filters = skip(symbol: "|") ? try parseFilterChain() : []
        return .setBlock(target, try parseBody(until: "endset").0, filters: filters)
    }

    private mutating func parseTarget(allowsNamespace: Bool) throws -> JinjaTarget {
        let position = current.position
        let parenthesised = skip(symbol: "(")
        let first = try expectTargetName()
        if allowsNamespace, !parenthesised, skip(symbol: ".") {
            return .attribute(namespace: first, try expectName(), position: position)
        }
        var names = [first]
        var isTuple = false
        while skip(symbol: ",") {
            isTuple = true
            guard current.kind == .name, !isName("in") else { break }
            names.append(try expectTargetName())
        }
        if parenthesised { try expect(symbol: ")") }
        return isTuple ? .names(names) : .name(first)
    }

    private mutating func expectTargetName() throws -> String {
        let position = current.position
        let name = try expectName()
        guard !["true", "false", "none", "True", "False", "None", "loop"].contains(name) else {
            throw JinjaFailure.syntax("nothing can be assigned to '\(name)'", at: position)
        }
        return name
    }

    private mutating func parseMacro() throws -> JinjaStatement {
        let name = try expectTargetName()
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
        let outerLoops = loops
        loops = 0
        defer { loops = outerLoops }
        return .macro(JinjaMacro(name: name, parameters: parameters, body: try parseBody(until: "endmacro").0))
    }

    private mutating func parseFilterChain() throws -> [(name: String, arguments: JinjaArguments, position: Int)] {
        var filters: [(name: String, arguments: JinjaArguments, position: Int)] = []
        repeat {
            let position = current.position
            let name = try expectName()
            filters.append((name, isSymbol("(") ? try parseArguments() : JinjaArguments(), position))
        } while skip(symbol: "|")
        return filters
    }
}
