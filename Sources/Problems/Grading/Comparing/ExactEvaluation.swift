import BigInt

/// Evaluates expressions in rational numbers.
struct ExactEvaluation {
    /// What each name stands for.
    var point: [String: Rational]
    let effort: Effort

    /// Nil where the value is not rational, not defined, not known, or too long.
    func value(_ expression: Expression) -> Rational? {
        guard effort.spend() else { return nil }
        switch expression {
        case .number(let number): return number
        case .based(let digits, let base): return BigInt(digits, radix: base).flatMap { Rational($0, over: 1) }
        case .symbol(let name): return point[name]
        case .sum(let terms): return folded(terms, from: 0, +)
        case .product(let factors): return folded(factors, from: 1, *)
        case .quotient(let top, let bottom):
            guard let top = value(top), let bottom = value(bottom), isCheap(top, bottom) else { return nil }
            return top / bottom
        case .power(let base, let exponent): return power(base, exponent)
        case .percent(let part): return value(part).flatMap { $0 / Rational(100) }
        case .function(let name, let arguments): return function(name, arguments)
        case .series(let isProduct, let index, let from, let to, let body):
            return series(isProduct, index, from, to, body)
        case .plusMinus, .degrees, .measured, .relation, .list, .group, .set, .union, .matrix, .ratio, .words:
            return nil
        }
    }

    private func folded(
        _ parts: [Expression], from start: Int, _ combine: (Rational, Rational) -> Rational?
    ) -> Rational? {
        var result = Rational(start)
        for part in parts {
            guard let value = value(part), isCheap(result, value), let next = combine(result, value) else { return nil }
            result = next
        }
        return result
    }

    /// The steps of multiplying two numbers: quadratic in words, though long ones are multiplied faster.
    private func isCheap(_ a: Rational, _ b: Rational) -> Bool { effort.spend(a.words * b.words / 8) }

    private func power(_ base: Expression, _ exponent: Expression) -> Rational? {
        guard let base = value(base), let exponent = value(exponent) else { return nil }
        if let whole = exponent.integer {
            let words = base.words.multipliedReportingOverflow(by: abs(whole)).partialValue
            guard effort.spend(min(words, 2000) * 4) else { return nil }
            return base.power(whole)
        }
        guard let degree = Rational(exponent.denominator, over: 1)?.integer,
            let whole = Rational(exponent.numerator, over: 1)?.integer, let root = root(base, degree)
        else { return nil }
        return root.power(whole)
    }

    private func function(_ name: String, _ arguments: [Expression]) -> Rational? {
        let values = arguments.compactMap(value)
        guard values.count == arguments.count, let first = values.first else { return nil }
        switch (name, values.count) {
        case ("sqrt", 1): return root(first, 2)
        case ("root", 2): return values[1].integer.flatMap { root(first, $0) }
        case ("abs", 1): return first.isNegative ? -first : first
        case ("!", 1): return first.integer.flatMap(factorial)
        case ("binom", 2):
            guard let n = first.integer, let k = values[1].integer, n >= k, k >= 0, n <= 300 else { return nil }
            return binomial(n, min(k, n - k))
        case ("rem", 2):
            guard let quotient = first / values[1], let whole = Rational(floor(quotient), over: 1),
                let product = whole * values[1]
            else { return nil }
            return first + -product
        case ("floor", 1): return Rational(floor(first), over: 1)
        case ("ceil", 1): return Rational(-floor(-first), over: 1)
        case ("gcd", _), ("lcm", _): return wholes(values).flatMap { combined($0, isGreatest: name == "gcd") }
        case ("max", _): return values.reduce(first) { $0 < $1 ? $1 : $0 }
        case ("min", _): return values.reduce(first) { $1 < $0 ? $1 : $0 }
        default: return nil
        }
    }

    private func floor(_ value: Rational) -> BigInt {
        let (quotient, remainder) = value.numerator.quotientAndRemainder(dividingBy: value.denominator)
        return remainder < 0 ? quotient - 1 : quotient
    }

    /// The exact root; nil where it is irrational.
    private func root(_ value: Rational, _ degree: Int) -> Rational? {
        guard (2...64).contains(degree), !value.isNegative || degree % 2 == 1, value.words <= 16 else { return nil }
        guard let top = root(value.numerator.magnitude, degree), let bottom = root(value.denominator.magnitude, degree)
        else { return nil }
        return Rational(BigInt(sign: value.isNegative ? .minus : .plus, magnitude: top), over: BigInt(bottom))
    }

    /// By halving: as many steps as the root has bits.
    private func root(_ value: BigUInt, _ degree: Int) -> BigUInt? {
        guard effort.spend(value.bitWidth) else { return nil }
        if value == 0 { return 0 }
        var low = BigUInt(1), high = BigUInt(1) << (value.bitWidth / degree + 1)
        while low < high {
            let middle = (low + high) >> 1
            if middle.power(degree) < value { low = middle + 1 } else { high = middle }
        }
        return low.power(degree) == value ? low : nil
    }

    private func factorial(_ n: Int) -> Rational? {
        guard (0...300).contains(n), effort.spend(n) else { return nil }
        return n < 2 ? Rational(1) : Rational((2...n).reduce(BigInt(1)) { $0 * BigInt($1) }, over: 1)
    }

    private func binomial(_ n: Int, _ k: Int) -> Rational? {
        guard effort.spend(n) else { return nil }
        var value = BigInt(1)
        for index in 0..<k { value = value * BigInt(n - index) / BigInt(index + 1) }
        return Rational(value, over: 1)
    }

    private func wholes(_ values: [Rational]) -> [BigInt]? {
        values.allSatisfy { $0.isWhole && $0.words <= 16 && effort.spend(64) }
            ? values.map { $0.numerator / $0.denominator } : nil
    }

    private func combined(_ values: [BigInt], isGreatest: Bool) -> Rational? {
        guard var result = values.first?.magnitude else { return nil }
        for value in values.dropFirst() {
            let divisor = result.greatestCommonDivisor(with: value.magnitude)
            guard divisor != 0 else { return nil }
            result = isGreatest ? divisor : result / divisor * value.magnitude
        }
        return Rational(BigInt(result), over: 1)
    }

    /// What a step of a series costs beside its body.
    private static let stepOfSeries = 40

    private func series(
        _ isProduct: Bool, _ index: String, _ from: Expression, _ to: Expression, _ body: Expression
    ) -> Rational? {
        guard let from = value(from)?.integer, let to = value(to)?.integer, to < from + 1000, from <= to else {
            return nil
        }
        var result = Rational(isProduct ? 1 : 0)
        var inside = self
        for step in from...to {
            inside.point[index] = Rational(step)
            guard effort.spend(Self.stepOfSeries), let term = inside.value(body), isCheap(result, term),
                let next = isProduct ? result * term : result + term
            else { return nil }
            result = next
        }
        return result
    }
}
