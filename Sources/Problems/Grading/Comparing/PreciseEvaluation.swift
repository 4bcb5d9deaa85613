import BigInt

/// Evaluates real expressions to 256 binary digits. What is not real, or that this does not know, has no value here.
struct PreciseEvaluation {
    let point: [String: Precise]
    /// What a logarithm without a base is taken to.
    let logBase: Int?
    let effort: Effort

    private static let (arithmetic, transcendental) = (20, 1500)

    func value(_ expression: Expression) -> Precise? {
        guard effort.spendOnDigits(Self.arithmetic) else { return nil }
        switch expression {
        case .number(let number):
            guard let top = Precise(digits: number.numerator, exponent: 0, error: nil),
                let bottom = Precise(digits: number.denominator, exponent: 0, error: nil)
            else { return nil }
            return number.denominator == 1 ? top : top / bottom
        case .symbol(let name): return point[name] ?? (name == "pi" ? Precise.pi : name == "e" ? Precise.e : nil)
        case .sum(let terms): return folded(terms, from: 0, +)
        case .product(let factors): return folded(factors, from: 1, *)
        case .quotient(let top, let bottom): return both(top, bottom, /)
        case .percent(let part): return value(part).flatMap { $0 / Precise(100) }
        case .degrees(let part):
            guard let degrees = value(part), let pi = Precise.pi, let product = degrees * pi else { return nil }
            return product / Precise(180)
        case .power(let base, let exponent): return power(base, exponent)
        case .function(let name, let arguments): return function(name, arguments)
        case .based, .series, .plusMinus, .measured, .relation, .list, .group, .set, .union, .matrix, .ratio, .words:
            return nil
        }
    }

    private func folded(_ parts: [Expression], from start: Int, _ combine: (Precise, Precise) -> Precise?) -> Precise? {
        var result = Precise(start)
        for part in parts {
            guard let value = value(part), let next = combine(result, value) else { return nil }
            result = next
        }
        return result
    }

    private func both(_ a: Expression, _ b: Expression, _ combine: (Precise, Precise) -> Precise?) -> Precise? {
        guard let left = value(a), let right = value(b) else { return nil }
        return combine(left, right)
    }

    private func power(_ base: Expression, _ exponent: Expression) -> Precise? {
        if base == .symbol("e"), point["e"] == nil { return transcendental(exponent) { $0.exponential } }
        guard let base = value(base) else { return nil }
        if let whole = ExactEvaluation(point: [:], effort: effort).value(exponent)?.integer, abs(whole) <= 4096 {
            return base.power(whole)
        }
        guard let exponent = value(exponent), effort.spendOnDigits(2 * Self.transcendental) else { return nil }
        return base.logarithm.flatMap { $0 * exponent }?.exponential
    }

    private func transcendental(_ argument: Expression, _ function: (Precise) -> Precise?) -> Precise? {
        guard let value = value(argument), effort.spendOnDigits(Self.transcendental) else { return nil }
        return function(value)
    }

    private func function(_ name: String, _ arguments: [Expression]) -> Precise? {
        guard let first = arguments.first, arguments.count == 1 else { return functionOfTwo(name, arguments) }
        switch name {
        case "sqrt": return transcendental(first) { $0.root }
        case "abs": return value(first).map { $0.isNegative ? -$0 : $0 }
        case "exp": return transcendental(first) { $0.exponential }
        case "ln": return transcendental(first) { $0.logarithm }
        case "log", "lg":
            guard let base = name == "lg" ? 10 : logBase else { return transcendental(first) { $0.logarithm } }
            return functionOfTwo("log", [first, .number(Rational(base))])
        case "sin": return transcendental(first) { $0.sineAndCosine?.0 }
        case "cos": return transcendental(first) { $0.sineAndCosine?.1 }
        case "tan": return transcendental(first) { $0.sineAndCosine.flatMap { $0.0 / $0.1 } }
        case "cot": return transcendental(first) { $0.sineAndCosine.flatMap { $0.1 / $0.0 } }
        case "sec": return transcendental(first) { $0.sineAndCosine.flatMap { Precise(1) / $0.1 } }
        case "csc": return transcendental(first) { $0.sineAndCosine.flatMap { Precise(1) / $0.0 } }
        case "arctan": return transcendental(first) { $0.arctangent }
        case "arcsin": return arcsine(first)
        default: return nil
        }
    }

    /// arctan(x/√(1 - x²)); nil where that is no number.
    private func arcsine(_ argument: Expression) -> Precise? {
        transcendental(argument) { x in
            guard let square = x * x, let below = (Precise(1) - square)?.root else { return nil }
            return (x / below)?.arctangent
        }
    }

    private func functionOfTwo(_ name: String, _ arguments: [Expression]) -> Precise? {
        guard arguments.count == 2 else { return nil }
        switch name {
        case "log", "lg", "ln":
            guard let top = transcendental(arguments[0], { $0.logarithm }),
                let bottom = transcendental(arguments[1], { $0.logarithm })
            else { return nil }
            return top / bottom
        case "root": return power(arguments[0], .quotient(.number(Rational(1)), arguments[1]))
        default: return nil
        }
    }
}
