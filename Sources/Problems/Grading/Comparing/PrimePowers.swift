import BigInt

/// A product of rational powers of primes, with a sign: says whether numbers far too long to write out are equal, as
/// 2^1000000 and 4^500000 are.
struct PrimePowers: Equatable {
    private var powers: [Int: Rational] = [:]
    private var isNegative = false

    /// A whole number above the square of this may hide a factor that nobody looked for.
    private static let largestFactor = 1000
    /// What taking a number apart costs.
    private static let steps = 200

    /// Nil for what is no such product, or 0.
    init?(_ expression: Expression, effort: Effort) {
        guard effort.spend() else { return nil }
        switch expression {
        case .product(let factors):
            for factor in factors {
                guard let part = PrimePowers(factor, effort: effort), multiply(part, Rational(1)) else { return nil }
            }
        case .quotient(let top, let bottom):
            guard let above = PrimePowers(top, effort: effort), let below = PrimePowers(bottom, effort: effort),
                multiply(above, Rational(1)), multiply(below, Rational(-1))
            else { return nil }
        case .power(let base, let exponent):
            guard let part = PrimePowers(base, effort: effort),
                let exponent = ExactEvaluation(point: [:], effort: effort).value(exponent), multiply(part, exponent)
            else { return nil }
        case .function("sqrt", let arguments) where arguments.count == 1:
            guard let part = PrimePowers(arguments[0], effort: effort), let half = Rational(1) / Rational(2),
                multiply(part, half)
            else { return nil }
        default:
            guard let value = ExactEvaluation(point: [:], effort: effort).value(expression), !value.isZero,
                effort.spend(Self.steps), take(value.numerator.magnitude, 1), take(value.denominator.magnitude, -1)
            else { return nil }
            isNegative = value.isNegative
        }
    }

    /// Times another to an exponent. A negative one is raised to whole exponents only.
    private mutating func multiply(_ other: PrimePowers, _ exponent: Rational) -> Bool {
        guard !other.isNegative || exponent.isWhole else { return false }
        if other.isNegative, (exponent.numerator / exponent.denominator) % 2 != 0 { isNegative.toggle() }
        for (prime, power) in other.powers {
            guard let change = power * exponent, let sum = (powers[prime] ?? Rational(0)) + change else { return false }
            powers[prime] = sum.isZero ? nil : sum
        }
        return true
    }

    private mutating func take(_ number: BigUInt, _ exponent: Int) -> Bool {
        guard number.bitWidth <= 64 else { return false }
        var rest = UInt64(number)
        var factor: UInt64 = 2
        while factor <= Self.largestFactor, factor * factor <= rest {
            while rest % factor == 0 {
                rest /= factor
                guard add(Int(factor), exponent) else { return false }
            }
            factor += factor == 2 ? 1 : 2
        }
        guard rest < Self.largestFactor * Self.largestFactor else { return false }
        return rest == 1 || add(Int(rest), exponent)
    }

    private mutating func add(_ prime: Int, _ exponent: Int) -> Bool {
        guard let sum = (powers[prime] ?? Rational(0)) + Rational(exponent) else { return false }
        powers[prime] = sum.isZero ? nil : sum
        return true
    }
}
