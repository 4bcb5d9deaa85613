extension ExpressionParser {
    /// The set without regard to case, where that is asked for. Oniguruma then folds `ß` to `ss`, `ﬁ` to `fi`, and so
    /// on, both ways: one scalar stands for several. Where that may happen the meaning is not ours.
    func folded(_ set: ScalarSet, isNegated: Bool = false) throws -> ScalarSet {
        guard ignoresCase else { return set }
        try checkNames(set)
        if case .not = set { return .ignoringCase(set) }
        if !isNegated, Self.foldingToSeveral.contains(where: { set.contains($0.scalar) }) {
            throw ExpressionError(what: "a set without regard to case that has letters like ß, which is also ss")
        }
        return .ignoringCase(set)
    }

    private func checkNames(_ set: ScalarSet) throws {
        switch set {
        case .range(let range) where range.upperBound > 0x7F:
            throw ExpressionError(what: "letters beyond ASCII without regard to case")
        case .union(let sets), .intersection(let sets): try sets.forEach(checkNames)
        case .not(let set): try checkNames(set)
        case .property, .any, .range, .ignoringCase: break
        }
    }

    /// `ss`, `st`, `ff` and the like, one behind the other.
    func checkPairs(_ nodes: [ExpressionNode]) throws {
        var previous: Unicode.Scalar?
        for node in nodes {
            var current: Unicode.Scalar?
            if case .one(.ignoringCase(.range(let range))) = node, range.count == 1 {
                current = Unicode.Scalar(range.lowerBound)?.properties.lowercaseMapping.unicodeScalars.first
            }
            if let previous, let current {
                let pair = [previous, current]
                for (_, folded) in Self.foldingToSeveral
                where folded.starts(with: pair) || folded.suffix(2) == pair[...] {
                    throw ExpressionError(
                        what: "\(previous)\(current) without regard to case, for which one letter may stand")
                }
            }
            previous = current
        }
    }

    /// Scalars whose folding is several scalars, with it.
    private static let foldingToSeveral: [(scalar: Unicode.Scalar, folded: [Unicode.Scalar])] = {
        let places: [ClosedRange<UInt32>] = [0xDF...0x587, 0x1E96...0x1FFF, 0xFB00...0xFB17]
        return places.joined().compactMap(Unicode.Scalar.init).compactMap { scalar in
            let upper = Array(scalar.properties.uppercaseMapping.lowercased().unicodeScalars)
            let lower = Array(scalar.properties.lowercaseMapping.unicodeScalars)
            return upper.count > 1 ? (scalar, upper) : lower.count > 1 ? (scalar, lower) : nil
        }
    }()
}
