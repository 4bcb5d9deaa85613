import Foundation

/// Whether two expressions have the same value: exactly where they are rational, else at points that are the same on
/// every run. Where one is defined and the other is not, they differ.
struct Agreement {
    let effort: Effort
    /// How the last comparison was made.
    private(set) var manner = ""
    /// Whether the last comparison found no value to compare.
    private(set) var isUndecided = false
    /// Whether `C` is drawn as `c` is.
    private var folds = false

    init(effort: Effort) { self.effort = effort }

    private enum Outcome { case agree, differ, undefined, unknown }

    /// The ranges that names are drawn from, round by round: both signs, near 0 and away from it.
    private static let ranges = [
        (1.1, 2.9), (0.1, 0.9), (-2.9, -1.1), (-0.9, -0.1), (3.0, 7.0), (-4.0, 4.0), (0.2, 3.0), (0.05, 0.4),
        (9.0, 40.0), (60.0, 200.0),
    ]

    /// Equal in value, for every value of their names.
    mutating func areEqual(_ a: Expression, _ b: Expression) -> Bool {
        let names = namesOf(a, b)
        if let equal = exactly(a, b, names) { return equal }
        if names.isEmpty, let one = PrimePowers(a, effort: effort), let other = PrimePowers(b, effort: effort) {
            manner = "as powers of primes"
            return one == other
        }
        let usesLog = [a, b].contains { $0.contains { if case .function("log", _) = $0 { true } else { false } } }
        return (usesLog ? [M_E, 10] : [M_E]).contains { base in
            if names.isEmpty, let isSame = areSameToDigits(a, b, names, 0, base) {
                manner = Self.toDigits
                return isSame
            }
            let isSame = numerically(names, base, hasImaginary: [a, b].contains { $0.contains { $0 == .symbol("i") } })
            {
                evaluation throws(NumericEvaluation.Failure) in
                (try evaluation.definedValue(a), try evaluation.definedValue(b))
            } agree: {
                Self.isClose($0, $1, isConstant: names.isEmpty)
            }
            let rounds = isSame && !names.isEmpty ? 0..<3 : 0..<0
            guard rounds.contains(where: { areSameToDigits(a, b, names, $0, base) == false }) else { return isSame }
            manner = Self.toDigits
            return false
        }
    }

    private static let toDigits = "by value, to \(Precise.bits) binary digits"

    /// Whether two expressions are the same to many digits at a point; nil where that is not known. A long decimal
    /// stands for what it is rounded from, and is left to doubles.
    private func areSameToDigits(
        _ a: Expression, _ b: Expression, _ names: Set<String>, _ round: Int, _ logBase: Double
    ) -> Bool? {
        guard ![a, b].contains(where: { $0.contains(Self.isLongDecimal) }) else { return nil }
        let evaluation = PreciseEvaluation(
            point: point(names, round, false).compactMapValues { Precise($0.re) }, logBase: logBase == 10 ? 10 : nil,
            effort: effort)
        guard let left = evaluation.value(a), let right = evaluation.value(b) else { return nil }
        return Precise.areSame(left, right)
    }

    private static func isLongDecimal(_ expression: Expression) -> Bool {
        if case .number(let number) = expression { number.denominator.bitWidth > 30 } else { false }
    }

    /// How many times the second the first is, where that is the same everywhere: both are 0 at the same places, as the
    /// differences of two equations' sides that say the same. Nil where it is not.
    mutating func ratio(_ a: Expression, _ c: Expression) -> Double? {
        let names = namesOf(a, c)
        var ratios: [Complex] = []
        let isSame = numerically(names, M_E, hasImaginary: false) { evaluation throws(NumericEvaluation.Failure) in
            let (top, bottom) = (try evaluation.value(a), try evaluation.value(c))
            guard bottom.magnitude > 1e-9, top.magnitude > 1e-9 else { throw .outOfReach }
            let ratio = top / bottom
            ratios.append(ratio)
            return (ratio, ratios[0])
        } agree: {
            ($0 - $1).magnitude <= 1e-8 * $1.magnitude
        }
        guard isSame, !names.isEmpty, let ratio = ratios.first, ratio.isReal else { return nil }
        manner = "as equations, at \(ratios.count) points"
        return ratio.re
    }

    /// Their names; a constant of integration is the same in upper and lower case, unless one of them has both.
    private mutating func namesOf(_ a: Expression, _ b: Expression) -> Set<String> {
        let (ours, theirs) = (a.variables, b.variables)
        folds = ![ours, theirs].contains { names in
            names.contains { $0.hasPrefix("C") && names.contains(Self.lower($0)) }
        }
        return ours.union(theirs)
    }

    // MARK: Exactly

    /// Nil where a value is not rational.
    private mutating func exactly(_ a: Expression, _ b: Expression, _ names: Set<String>) -> Bool? {
        let rounds = names.isEmpty ? 1 : 3
        for round in 0..<rounds {
            var point: [String: Rational] = [:]
            for name in names {
                let draw = Self.draw(folds ? Self.lower(name) : name, round)
                let isNegative = round == 1 || (round == 2 && draw > 0.5)
                let size = Int(draw * 400) + 17 + 60 * round
                guard let value = Rational(isNegative ? -size : size) / Rational(7 + round) else { return nil }
                point[name] = value
            }
            let evaluation = ExactEvaluation(point: point, effort: effort)
            guard let left = evaluation.value(a), let right = evaluation.value(b),
                effort.spend(left.words * right.words / 8)
            else { return nil }
            manner = names.isEmpty ? "as exact numbers" : "exactly, at \(rounds) rational points"
            if left != right { return false }
        }
        return true
    }

    // MARK: In doubles

    /// Agreement at several points and disagreement at none. Real numbers first; complex ones where an expression has
    /// `i`, or nothing is real; whole numbers where nothing else is defined, as for (-1)^n.
    private mutating func numerically(
        _ names: Set<String>, _ logBase: Double, hasImaginary: Bool,
        _ values: (NumericEvaluation) throws(NumericEvaluation.Failure) -> (Complex?, Complex?),
        agree: (Complex, Complex) -> Bool
    ) -> Bool {
        let kinds = [(hasImaginary, false), (true, false), (hasImaginary, true)]
        for (isComplex, isWhole) in kinds where !names.isEmpty || !isWhole {
            var agreeing = 0
            for round in 0..<(names.isEmpty ? 1 : Self.ranges.count) {
                let point = point(names, round, isWhole)
                let evaluation = NumericEvaluation(
                    point: point, allowsComplex: isComplex, logBase: logBase, effort: effort)
                switch outcome(evaluation, values, agree) {
                case .agree: agreeing += 1
                case .undefined: continue
                case .differ:
                    manner = "by value, at a point"
                    isUndecided = false
                    return false
                case .unknown:
                    isUndecided = true
                    return false
                }
            }
            manner = names.isEmpty ? "by value" : "by value, at \(agreeing) points"
            if agreeing >= (names.isEmpty ? 1 : 2) { return true }
        }
        isUndecided = true
        return false
    }

    private func outcome(
        _ evaluation: NumericEvaluation,
        _ values: (NumericEvaluation) throws(NumericEvaluation.Failure) -> (Complex?, Complex?),
        _ agree: (Complex, Complex) -> Bool
    ) -> Outcome {
        do {
            let (left, right) = try values(evaluation)
            guard let left, let right else { return left == nil && right == nil ? .undefined : .differ }
            return agree(left, right) ? .agree : .differ
        } catch {
            switch error {
            case .undefined, .outOfReach: return .undefined
            case .unknown: return .unknown
            }
        }
    }

    private func point(_ names: Set<String>, _ round: Int, _ isWhole: Bool) -> [String: Complex] {
        let (low, high) = Self.ranges[round]
        var point: [String: Complex] = [:]
        for name in names {
            let draw = Self.draw(folds ? Self.lower(name) : name, round)
            point[name] = Complex(isWhole ? (2 + draw * 7).rounded(.down) : low + draw * (high - low))
        }
        return point
    }

    /// `C_1` as `c_1`; other names as they are.
    private static func lower(_ name: String) -> String { name.hasPrefix("C") ? "c" + name.dropFirst() : name }

    /// In [0, 1), by name and round: FNV-1a, then SplitMix64's last steps.
    private static func draw(_ name: String, _ round: Int) -> Double {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        hash = (hash ^ UInt64(round)) &* 0x100_0000_01B3
        hash = (hash ^ (hash >> 30)) &* 0xBF58_476D_1CE4_E5B9
        hash = (hash ^ (hash >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((hash ^ (hash >> 31)) >> 11) * 0x1p-53
    }

    private static func isClose(_ a: Complex, _ b: Complex, isConstant: Bool) -> Bool {
        let size = max(a.magnitude, b.magnitude), distance = (a - b).magnitude
        if distance <= (isConstant ? 1e-12 : 1e-9) * size { return true }
        // What is 0 comes out as a rounding error of its terms.
        return size < 1e-12 && min(a.magnitude, b.magnitude) == 0
    }
}
