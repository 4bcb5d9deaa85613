import BigInt

/// A rational number read from text, compared exactly: 0.5 equals 1/2 and 3.0 equals 3, but 0.333 is not 1/3.
///
/// What a text may ask for is bounded: a number of more than ``exactDigits`` digits is kept as its digits and equals
/// only what has the same ones, and a power of ten is not written out before the sizes say that it matters.
struct ExactNumber: Equatable {
    private enum Form: Equatable {
        case ratio(Ratio)
        /// Sign, digits without zeros at either end, and the power of ten of the last digit.
        case long(isNegative: Bool, digits: [UInt8], exponent: Int)
    }

    private var form: Form

    /// More digits than this are not computed with.
    static let exactDigits = 256

    private init(_ ratio: Ratio) { form = .ratio(ratio) }

    /// `digits` are ASCII; the number is digits x 10^exponent.
    init(isNegative: Bool, digits: ArraySlice<UInt8>, exponent: Int) {
        var digits = digits.drop { $0 == UInt8(ascii: "0") }
        var exponent = exponent
        while digits.last == UInt8(ascii: "0") {
            digits.removeLast()
            exponent += 1
        }
        guard !digits.isEmpty else {
            form = .ratio(Ratio(numerator: 0, denominator: 1, exponent: 0))
            return
        }
        guard digits.count <= Self.exactDigits else {
            form = .long(isNegative: isNegative, digits: Array(digits), exponent: exponent)
            return
        }
        guard let magnitude = BigUInt(String(decoding: digits, as: UTF8.self), radix: 10) else {
            preconditionFailure("a number is made of digits")
        }
        let numerator = BigInt(sign: isNegative ? .minus : .plus, magnitude: magnitude)
        form = .ratio(Ratio(numerator: numerator, denominator: 1, exponent: exponent))
    }

    /// Nil for a zero divisor, and where a part is too long to compute with.
    static func / (a: ExactNumber, b: ExactNumber) -> ExactNumber? {
        guard case .ratio(let a) = a.form, case .ratio(let b) = b.form, b.numerator != 0 else { return nil }
        return ExactNumber(
            Ratio(
                numerator: a.numerator * b.denominator, denominator: a.denominator * b.numerator,
                exponent: a.exponent - b.exponent))
    }

    /// Nil where a part is too long to compute with, or their powers of ten are too far apart.
    static func + (a: ExactNumber, b: ExactNumber) -> ExactNumber? {
        guard case .ratio(let a) = a.form, case .ratio(let b) = b.form,
            abs(a.exponent - b.exponent) <= exactDigits
        else { return nil }
        let exponent = min(a.exponent, b.exponent)
        let left = a.numerator * BigInt(10).power(a.exponent - exponent) * b.denominator
        let right = b.numerator * BigInt(10).power(b.exponent - exponent) * a.denominator
        return ExactNumber(
            Ratio(numerator: left + right, denominator: a.denominator * b.denominator, exponent: exponent))
    }

    var negated: ExactNumber {
        var copy = self
        switch form {
        case .ratio(var ratio):
            ratio.numerator.negate()
            copy.form = .ratio(ratio)
        case .long(let isNegative, let digits, let exponent):
            copy.form = .long(isNegative: !isNegative, digits: digits, exponent: exponent)
        }
        return copy
    }

    /// What a percent is.
    var hundredth: ExactNumber {
        var copy = self
        switch form {
        case .ratio(var ratio):
            ratio.exponent -= 2
            copy.form = .ratio(ratio)
        case .long(let isNegative, let digits, let exponent):
            copy.form = .long(isNegative: isNegative, digits: digits, exponent: exponent - 2)
        }
        return copy
    }
}

/// numerator / denominator * 10^exponent, the denominator not 0; not in lowest terms, which `==` does not need.
private struct Ratio: Equatable {
    var numerator: BigInt
    var denominator: BigInt
    var exponent: Int

    /// Cross products, the smaller of them times a power of ten. That power is computed only when it fits between the
    /// two: 10^n has more than 3n bits.
    static func == (a: Ratio, b: Ratio) -> Bool {
        let left = a.numerator * b.denominator, right = b.numerator * a.denominator
        guard left != 0, right != 0 else { return left == right }
        let (scaled, whole) = a.exponent >= b.exponent ? (left, right) : (right, left)
        let power = abs(a.exponent - b.exponent)
        guard 3 * power <= whole.magnitude.bitWidth - scaled.magnitude.bitWidth else { return false }
        return scaled * BigInt(10).power(power) == whole
    }
}
