import BigInt
import Foundation

/// A rational number, exact. Operations whose result would be longer than ``maxBits`` give nil, so no text can ask for
/// more than a bounded computation.
struct Rational: Equatable {
    let numerator: BigInt
    /// Above 0. In lowest terms only where both parts are short: `==` does not need it.
    let denominator: BigInt

    /// Of numerator and denominator each; 10,000 decimal digits.
    static let maxBits = 34_000
    static let maxDigits = 10_000
    /// Longer parts are not brought to lowest terms, which takes quadratic time.
    private static let reducedBits = 512

    init(_ value: Int) { (numerator, denominator) = (BigInt(value), 1) }

    init?(_ numerator: BigInt, over denominator: BigInt) {
        guard denominator != 0, numerator.bitWidth <= Self.maxBits, denominator.bitWidth <= Self.maxBits else {
            return nil
        }
        let (top, bottom) = denominator < 0 ? (-numerator, -denominator) : (numerator, denominator)
        let isShort = top.bitWidth <= Self.reducedBits && bottom.bitWidth <= Self.reducedBits
        let divisor = isShort && bottom != 1 ? top.greatestCommonDivisor(with: bottom) : 1
        (self.numerator, self.denominator) = divisor == 1 ? (top, bottom) : (top / divisor, bottom / divisor)
    }

    /// ASCII digits with at most one point, times 10^exponent.
    init?(decimal: String, exponent: Int = 0) {
        let parts = decimal.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let fraction = parts.count == 2 ? parts[1].count : 0
        guard decimal.utf8.count <= Self.maxDigits, abs(exponent) <= Self.maxDigits,
            let digits = BigInt(parts.joined(), radix: 10)
        else { return nil }
        let power = exponent - fraction
        let scale = BigInt(10).power(abs(power))
        self.init(power >= 0 ? digits * scale : digits, over: power >= 0 ? 1 : scale)
    }

    /// How many machine words it takes: what an operation on it costs.
    var words: Int { (numerator.bitWidth + denominator.bitWidth) / 64 + 1 }
    var isZero: Bool { numerator == 0 }
    var isNegative: Bool { numerator < 0 }

    /// Its value where it is a whole number below 2^52.
    var integer: Int? {
        let (quotient, remainder) = numerator.quotientAndRemainder(dividingBy: denominator)
        return remainder == 0 && quotient.magnitude.bitWidth <= 52 ? Int(quotient) : nil
    }

    var isWhole: Bool { numerator % denominator == 0 }

    static func == (a: Rational, b: Rational) -> Bool {
        a.numerator * b.denominator == b.numerator * a.denominator
    }

    static func < (a: Rational, b: Rational) -> Bool { a.numerator * b.denominator < b.numerator * a.denominator }

    static func + (a: Rational, b: Rational) -> Rational? {
        Rational(a.numerator * b.denominator + b.numerator * a.denominator, over: a.denominator * b.denominator)
    }

    static func * (a: Rational, b: Rational) -> Rational? {
        Rational(a.numerator * b.numerator, over: a.denominator * b.denominator)
    }

    /// Nil for a zero divisor too.
    static func / (a: Rational, b: Rational) -> Rational? {
        Rational(a.numerator * b.denominator, over: a.denominator * b.numerator)
    }

    static prefix func - (a: Rational) -> Rational { a.negated }

    private var negated: Rational { Rational(lowest: -numerator, over: denominator) }

    private init(lowest numerator: BigInt, over denominator: BigInt) {
        (self.numerator, self.denominator) = (numerator, denominator)
    }

    /// Nil where the result is too long, or 0 is raised to a negative power.
    func power(_ exponent: Int) -> Rational? {
        let size = abs(exponent)
        guard size == 0 || max(numerator.magnitude.bitWidth, denominator.bitWidth) <= 1 || size <= Self.maxBits else {
            return numerator.magnitude == 1 && denominator == 1
                ? Rational(lowest: size % 2 == 0 ? 1 : numerator, over: 1) : nil
        }
        guard
            max(numerator.bitWidth, denominator.bitWidth).multipliedReportingOverflow(by: size).partialValue
                <= 2 * Self.maxBits
        else { return nil }
        let (top, bottom) = (numerator.power(size), denominator.power(size))
        return exponent >= 0 ? Rational(top, over: bottom) : Rational(bottom, over: top)
    }

    /// The nearest double, or one beside it; infinite where it is too large.
    var double: Double {
        let (top, topShift) = Self.leading(numerator.magnitude)
        let (bottom, bottomShift) = Self.leading(denominator.magnitude)
        return (isNegative ? -1 : 1) * scalbn(top / bottom, topShift - bottomShift)
    }

    private static func leading(_ value: BigUInt) -> (Double, Int) {
        let shift = max(0, value.bitWidth - 64)
        return (Double(UInt64(value >> shift)), shift)
    }
}
