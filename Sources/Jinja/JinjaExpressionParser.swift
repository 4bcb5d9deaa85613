/// Expressions, loosest binding first, in the order of Jinja's own parser.
extension JinjaParser {
    /// An expression; several with commas between are a list.
    mutating func parseTupleOrExpression(allowsConditional: Bool = true) throws -> JinjaExpression {
        let position = current.position
        let first = try parseExpression(allowsConditional: allowsConditional)
        guard isSymbol(",") else { return first }
        var elements = [first]
        while skip(symbol: ",") {
            if current.kind == .blockEnd || current.kind == .outputEnd || isSymbol(")") { break }
            elements.append(try parseExpression(allowsConditional: allowsConditional))
        }
        return try make(.list(elements, isTuple: true), position, elements)
    }

    mutating func parseExpression(allowsConditional: Bool = true) throws -> JinjaExpression {
        try nested { parser in
            let knownToHere = parser.unknown.count
            var result = try parser.parseOr()
            guard allowsConditional else { return result }
            while parser.isName("if") {
                let position = parser.advance().position
                let test = try parser.parseOr()
                let otherwise = parser.skip(name: "else") ? try parser.parseExpression() : nil
                // What a condition may keep from being used is excused.
                parser.unknown.removeSubrange(knownToHere...)
                result = try parser.make(
                    .conditional(then: result, test: test, otherwise: otherwise), position,
                    [result, test] + (otherwise.map { [$0] } ?? []))
            }
            return result
        }
    }

    func make(_ kind: JinjaExpression.Kind, _ position: Int, _ parts: [JinjaExpression] = []) throws -> JinjaExpression
    {
        let depth = 1 + (parts.lazy.map(\.depth).max() ?? 0)
        guard depth <= JinjaLimits.depth else {
            throw JinjaFailure.syntax("an expression too long or nested too deeply", at: position)
        }
        return JinjaExpression(kind: kind, position: position, depth: depth)
    }

    private mutating func parseOr() throws -> JinjaExpression {
        var left = try parseAnd()
        while isName("or") {
            let position = advance().position
            let right = try parseAnd()
            left = try make(.or(left, right), position, [left, right])
        }
        return left
    }

    private mutating func parseAnd() throws -> JinjaExpression {
        var left = try parseNot()
        while isName("and") {
            let position = advance().position
            let right = try parseNot()
            left = try make(.and(left, right), position, [left, right])
        }
        return left
    }

    private mutating func parseNot() throws -> JinjaExpression {
        guard isName("not") else { return try parseComparison() }
        let position = advance().position
        let inner = try nested { try $0.parseNot() }
        return try make(.not(inner), position, [inner])
    }

    private mutating func parseComparison() throws -> JinjaExpression {
        let position = current.position
        let left = try parseSum()
        var comparisons: [(op: JinjaExpression.Comparison, right: JinjaExpression)] = []
        while let op = comparison() {
            advance()
            if op == .notIn { advance() }
            comparisons.append((op, try parseSum()))
        }
        guard !comparisons.isEmpty else { return left }
        return try make(.compare(left, comparisons), position, [left] + comparisons.map(\.right))
    }

    private func comparison() -> JinjaExpression.Comparison? {
        if isName("in") { return .isIn }
        if isName("not"), ahead(1).kind == .name, ahead(1).text == "in" { return .notIn }
        return current.kind == .symbol ? JinjaExpression.Comparison(rawValue: current.text) : nil
    }

    private mutating func parseSum() throws -> JinjaExpression {
        try parseLeftAssociative(["+", "-"]) { try $0.parseConcatenation() }
    }

    private mutating func parseConcatenation() throws -> JinjaExpression {
        let position = current.position
        var parts = [try parseProduct()]
        while skip(symbol: "~") { parts.append(try parseProduct()) }
        return parts.count == 1 ? parts[0] : try make(.concatenation(parts), position, parts)
    }

    private mutating func parseProduct() throws -> JinjaExpression {
        try parseLeftAssociative(["*", "/", "//", "%"]) { parser in
            try parser.parseLeftAssociative(["**"]) { try $0.parseUnary(withFilters: true) }
        }
    }

    private mutating func parseLeftAssociative(
        _ symbols: [String], _ parseOperand: (inout JinjaParser) throws -> JinjaExpression
    ) throws -> JinjaExpression {
        var left = try parseOperand(&self)
        while current.kind == .symbol, symbols.contains(current.text),
            let op = JinjaExpression.Operator(rawValue: current.text)
        {
            let position = advance().position
            let right = try parseOperand(&self)
            left = try make(.binary(op, left, right), position, [left, right])
        }
        return left
    }

    private mutating func parseUnary(withFilters: Bool) throws -> JinjaExpression {
        var result: JinjaExpression
        if isSymbol("-") || isSymbol("+") {
            let sign = advance()
            let inner = try nested { try $0.parseUnary(withFilters: false) }
            result = try make(.unary(sign.text == "-" ? .subtract : .add, inner), sign.position, [inner])
        } else {
            result = try parsePrimary()
        }
        result = try parsePostfix(result)
        return withFilters ? try parseFiltersAndTests(result) : result
    }

    private mutating func parsePrimary() throws -> JinjaExpression {
        let token = current
        switch token.kind {
        case .name:
            advance()
            switch token.text {
            case "true", "True": return try make(.literal(.bool(true)), token.position)
            case "false", "False": return try make(.literal(.bool(false)), token.position)
            case "none", "None": return try make(.literal(.none), token.position)
            default:
                if ["caller", "varargs", "kwargs"].contains(token.text) { mentions.insert(token.text) }
                return try make(.name(token.text), token.position)
            }
        case .string:
            var text = ""
            while current.kind == .string { text += advance().text }
            return try make(.literal(.string(text)), token.position)
        case .integer: return try make(.literal(.integer(Int(advance().text) ?? 0)), token.position)
        case .float: return try make(.literal(.float(Double(advance().text) ?? 0)), token.position)
        case .symbol where token.text == "(": return try parseParentheses()
        case .symbol where token.text == "[": return try parseList()
        case .symbol where token.text == "{": return try parseDictionary()
        default: throw unexpected("an expression was expected")
        }
    }

    private mutating func parseParentheses() throws -> JinjaExpression {
        let position = advance().position
        if skip(symbol: ")") { return try make(.list([], isTuple: true), position) }
        let inner = try parseTupleOrExpression()
        try expect(symbol: ")")
        return inner
    }

    private mutating func parseList() throws -> JinjaExpression {
        let position = advance().position
        var elements: [JinjaExpression] = []
        while !isSymbol("]") {
            if !elements.isEmpty { try expect(symbol: ",") }
            if isSymbol("]") { break }
            elements.append(try parseExpression())
        }
        try expect(symbol: "]")
        return try make(.list(elements, isTuple: false), position, elements)
    }

    private mutating func parseDictionary() throws -> JinjaExpression {
        let position = advance().position
        var members: [(key: JinjaExpression, value: JinjaExpression)] = []
        while !isSymbol("}") {
            if !members.isEmpty { try expect(symbol: ",") }
            if isSymbol("}") { break }
            let key = try parseExpression()
            try expect(symbol: ":")
            members.append((key, try parseExpression()))
        }
        try expect(symbol: "}")
        return try make(.dictionary(members), position, members.flatMap { [$0.key, $0.value] })
    }

    private mutating func parsePostfix(_ start: JinjaExpression) throws -> JinjaExpression {
        var result = start
        while current.kind == .symbol {
            switch current.text {
            case ".": result = try parseAttribute(result)
            case "[": result = try parseSubscript(result)
            case "(": result = try parseCall(result)
            default: return result
            }
        }
        return result
    }

    private mutating func parseCall(_ callee: JinjaExpression) throws -> JinjaExpression {
        let position = current.position
        let arguments = try parseArguments()
        return try make(.call(callee, arguments), position, [callee] + arguments.all)
    }

    private mutating func parseAttribute(_ base: JinjaExpression) throws -> JinjaExpression {
        let position = advance().position
        if current.kind == .integer {
            let key = try make(.literal(.integer(Int(advance().text) ?? 0)), position)
            return try make(.item(base, key), position, [base, key])
        }
        return try make(.attribute(base, try expectName()), position, [base])
    }

    private mutating func parseSubscript(_ base: JinjaExpression) throws -> JinjaExpression {
        let position = advance().position
        let start = isSymbol(":") ? nil : try parseExpression()
        guard skip(symbol: ":") else {
            guard let start else { throw unexpected("an index was expected") }
            var keys = [start]
            while skip(symbol: ",") { keys.append(try parseExpression()) }
            try expect(symbol: "]")
            let key = keys.count == 1 ? start : try make(.list(keys, isTuple: true), position, keys)
            return try make(.item(base, key), position, [base, key])
        }
        let stop = isSymbol(":") || isSymbol("]") ? nil : try parseExpression()
        let step = skip(symbol: ":") && !isSymbol("]") ? try parseExpression() : nil
        try expect(symbol: "]")
        return try make(.slice(base, start, stop, step), position, [base] + [start, stop, step].compactMap { $0 })
    }

    mutating func parseArguments() throws -> JinjaArguments {
        try expect(symbol: "(")
        var arguments = JinjaArguments()
        while !isSymbol(")") {
            if !arguments.all.isEmpty { try expect(symbol: ",") }
            if isSymbol(")") { break }
            if skip(symbol: "*") {
                guard arguments.spread == nil, arguments.namedSpread == nil else { throw unexpected("one * at most") }
                arguments.spread = try parseExpression()
            } else if skip(symbol: "**") {
                guard arguments.namedSpread == nil else { throw unexpected("one ** at most") }
                arguments.namedSpread = try parseExpression()
            } else if current.kind == .name, ahead(1).kind == .symbol, ahead(1).text == "=" {
                let name = advance().text
                advance()
                arguments.named.append((name, try parseExpression()))
            } else {
                guard arguments.named.isEmpty, arguments.spread == nil, arguments.namedSpread == nil else {
                    throw unexpected("an argument without a name follows one with a name")
                }
                arguments.positional.append(try parseExpression())
            }
        }
        try expect(symbol: ")")
        return arguments
    }

    private mutating func parseFiltersAndTests(_ start: JinjaExpression) throws -> JinjaExpression {
        var result = start
        while true {
            if skip(symbol: "|") {
                let position = current.position
                let name = try expectName(of: "filter", among: JinjaFilters.names)
                let arguments = isSymbol("(") ? try parseArguments() : JinjaArguments()
                result = try make(.filter(result, name, arguments), position, [result] + arguments.all)
            } else if isName("is") {
                result = try parseTest(result)
            } else if isSymbol("(") {
                result = try parseCall(result)
            } else {
                return result
            }
        }
    }

    private mutating func parseTest(_ subject: JinjaExpression) throws -> JinjaExpression {
        advance()
        let negated = skip(name: "not")
        let position = current.position
        let name = try expectName(of: "test", among: JinjaTestNames.names)
        var arguments = JinjaArguments()
        if isSymbol("(") {
            arguments = try parseArguments()
        } else if startsTestArgument() {
            if isName("is") { throw unexpected("tests cannot be chained with 'is'") }
            arguments.positional = [try parsePostfix(try parsePrimary())]
        }
        return try make(.test(subject, name, arguments, negated: negated), position, [subject] + arguments.all)
    }

    private func startsTestArgument() -> Bool {
        switch current.kind {
        case .string, .integer, .float: true
        case .name: !["else", "or", "and"].contains(current.text)
        case .symbol: current.text == "[" || current.text == "{"
        default: false
        }
    }
}
