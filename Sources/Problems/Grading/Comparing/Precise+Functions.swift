import BigInt

/// Functions by their series, in numbers of ``places`` binary places.
extension Precise {
    /// More than 256 digits need, for what reducing arguments takes away.
    private static let places = 400
    /// What series, constants and reductions together may be wrong by.
    private static let ownError = -(places - 56)
    /// An argument above 2 to this is not reduced.
    private static let largestArgument = 40

    private static let one = BigInt(1) << places
    /// ln 2 = 2 artanh(1/3)
    private static let ln2 = 2 * series(one / 3, square: one / 9) { _ in 1 }
    /// Machin: 16 arctan(1/5) - 4 arctan(1/239)
    private static let piDigits =
        16 * series(one / 5, square: one / 25) { $0 % 2 == 0 ? 1 : -1 }
        - 4 * series(one / 239, square: one / 57121) { $0 % 2 == 0 ? 1 : -1 }

    static var pi: Precise? { Precise(digits: piDigits, exponent: -places, error: ownError) }
    static var e: Precise? { Precise(1).exponential }

    /// x + s x^3/3 + s x^5/5 + …, with a sign for each term.
    private static func series(_ first: BigInt, square: BigInt, sign: (Int) -> Int) -> BigInt {
        var (power, sum, index) = (first, BigInt(0), 0)
        while power != 0 {
            sum += power / BigInt(2 * index + 1) * BigInt(sign(index))
            power = product(power, square)
            index += 1
        }
        return sum
    }

    /// Of two numbers at ``places``, towards 0: a shift would never bring a negative term there.
    private static func product(_ a: BigInt, _ b: BigInt) -> BigInt {
        let product = a * b
        return BigInt(sign: product.sign, magnitude: product.magnitude >> places)
    }

    /// Its digits at ``places``; nil where it is too large, or too uncertain for a function.
    private var fixed: BigInt? {
        guard (size ?? 0) <= Self.largestArgument, (error ?? -Self.places) <= -8 else { return nil }
        let shift = exponent + Self.places
        return shift >= 0 ? digits << shift : digits >> -shift
    }

    /// How far a function's value may be off whose slope is at most 1.
    private var passedError: Int? { Self.sum(error, Self.ownError) }

    /// e^x = 2^k e^r with 0 ≤ r < ln 2
    var exponential: Precise? {
        guard let fixed else { return nil }
        var (k, r) = fixed.quotientAndRemainder(dividingBy: Self.ln2)
        if r < 0 { (k, r) = (k - 1, r + Self.ln2) }
        var (term, sum, index) = (Self.one, Self.one, 1)
        while term != 0 {
            term = Self.product(term, r) / BigInt(index)
            sum += term
            index += 1
        }
        let scale = Int(k)
        return Precise(digits: sum, exponent: scale - Self.places, error: passedError.map { $0 + scale + 3 })
    }

    /// Of m 2^k with 1/2 ≤ m < 1: k ln 2 + 2 artanh((m - 1)/(m + 1)); nil where it may be of 0 or less.
    var logarithm: Precise? {
        guard isAway, !isNegative, let size, abs(size) < 1 << Self.largestArgument else { return nil }
        let m = digits << (Self.places - digits.magnitude.bitWidth)
        let y = ((m - Self.one) << Self.places) / (m + Self.one)
        let mantissa = 2 * Self.series(y, square: Self.product(y, y)) { _ in 1 }
        let passed = error.map { $0 - size + 3 }
        return Precise(
            digits: mantissa + BigInt(size) * Self.ln2, exponent: -Self.places, error: Self.sum(passed, Self.ownError))
    }

    /// Sine and cosine, of r = x - n π/2 with |r| ≤ π/4 or a little more.
    var sineAndCosine: (Precise, Precise)? {
        guard let fixed else { return nil }
        let quarter = Self.piDigits / 2
        let n = (fixed * 2 + quarter) / (quarter * 2) - (fixed * 2 + quarter < 0 ? 1 : 0)
        let r = fixed - n * quarter, square = Self.product(r, r)
        let values = [Self.alternating(r, square, from: 1), Self.alternating(Self.one, square, from: 0)].compactMap {
            Precise(digits: $0, exponent: -Self.places, error: passedError)
        }
        guard values.count == 2 else { return nil }
        switch Int(n - (n / 4) * 4 + 4) % 4 {
        case 0: return (values[0], values[1])
        case 1: return (values[1], -values[0])
        case 2: return (-values[0], -values[1])
        default: return (-values[1], values[0])
        }
    }

    /// The first term, and those after it by the factorials.
    private static func alternating(_ first: BigInt, _ square: BigInt, from start: Int) -> BigInt {
        var (term, sum, index) = (first, first, start)
        while term != 0 {
            term = -product(term, square) / BigInt((index + 1) * (index + 2))
            sum += term
            index += 2
        }
        return sum
    }

    /// Thrice halved, by arctan x = 2 arctan(x/(1 + √(1 + x²))).
    var arctangent: Precise? {
        var x = self
        for _ in 0..<3 {
            guard let below = (x * x).flatMap({ $0 + Precise(1) })?.root.flatMap({ $0 + Precise(1) }),
                let half = x / below
            else { return nil }
            x = half
        }
        guard let fixed = x.fixed else { return nil }
        let sum = Self.series(fixed, square: Self.product(fixed, fixed)) { $0 % 2 == 0 ? 1 : -1 }
        return Precise(digits: sum, exponent: 3 - Self.places, error: x.passedError.map { $0 + 3 })
    }
}
