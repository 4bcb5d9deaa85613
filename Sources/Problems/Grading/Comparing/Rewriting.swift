/// Expressions written out where that decides what kind of answer they are.
enum Rewriting {
    /// Both values of ±, each sign with its place; itself where there is none.
    static func signs(_ expression: Expression) -> [Expression] {
        guard expression.contains({ if case .plusMinus = $0 { true } else { false } }) else { return [expression] }
        return [chosen(expression, isUpper: true), chosen(expression, isUpper: false)]
    }

    private static func chosen(_ expression: Expression, isUpper: Bool) -> Expression {
        guard case .plusMinus(let first, let second, let sign) = expression else {
            return expression.mapped { chosen($0, isUpper: isUpper) }
        }
        let part = chosen(second, isUpper: isUpper)
        return .sum([chosen(first, isUpper: isUpper), sign == isUpper ? part : part.negated])
    }

    /// Sums, products and multiples of matrices as one matrix; nil where it is none.
    static func matrix(_ expression: Expression) -> [[Expression]]? {
        switch expression {
        case .matrix(let rows): return rows
        case .sum(let terms):
            let parts = terms.map(matrix)
            guard let first = parts.first ?? nil else { return nil }
            return parts.dropFirst().reduce(first) { sum, next in sum.flatMap { added($0, next) } }
        case .product(let factors):
            guard factors.contains(where: { matrix($0) != nil }) else { return nil }
            return factors.dropFirst().reduce(factors.first) { product, next in product.flatMap { multiplied($0, next) }
            }
            .flatMap { if case .matrix(let rows) = $0 { rows } else { nil } }
        case .quotient(let top, let bottom):
            return matrix(top).map { $0.map { $0.map { .quotient($0, bottom) } } }
        default: return nil
        }
    }

    private static func added(_ a: [[Expression]], _ b: [[Expression]]?) -> [[Expression]]? {
        guard let b, a.count == b.count, a.first?.count == b.first?.count else { return nil }
        return zip(a, b).map { zip($0, $1).map { .sum([$0, $1]) } }
    }

    private static func multiplied(_ a: Expression, _ b: Expression) -> Expression? {
        switch (matrix(a), matrix(b)) {
        case (nil, nil): return .product([a, b])
        case (nil, let rows?): return .matrix(rows.map { $0.map { .product([a, $0]) } })
        case (let rows?, nil): return .matrix(rows.map { $0.map { .product([$0, b]) } })
        case (let left?, let right?):
            guard let width = left.first?.count, width == right.count, let columns = right.first?.count,
                left.count * width * columns <= 256
            else { return nil }
            return .matrix(
                left.map { row in
                    (0..<columns).map { column in .sum(zip(row, right).map { .product([$0, $1[column]]) }) }
                })
        }
    }

    /// Without single letters behind it that may be units (`7 m`); nil where there are none.
    static func withoutUnit(_ expression: Expression) -> Expression? {
        switch expression {
        case .product(let factors):
            guard let unit = factors.lastIndex(where: { !isUnit($0) }), unit < factors.count - 1 else { return nil }
            return unit == 0 ? factors[0] : .product(Array(factors[...unit]))
        case .quotient(let top, let bottom): return isUnits(bottom) ? withoutUnit(top) : nil
        default: return nil
        }
    }

    /// The value and the letters behind it that may be a unit, with their signs: `5 m`, `10 m/s`.
    static func unit(_ expression: Expression) -> (Expression, [String])? {
        guard let bare = withoutUnit(expression) else { return nil }
        switch expression {
        case .product(let factors):
            return (bare, factors[((factors.lastIndex { !isUnit($0) } ?? -1) + 1)...].flatMap(letters))
        case .quotient(let top, let bottom):
            guard let (_, above) = unit(top) else { return nil }
            let below: [Expression] = if case .product(let factors) = bottom { factors } else { [bottom] }
            return (bare, above + below.flatMap { ["/"] + letters($0) })
        default: return nil
        }
    }

    /// Of one unit and its power.
    private static func letters(_ unit: Expression) -> [String] {
        switch unit {
        case .symbol(let name): return [name]
        case .power(let base, .number(let exponent)):
            guard let exponent = exponent.integer else { return letters(base) + ["?"] }
            return letters(base) + (exponent < 0 ? ["-"] : []) + [String(abs(exponent))]
        default: return ["?"]
        }
    }

    /// With `C(10,3)`, a name before two numbers in brackets, as the number of choices that it is.
    static func combinations(_ expression: Expression) -> Expression {
        guard case .product(let factors) = expression, let place = factors.firstIndex(of: .symbol("C")),
            place + 1 < factors.count, case .group("(", ")", let pair) = factors[place + 1], pair.count == 2
        else { return expression.mapped(combinations) }
        var rest = factors
        rest.replaceSubrange(place...(place + 1), with: [.function("binom", pair)])
        return rest.count == 1 ? rest[0] : combinations(.product(rest))
    }

    private static func isUnits(_ expression: Expression) -> Bool {
        if case .product(let factors) = expression { factors.allSatisfy(isUnit) } else { isUnit(expression) }
    }

    private static func isUnit(_ expression: Expression) -> Bool {
        switch expression {
        case .symbol(let name): Vocabulary.unitLetters.contains(name)
        case .power(let base, .number): isUnit(base)
        default: false
        }
    }
}
