extension Expression {
    /// What a relation gives as its answer: the last side of `x = 5` or `AB = 5`, the set of `x ∈ S`; with `sums`, of
    /// `m + n = 5` too. Nil for what is no such relation.
    func solution(sums: Bool) -> Expression? {
        guard case .relation(let first, let links) = self, let last = links.last else { return nil }
        guard links.allSatisfy({ ["=", "≈", "≡", "∈"].contains($0.sign) }) else { return nil }
        // 5 = x
        if last.side.isName, !first.isName, links.count == 1 { return first }
        let isCalculation = first.variables.isEmpty && last.side.variables.isEmpty
        guard first.isQuantity(sums) || isCalculation || links.count > 1 else { return nil }
        // x = 1/3 ≈ 0.33
        let exact = links.firstIndex { $0.sign == "≈" } ?? links.count
        return exact > 0 ? links[exact - 1].side : last.side
    }

    /// What a letter's value may be asked for: a name, or names joined by signs without numbers (`m + n`, `AB`, `a/b`).
    private func isQuantity(_ sums: Bool) -> Bool {
        if isName { return true }
        switch self {
        case .sum(let parts): return sums && parts.allSatisfy { $0.isQuantity(sums) }
        case .product(let parts), .group(_, _, let parts), .list(let parts):
            return parts.allSatisfy { $0.isQuantity(sums) }
        case .quotient(let a, let b): return a.isQuantity(sums) && b.isQuantity(sums)
        case .power(let base, .number): return base.isQuantity(sums)
        case .function(let name, let arguments): return name != "!" && arguments.allSatisfy { $0.isQuantity(sums) }
        case .degrees(let part): return part.isQuantity(sums)
        default: return false
        }
    }

    /// The interval that bounds of one name say: `x < 5`, `1 ≤ x < 3`.
    var interval: (name: Expression, Expression)? {
        guard case .relation(let first, let links) = self else { return nil }
        let endless = Expression.symbol("∞")
        switch links.count {
        case 1:
            let isNamed = first.isName
            guard isNamed != links[0].side.isName || (isNamed && links[0].side == endless) else { return nil }
            let (name, bound) = isNamed ? (first, links[0].side) : (links[0].side, first)
            switch (links[0].sign, isNamed) {
            case ("<", true), (">", false): return (name, .group(open: "(", close: ")", [endless.negated, bound]))
            case ("≤", true), ("≥", false): return (name, .group(open: "(", close: "]", [endless.negated, bound]))
            case (">", true), ("<", false): return (name, .group(open: "(", close: ")", [bound, endless]))
            case ("≥", true), ("≤", false): return (name, .group(open: "[", close: ")", [bound, endless]))
            default: return nil
            }
        case 2:
            let name = links[0].side
            guard name.isName else { return nil }
            let (low, high) = (first, links[1].side)
            switch (links[0].sign, links[1].sign) {
            case ("<", "<"), ("<", "≤"), ("≤", "<"), ("≤", "≤"):
                return (
                    name,
                    .group(
                        open: links[0].sign == "<" ? "(" : "[", close: links[1].sign == "<" ? ")" : "]", [low, high])
                )
            case (">", ">"), (">", "≥"), ("≥", ">"), ("≥", "≥"):
                return (
                    name,
                    .group(
                        open: links[1].sign == ">" ? "(" : "[", close: links[0].sign == ">" ? ")" : "]", [high, low])
                )
            default: return nil
            }
        default: return nil
        }
    }

    /// The set that a name is said to be in: by bounds, or `x ∈ S`.
    var bounded: (name: Expression, Expression)? {
        if case .relation(let name, let links) = self, links.count == 1, links[0].sign == "∈", name.isName {
            return (name, links[0].side)
        }
        return interval
    }

    /// The argument's name in `f(x)`.
    var argumentName: String? {
        guard case .product(let factors) = self, factors.count == 2, factors[0].isName,
            case .symbol(let name) = factors[1]
        else { return nil }
        return name
    }

    /// With another name for one.
    func renaming(_ name: String, to other: String) -> Expression {
        self == .symbol(name) ? .symbol(other) : mapped { $0.renaming(name, to: other) }
    }

    /// `x < -3 or x > 3`, `x ≠ 3`, or ℝ without one number, as a union of intervals.
    var asUnion: Expression? {
        switch self {
        case .relation(let first, let links):
            guard links.count == 1, links[0].sign == "≠", first.isName, !links[0].side.isName else { return nil }
            return Self.without(links[0].side)
        case .list(let parts):
            let sets = parts.compactMap(\.bounded)
            guard sets.count == parts.count, sets.allSatisfy({ $0.name == sets[0].name }) else { return nil }
            return .union(sets.map(\.1))
        case .function("∖", let parts):
            guard parts.count == 2, parts[0] == .symbol("ℝ"), case .set(let out) = parts[1], out.count == 1 else {
                return nil
            }
            return Self.without(out[0])
        default: return nil
        }
    }

    var isRelation: Bool { if case .relation = self { true } else { false } }

    /// The names of values of different things: `x = 1, y = 2`. Nil where one is none, and of one thing's values:
    /// `x = 1 or x = 2`, `x_1 = 1, x_2 = 2`.
    static func namesApart(_ list: [Expression]) -> [String]? {
        var names: [String] = []
        for element in list {
            guard case .relation(let first, let links) = element, links.count == 1, links[0].sign == "=", first.isName
            else { return nil }
            names.append(first.unnumbered)
        }
        return names.count > 1 && Set(names).count == names.count ? names : nil
    }

    /// A name without its subscript.
    private var unnumbered: String {
        if case .symbol(let name) = self { return String(name.prefix { $0 != "_" }) }
        let parts = children.map(\.unnumbered).joined(separator: " ")
        if case .function(let name, _) = self { return parts + name }
        return children.isEmpty ? "\(self)" : parts
    }

    /// ℝ without one number.
    private static func without(_ number: Expression) -> Expression {
        let endless = Expression.symbol("∞")
        return .union([
            .group(open: "(", close: ")", [endless.negated, number]), .group(open: "(", close: ")", [number, endless]),
        ])
    }

    /// A name alone, or a function's: `x`, `x_1`, `f(x)`.
    var isName: Bool {
        switch self {
        case .symbol(let name): !["pi", "e", "i", "∞", "∅"].contains(name)
        case .product(let factors): factors.count == 2 && factors[0].isName && isArgument(factors[1])
        case .function("'", let arguments): arguments.first?.isName ?? false
        default: false
        }
    }

    private func isArgument(_ expression: Expression) -> Bool {
        switch expression {
        case .symbol, .number, .group: true
        default: false
        }
    }
}
