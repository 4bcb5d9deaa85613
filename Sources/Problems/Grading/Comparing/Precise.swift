import BigInt

/// A real number to 256 binary digits, with a bound on how far it is from the true one: says for sure that two numbers
/// differ, where doubles cannot tell them apart, and that they agree, where doubles lose their digits.
struct Precise {
    static let bits = 256
    /// A longer exponent is no value.
    private static let longestExponent = 1 << 40

    /// It is digits x 2^exponent.
    let digits: BigInt
    let exponent: Int
    /// The true number is at most 2^error away; nil where this is the true number.
    let error: Int?

    /// Nil where the exponent is too long. Longer digits are cut.
    init?(digits: BigInt, exponent: Int, error: Int?) {
        let excess = max(0, digits.bitWidth - Self.bits)
        guard abs(exponent) < Self.longestExponent else { return nil }
        self.digits = digits >> excess
        self.exponent = exponent + excess
        self.error = excess > 0 ? Self.sum(error, exponent + excess) : error
    }

    init(_ value: Int) { (digits, exponent, error) = (BigInt(value), 0, nil) }

    /// Nil for what is not finite.
    init?(_ value: Double) {
        guard value.isFinite else { return nil }
        let significand = BigInt(value.significand * 0x1p52) * (value < 0 ? -1 : 1)
        (digits, exponent, error) = value == 0 ? (0, 0, nil) : (significand, Int(value.exponent) - 52, nil)
    }

    /// Above its logarithm to base 2, by at most 1; nil for 0.
    var size: Int? { digits == 0 ? nil : digits.magnitude.bitWidth + exponent }
    var isExact: Bool { error == nil }
    var isNegative: Bool { digits < 0 }

    /// Whether the true number is certainly not 0, and not next to it.
    var isAway: Bool {
        guard let size else { return false }
        return error.map { $0 < size - 2 } ?? true
    }

    /// False where two true numbers certainly differ, true where so many digits agree that they would not by chance;
    /// nil where too few are sure.
    static func areSame(_ a: Precise, _ b: Precise) -> Bool? {
        guard let difference = a - b else { return nil }
        if difference.isAway { return false }
        guard let error = difference.error else { return true }
        guard let size = [a.size, b.size].compactMap({ $0 }).max() else { return nil }
        return error < size - sureBits ? true : nil
    }

    private static let sureBits = 100

    // MARK: Arithmetic

    static prefix func - (a: Precise) -> Precise { Precise(negated: a) }

    private init(negated a: Precise) { (digits, exponent, error) = (-a.digits, a.exponent, a.error) }

    static func + (a: Precise, b: Precise) -> Precise? {
        let error = sum(a.error, b.error)
        guard let one = a.size, let other = b.size else {
            let rest = a.size == nil ? b : a
            return Precise(digits: rest.digits, exponent: rest.exponent, error: error)
        }
        // What is far below the last digit of the other.
        if abs(one - other) > 3 * bits {
            let (large, small) = one > other ? (a, other) : (b, one)
            return Precise(digits: large.digits, exponent: large.exponent, error: sum(error, small))
        }
        let low = min(a.exponent, b.exponent)
        return Precise(
            digits: (a.digits << (a.exponent - low)) + (b.digits << (b.exponent - low)), exponent: low, error: error)
    }

    static func - (a: Precise, b: Precise) -> Precise? { a + -b }

    static func * (a: Precise, b: Precise) -> Precise? {
        var error: Int?
        if let size = a.size, let other = b.error { error = sum(error, size + other) }
        if let size = b.size, let other = a.error { error = sum(error, size + other) }
        if let one = a.error, let other = b.error { error = sum(error, one + other) }
        return Precise(digits: a.digits * b.digits, exponent: a.exponent + b.exponent, error: error)
    }

    /// Nil where the divisor may be 0.
    static func / (a: Precise, b: Precise) -> Precise? {
        guard b.isAway, let below = b.size else { return nil }
        let shift = bits + 8 + max(0, b.digits.magnitude.bitWidth - a.digits.magnitude.bitWidth)
        let exponent = a.exponent - b.exponent - shift
        // The divisor is at least 2^(below - 2).
        var error: Int? = exponent
        if let own = a.error { error = sum(error, own - below + 2) }
        if let other = b.error { error = sum(error, (a.size ?? exponent) - below + 1 + other - below + 2) }
        return Precise(
            digits: (a.digits << shift) / b.digits, exponent: exponent, error: a.digits == 0 && a.isExact ? nil : error)
    }

    /// Nil where it may be 0 or below.
    var root: Precise? {
        guard isAway, !isNegative, let size else { return nil }
        var shift = max(0, 2 * Self.bits + 16 - digits.bitWidth)
        if (exponent - shift) % 2 != 0 { shift += 1 }
        let half = (exponent - shift) / 2
        // The root of what is at least 2^(size - 2) changes by at most that much.
        let moved = error.map { $0 - (size - 2) >> 1 + 1 }
        return Precise(digits: (digits << shift).squareRoot(), exponent: half, error: Self.sum(moved, half))
    }

    /// To a whole exponent.
    func power(_ exponent: Int) -> Precise? {
        var (result, square, rest) = (Precise?(Precise(1)), Precise?(self), abs(exponent))
        while rest > 0 {
            guard let factor = square else { return nil }
            if rest % 2 == 1 { result = result.flatMap { $0 * factor } }
            rest /= 2
            if rest > 0 { square = factor * factor }
        }
        return exponent < 0 ? result.flatMap { Precise(1) / $0 } : result
    }

    /// Above the sum of two errors.
    static func sum(_ a: Int?, _ b: Int?) -> Int? {
        guard let a else { return b }
        return b.map { max(a, $0) + 1 } ?? a
    }
}
