/// A rational number read from text, compared exactly: 0.5 equals 1/2 and 3.0 equals 3, but 0.333 is not 1/3.
/// Numbers too long for exact arithmetic are kept as their digits, and equal only what has the same digits.
struct ExactNumber: Equatable {
    private enum Form: Equatable {
        /// Lowest terms, denominator positive; both below 10^18.
        case ratio(Int128, Int128)
        /// Sign, digits without zeros at either end, and the power of ten of the last digit.
        case long(isNegative: Bool, digits: [UInt8], exponent: Int)
    }

    private var form: Form

    /// More digits than this are not computed with.
    static let exactDigits = 18

    /// `digits` are ASCII; the number is digits x 10^exponent.
    init(isNegative: Bool, digits: ArraySlice<UInt8>, exponent: Int) {
        var digits = digits.drop { $0 == 0x30 }
        var exponent = exponent
        while digits.last == 0x30 {
            digits.removeLast()
            exponent += 1
        }
        guard !digits.isEmpty else {
            form = .ratio(0, 1)
            return
        }
        let wholeDigits = digits.count + max(exponent, 0)
        guard wholeDigits <= Self.exactDigits, -exponent < Self.exactDigits else {
            form = .long(isNegative: isNegative, digits: Array(digits), exponent: exponent)
            return
        }
        let value = digits.reduce(Int128(0)) { $0 * 10 + Int128($1 - 0x30) } * Self.power(max(exponent, 0))
        form = Self.reduced(isNegative ? -value : value, Self.power(max(-exponent, 0)))
    }

    /// Nil for a zero divisor, and where a part or the result is too long to compute with.
    static func / (a: ExactNumber, b: ExactNumber) -> ExactNumber? {
        guard case .ratio(let p, let q) = a.form, case .ratio(let r, let s) = b.form, r != 0 else { return nil }
        return ExactNumber(p * s, q * r)
    }

    static func + (a: ExactNumber, b: ExactNumber) -> ExactNumber? {
        guard case .ratio(let p, let q) = a.form, case .ratio(let r, let s) = b.form, q < Self.power(9),
            s < Self.power(9)
        else {
            return nil
        }
        return ExactNumber(p * s + r * q, q * s)
    }

    var negated: ExactNumber {
        var copy = self
        switch form {
        case .ratio(let p, let q): copy.form = .ratio(-p, q)
        case .long(let isNegative, let digits, let exponent):
            copy.form = .long(isNegative: !isNegative, digits: digits, exponent: exponent)
        }
        return copy
    }

    var hundredth: ExactNumber? { self / ExactNumber(isNegative: false, digits: [0x31], exponent: 2) }

    private init?(_ p: Int128, _ q: Int128) {
        form = Self.reduced(p, q)
        guard case .ratio(let p, let q) = form, abs(p) < Self.power(Self.exactDigits), q < Self.power(Self.exactDigits)
        else {
            return nil
        }
    }

    private static func reduced(_ p: Int128, _ q: Int128) -> Form {
        var (a, b) = (abs(p), abs(q))
        while b != 0 { (a, b) = (b, a % b) }
        let divisor = q < 0 ? -a : a
        return .ratio(p / divisor, q / divisor)
    }

    private static func power(_ exponent: Int) -> Int128 {
        (0..<exponent).reduce(Int128(1)) { power, _ in power * 10 }
    }
}
