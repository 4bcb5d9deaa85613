/// A set of scalars, as a class of a regular expression describes it.
indirect enum ScalarSet: Sendable {
    case any
    case range(ClosedRange<UInt32>)
    case property(ScalarProperty)
    case not(ScalarSet)
    case union([ScalarSet])
    case intersection([ScalarSet])
    /// Every scalar of which some spelling in another case is in the set.
    case ignoringCase(ScalarSet)

    static func scalar(_ value: UInt32) -> ScalarSet { .range(value...value) }

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        switch self {
        case .any: true
        case .range(let range): range.contains(scalar.value)
        case .property(let property): property.holds(for: scalar)
        case .not(let set): !set.contains(scalar)
        case .union(let sets): sets.contains { $0.contains(scalar) }
        case .intersection(let sets): sets.allSatisfy { $0.contains(scalar) }
        case .ignoringCase(let set): Self.spellings(of: scalar).contains { set.contains($0) }
        }
    }

    /// The scalar in every case, itself first: simple case folding both ways.
    private static func spellings(of scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        var found = [scalar]
        func add(_ mapping: String) {
            let scalars = mapping.unicodeScalars
            if scalars.count == 1, let other = scalars.first, !found.contains(other) { found.append(other) }
        }
        var next = 0
        while next < found.count {
            defer { next += 1 }
            // A dotless i is no i, though its capital is I.
            if found[next] == "\u{131}" { continue }
            add(found[next].properties.lowercaseMapping)
            add(found[next].properties.uppercaseMapping)
        }
        // Scalars that fold to a letter of which they are not the capital.
        let extra: [Unicode.Scalar: Unicode.Scalar] = ["k": "\u{212A}", "s": "\u{17F}", "å": "\u{212B}"]
        for (letter, other) in extra where found.contains(letter) && !found.contains(other) { found.append(other) }
        return found
    }
}

/// A set with the answers for ASCII at hand.
struct CompiledScalarSet: Sendable {
    private let ascii: (low: UInt64, high: UInt64)
    private let set: ScalarSet

    init(_ set: ScalarSet) {
        self.set = set
        var low: UInt64 = 0, high: UInt64 = 0
        for value in UInt8(0)..<128 where set.contains(Unicode.Scalar(value)) {
            if value < 64 { low |= 1 << UInt64(value) } else { high |= 1 << UInt64(value - 64) }
        }
        ascii = (low, high)
    }

    /// The length of the scalar at `index` if the set has it, else 0. A byte that is no UTF-8 counts as U+FFFD.
    @inline(__always)
    func match(_ text: [UInt8], at index: Int, to end: Int) -> Int {
        let first = text[index]
        if first < 64 { return Int(truncatingIfNeeded: ascii.low >> UInt64(first) & 1) }
        if first < 128 { return Int(truncatingIfNeeded: ascii.high >> UInt64(first - 64) & 1) }
        let (scalar, length) = UTF8Scan.scalar(text, at: index, to: end)
        return set.contains(scalar ?? "\u{FFFD}") ? length : 0
    }
}
