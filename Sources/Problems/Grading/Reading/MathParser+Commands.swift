extension MathParser {
    /// A LaTeX command, just read, with its arguments. One that nobody knows is a name.
    mutating func command(_ name: String) throws(Unreadable) -> Expression {
        switch name {
        case "frac":
            let top = try argument()
            return .quotient(top, try argument())
        case "sqrt": return try root()
        case "binom":
            let top = try argument()
            return .function("binom", [top, try argument()])
        case "sum", "prod": return try series(isProduct: name == "prod")
        case "pi", "ell", "hbar": return try scripted(name)
        case "arg", "deg", "dim", "ker", "sup", "inf", "lim": return try scripted("\\" + name)
        default: break
        }
        if let function = Vocabulary.functions[name], name != "gamma" { return try self.function(function) }
        return try scripted(name)
    }

    /// In braces; or one digit, one letter or one command, as TeX takes it.
    private mutating func argument() throws(Unreadable) -> Expression {
        try enter()
        defer { leave() }
        guard case .number(let digits)? = current?.kind, digits.count > 1 else { return try signedAtom() }
        guard let split = split(digits) else { return try signedAtom() }
        return split
    }

    private mutating func signedAtom() throws(Unreadable) -> Expression {
        if next(is: "-") {
            place += 1
            return try atom().negated
        }
        return try atom()
    }

    /// `\frac12`: the first digit of several, which alone is read; the others are left for the next argument.
    private mutating func split(_ digits: String) -> Expression? {
        guard let first = digits.first?.wholeNumberValue, digits.allSatisfy(\.isNumber) else { return nil }
        tokens[place].kind = .number(String(digits.dropFirst()))
        return .number(Rational(first))
    }

    /// `\sqrt[3]{x}`, `\sqrt{x}`, `\sqrt2`
    private mutating func root() throws(Unreadable) -> Expression {
        var degree: Expression?
        if next(is: "[") {
            place += 1
            degree = try sum()
            try expect("]")
        }
        let inside = try signedAtom()
        guard let degree else { return .function("sqrt", [inside]) }
        return .function("root", [inside, degree])
    }

    /// A function's name, just read: its power, its base, its argument with or without brackets.
    mutating func function(_ name: String) throws(Unreadable) -> Expression {
        var (name, arguments, power) = (name, [Expression](), Expression?.none)
        for _ in 0..<2 {
            if next(is: "^") {
                place += 1
                power = try exponent()
            } else if next(is: "_") {
                place += 1
                arguments.append(try exponent())
            }
        }
        if power == .number(Rational(-1)),
            let inverse = Vocabulary.inverses[name]
        {
            (name, power) = (inverse, nil)
        }
        let argument = try functionArgument()
        if case .group("(", ")", let several) = argument {
            arguments = several + arguments
        } else {
            arguments.insert(argument, at: 0)
        }
        let value = Expression.function(name, arguments)
        return power.map { .power(value, $0) } ?? value
    }

    /// In brackets, or the product that follows up to the next function, bracket or sign.
    private mutating func functionArgument() throws(Unreadable) -> Expression {
        try enter()
        defer { leave() }
        if next(is: "(") || next(is: "[") || next(is: "|") { return try atom() }
        if next(is: "-") {
            place += 1
            return try functionArgument().negated
        }
        var factors = [try factor()]
        while startsFactor(), isPlainFactor { factors.append(try factor()) }
        return factors.count == 1 ? factors[0] : .product(factors)
    }

    private var isPlainFactor: Bool {
        switch current?.kind {
        case .letters(let letters): Vocabulary.functions[letters.lowercased()] == nil
        case .command(let name): Vocabulary.functions[name] == nil && name != "frac" && name != "sum"
        default: false
        }
    }

    /// `\sum_{k=1}^{n}` and its body, which is the product that follows.
    private mutating func series(isProduct: Bool) throws(Unreadable) -> Expression {
        try expect("_")
        guard case .relation(.symbol(let index), let links) = try bound(), links.count == 1, links[0].sign == "=" else {
            throw Unreadable()
        }
        try expect("^")
        let upper = try exponent()
        return .series(isProduct: isProduct, index: index, from: links[0].side, to: upper, try product())
    }

    private mutating func bound() throws(Unreadable) -> Expression {
        try expect("{")
        let value = try relation()
        try expect("}")
        return value
    }
}
