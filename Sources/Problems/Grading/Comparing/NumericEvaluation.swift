import Foundation

/// Evaluates expressions in complex double precision.
struct NumericEvaluation {
    /// Why an expression has no value at a point.
    enum Failure: Error {
        /// Not defined there: a division by 0, a root of what is negative.
        case undefined
        /// Too large for a double or for the effort, or a series up to what is no whole number.
        case outOfReach
        /// Holds what nobody can evaluate.
        case unknown
    }

    /// What each name stands for.
    var point: [String: Complex]
    /// Whether a root of a negative number is a value.
    let allowsComplex: Bool
    /// What a logarithm without a base is taken to.
    let logBase: Double
    let effort: Effort

    /// Nil where it is not defined.
    func definedValue(_ expression: Expression) throws(Failure) -> Complex? {
        do {
            return try value(expression)
        } catch {
            guard error == .undefined else { throw error }
            return nil
        }
    }

    func value(_ expression: Expression) throws(Failure) -> Complex {
        guard effort.spend(2) else { throw .outOfReach }
        let result = try evaluated(expression)
        guard !result.re.isNaN, !result.im.isNaN else { throw .undefined }
        guard result.isFinite else { throw .outOfReach }
        guard allowsComplex || result.isReal else { throw .undefined }
        return result
    }

    private func evaluated(_ expression: Expression) throws(Failure) -> Complex {
        switch expression {
        case .number(let number): return Complex(number.double)
        case .based(let digits, let base): return try whole(digits, base)
        case .symbol(let name): return try named(name)
        case .sum(let terms):
            var sum = Complex(0)
            for term in terms { sum = sum + (try value(term)) }
            return sum
        case .product(let factors):
            var product = Complex(1)
            for factor in factors { product = product * (try value(factor)) }
            return product
        case .quotient(let top, let bottom):
            let top = try value(top), bottom = try value(bottom)
            guard bottom.magnitude > 0 else { throw .undefined }
            return top / bottom
        case .power(let base, let exponent): return try power(base, exponent)
        case .percent(let part): return try value(part) / Complex(100)
        case .degrees(let angle): return try value(angle) * Complex(Double.pi / 180)
        case .function(let name, let arguments): return try function(name, arguments)
        case .series(let isProduct, let index, let from, let to, let body):
            return try series(isProduct, index, from, to, body)
        case .plusMinus, .measured, .relation, .list, .group, .set, .union, .matrix, .ratio, .words: throw .unknown
        }
    }

    private func named(_ name: String) throws(Failure) -> Complex {
        if let value = point[name] { return value }
        switch name {
        case "pi": return Complex(Double.pi)
        case "e": return Complex(M_E)
        case "i": return .i
        default: throw .unknown
        }
    }

    private func whole(_ digits: String, _ base: Int) throws(Failure) -> Complex {
        guard let value = UInt64(digits, radix: base) else { throw .unknown }
        return Complex(Double(value))
    }

    /// An odd root of a negative number is real, as in textbooks.
    private func power(_ base: Expression, _ exponent: Expression) throws(Failure) -> Complex {
        let base = try value(base)
        if base.im == 0, base.re < 0, let degree = oddDegree(exponent) {
            let size = pow(-base.re, try value(exponent).re)
            return Complex(degree.isOddPower ? -size : size)
        }
        let exponent = try value(exponent)
        guard base.magnitude > 0 || exponent.re > 0 || (exponent.re == 0 && exponent.im == 0) else { throw .undefined }
        let result = base.power(exponent)
        // Too small for a double is not 0.
        guard result.magnitude > 0 || base.magnitude == 0 else { throw .outOfReach }
        return result
    }

    private func oddDegree(_ exponent: Expression) -> (isOddPower: Bool, degree: Int)? {
        guard let value = ExactEvaluation(point: [:], effort: effort).value(exponent),
            let degree = Rational(value.denominator, over: 1)?.integer, degree > 1, degree % 2 == 1
        else { return nil }
        return (value.numerator % 2 != 0, degree)
    }

    private func function(_ name: String, _ arguments: [Expression]) throws(Failure) -> Complex {
        if name.hasPrefix("_") || name == "'", case .symbol(let inner)? = arguments.first {
            return try named(inner + name)
        }
        var values: [Complex] = []
        for argument in arguments { values.append(try value(argument)) }
        guard let x = values.first else { throw .unknown }
        if values.count == 2 { return try functionOfTwo(name, x, values[1]) }
        guard values.count == 1 else { return try functionOfMany(name, values) }
        return try Self.functionOfOne(name, x, logBase)
    }

    private static func functionOfOne(_ name: String, _ x: Complex, _ logBase: Double) throws(Failure) -> Complex {
        let one = Complex(1)
        switch name {
        case "sqrt": return x.root
        case "abs": return Complex(x.magnitude)
        case "exp": return x.exponential
        case "ln", "log", "lg":
            guard x.magnitude > 0 else { throw .undefined }
            return x.logarithm / Complex(name == "ln" ? 1 : name == "lg" ? log(10) : log(logBase))
        case "sin": return x.sine
        case "cos": return x.cosine
        case "tan": return x.sine / x.cosine
        case "cot": return x.cosine / x.sine
        case "sec": return one / x.cosine
        case "csc": return one / x.sine
        case "arcsin": return x.arcsine
        case "arccos": return Complex(Double.pi / 2) - x.arcsine
        case "arctan": return x.arctangent
        case "arccot": return Complex(Double.pi / 2) - x.arctangent
        case "arcsec": return Complex(Double.pi / 2) - (one / x).arcsine
        case "arccsc": return (one / x).arcsine
        case "sinh": return x.hyperbolicSine
        case "cosh": return x.hyperbolicCosine
        case "tanh": return x.hyperbolicSine / x.hyperbolicCosine
        case "coth": return x.hyperbolicCosine / x.hyperbolicSine
        case "sech": return one / x.hyperbolicCosine
        case "csch": return one / x.hyperbolicSine
        case "arcsinh": return (x + (x * x + one).root).logarithm
        case "arccosh": return (x + (x - one).root * (x + one).root).logarithm
        case "arctanh": return Complex(0.5) * ((one + x) / (one - x)).logarithm
        default: return try ofReal(name, x)
        }
    }

    private static func ofReal(_ name: String, _ x: Complex) throws(Failure) -> Complex {
        guard x.isReal else { throw .unknown }
        switch name {
        case "!":
            guard x.re >= 0 || x.re != x.re.rounded() else { throw .undefined }
            return Complex(tgamma(x.re + 1))
        case "floor": return Complex(Foundation.floor(x.re))
        case "ceil": return Complex(Foundation.ceil(x.re))
        case "sgn": return Complex(x.re > 0 ? 1 : x.re < 0 ? -1 : 0)
        case "max", "min", "gcd", "lcm": return x
        default: throw .unknown
        }
    }

    private func functionOfTwo(_ name: String, _ x: Complex, _ y: Complex) throws(Failure) -> Complex {
        switch name {
        case "log", "lg", "ln":
            guard x.magnitude > 0, y.magnitude > 0, y != Complex(1) else { throw .undefined }
            return x.logarithm / y.logarithm
        case "root":
            guard y.isReal, y.re == y.re.rounded(), y.re != 0 else { return x.power(Complex(1) / y) }
            if x.im == 0, x.re < 0, y.re.truncatingRemainder(dividingBy: 2) != 0 {
                return Complex(-pow(-x.re, 1 / y.re))
            }
            return x.power(Complex(1 / y.re))
        case "rem":
            guard x.isReal, y.isReal, y.re != 0 else { throw .unknown }
            return Complex(x.re - y.re * Foundation.floor(x.re / y.re))
        case "binom":
            guard x.isReal, y.isReal else { throw .unknown }
            return Complex(tgamma(x.re + 1) / (tgamma(y.re + 1) * tgamma(x.re - y.re + 1)))
        default: return try functionOfMany(name, [x, y])
        }
    }

    private func functionOfMany(_ name: String, _ values: [Complex]) throws(Failure) -> Complex {
        guard values.allSatisfy(\.isReal), let first = values.first else { throw .unknown }
        switch name {
        case "max": return values.reduce(first) { $1.re > $0.re ? $1 : $0 }
        case "min": return values.reduce(first) { $1.re < $0.re ? $1 : $0 }
        default: throw .unknown
        }
    }

    /// A finite series in full; an infinite one until its terms vanish. Out of reach where they take long to, undefined
    /// where they do not.
    private func series(
        _ isProduct: Bool, _ index: String, _ from: Expression, _ to: Expression, _ body: Expression
    ) throws(Failure) -> Complex {
        let first = try value(from).re
        let isEndless = to == .symbol("∞")
        let last = isEndless ? first + 300 : try value(to).re
        guard first == first.rounded(), last == last.rounded(), last - first <= 2000 else { throw .outOfReach }
        var result = Complex(isProduct ? 1 : 0)
        var inside = self
        var vanished = 0
        var lastSize = 0.0
        for step in stride(from: first, through: last, by: 1) {
            guard effort.spend(10) else { throw .outOfReach }
            inside.point[index] = Complex(step)
            let term = try inside.value(body)
            result = isProduct ? result * term : result + term
            let isNothing =
                isProduct ? (term - Complex(1)).magnitude < 1e-16 : term.magnitude <= 1e-17 * result.magnitude
            vanished = isNothing ? vanished + 1 : 0
            lastSize = isProduct ? (term - Complex(1)).magnitude : term.magnitude
            if isEndless, vanished >= 4 { return result }
        }
        guard isEndless else { return result }
        throw lastSize < 1e-2 ? .outOfReach : .undefined
    }
}
