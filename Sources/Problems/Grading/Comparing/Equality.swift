/// Whether two answers say the same: containers element by element, everything else by value.
struct Equality {
    let effort: Effort
    /// How the decisive comparison was made.
    private(set) var manner = "as answers of different kinds"
    /// Whether something was compared that nobody computes here, as an integral: it may be equal.
    private(set) var isUndecided = false
    /// Whether lists are compared in their order.
    private var keepsOrder = false

    init(effort: Effort) { self.effort = effort }

    /// Whether an answer says what the reference says, in any of the ways in which both may be read.
    mutating func areEqual(_ given: AnswerReading, _ reference: AnswerReading) -> Bool {
        if given.tokens.areWritten(as: reference.tokens) {
            manner = "as the same text"
            return true
        }
        for wanted in reference.senses {
            for sense in given.senses {
                keepsOrder = sense.keepsOrder || wanted.keepsOrder
                if same(sense.value, wanted.value) { return true }
            }
        }
        return false
    }

    private mutating func same(_ given: Expression, _ wanted: Expression) -> Bool {
        guard effort.spend() else { return false }
        if given == wanted {
            manner = "as the same expression"
            return true
        }
        if let isSame = sameDressed(given, wanted) { return isSame }
        let (givenSigns, wantedSigns) = (Rewriting.signs(given), Rewriting.signs(wanted))
        if givenSigns.count > 1 || wantedSigns.count > 1 { return same(flat(givenSigns), flat(wantedSigns)) }
        if let isSame = sameRelations(given, wanted) { return isSame }
        if let isSame = sameContainers(given, wanted) { return isSame }
        return sameValues(given, wanted)
    }

    /// ± among listed answers: one list.
    private func flat(_ parts: [Expression]) -> Expression {
        guard parts.count > 1 else { return parts[0] }
        var elements: [Expression] = []
        for part in parts {
            let solution = part.solution(sums: true) ?? part
            let more: [Expression] =
                switch solution {
                case .list(let several), .set(let several): several
                default: [solution]
                }
            for one in more where !elements.contains(one) { elements.append(one) }
        }
        return .list(elements)
    }

    // MARK: Units, percents, degrees

    /// Nil where neither has anything around its value.
    private mutating func sameDressed(_ given: Expression, _ wanted: Expression) -> Bool? {
        switch (given, wanted) {
        case (.words(let a), .words(let b)):
            manner = "as words"
            return a.filter { $0 != " " } == b.filter { $0 != " " }
        case (.function("mod", let a), .function("mod", let b)): return allSame(a, b)
        case (.function("mod", let a), let b) where !a.isEmpty: return same(a[0], b)
        case (let a, .function("mod", let b)) where !b.isEmpty: return same(a, b[0])
        case (.based(let digits, _), .number), (.number, .based(let digits, _)):
            manner = "by their digits"
            let number = if case .number = given { given } else { wanted }
            return Rational(decimal: digits.allSatisfy(\.isNumber) ? digits : "").map { .number($0) == number } ?? false
        case (.based(let a, let ours), .based(let b, let theirs)):
            return ours == theirs ? a.lowercased() == b.lowercased() : sameValues(given, wanted)
        default: break
        }
        let (a, b) = (Dress(given), Dress(wanted))
        return sameDresses(a.beside(b), b.beside(a))
    }

    /// Units must be the same, or convert; a number with no unit stands for one with any. Words change nothing, but
    /// for the half of the day and the things that are counted.
    private mutating func sameDresses(_ a: Dress, _ b: Dress) -> Bool? {
        switch (a.kind, b.kind) {
        case (.bare, .bare): return nil
        case (.unit(let ours), .unit(let theirs)):
            if let factor = ours.factor(to: theirs) {
                return factor == Rational(1)
                    ? same(a.value, b.value) : same(.product([a.value, .number(factor)]), b.value)
            }
        case (.percent, .percent), (.degrees, .degrees), (.radians, .radians): return same(a.value, b.value)
        case (.degrees, .radians): return same(a.value, b.value.inDegrees)
        case (.radians, .degrees): return same(a.value.inDegrees, b.value)
        case (.percent, .bare): return same(a.value, b.value) || same(a.value.hundredth, b.value)
        case (.bare, .percent): return same(a.value, b.value) || same(a.value, b.value.hundredth)
        case (.words, .words), (.words, .unit), (.unit, .words):
            if Clock.agree(a.words, b.words), Nouns.agree(a.words, b.words) { return same(a.value, b.value) }
        case (.words, _): return same(a.value, b.whole)
        case (_, .words): return same(a.whole, b.value)
        case (.bare, _), (_, .bare): return same(a.value, b.value)
        default: break
        }
        manner = "by their units"
        return false
    }

    // MARK: Relations

    /// Nil where neither is a relation.
    private mutating func sameRelations(_ given: Expression, _ wanted: Expression) -> Bool? {
        switch (given, wanted) {
        case (.relation(let a, let ours), .relation(let b, let theirs)):
            if let name = a.argumentName, let other = b.argumentName, name != other, !given.variables.contains(other) {
                return same(given.renaming(name, to: other), wanted)
            }
            return sameEquations(given, wanted) || sameSides(a, ours, b, theirs)
        case (.relation, let b):
            if let solution = solution(given, sums: true) { return same(solution, b) }
            return (given.interval?.1 ?? given.asUnion).map { same($0, b) } ?? false
        case (let a, .relation):
            if let solution = solution(wanted, sums: false) { return same(a, solution) }
            return (wanted.interval?.1 ?? wanted.asUnion).map { same(a, $0) } ?? false
        default: return nil
        }
    }

    /// What a relation gives as its answer; of an identity, `(x + 1)^2 = x^2 + 2x + 1`, the last side.
    private mutating func solution(_ relation: Expression, sums: Bool) -> Expression? {
        if let solution = relation.solution(sums: sums) { return solution }
        guard case .relation(let first, let links) = relation, links.count == 1, links[0].sign == "=",
            same(first, links[0].side)
        else { return nil }
        return links[0].side
    }

    private mutating func sameEquations(_ given: Expression, _ wanted: Expression) -> Bool {
        guard case .relation(let a, let ours) = given, case .relation(let b, let theirs) = wanted else { return false }
        if let left = given.bounded, let right = wanted.bounded {
            return left.name == right.name && same(left.1, right.1)
        }
        guard ours.count == 1, theirs.count == 1 else {
            guard let left = given.solution(sums: true), let right = wanted.solution(sums: true) else { return false }
            return (a == b || ours.count != theirs.count) && same(left, right)
        }
        let (sign, other) = (ours[0].sign, theirs[0].sign)
        if ["=", "∈", "≈"].contains(sign), ["=", "∈", "≈"].contains(other), haveSameName(a, b),
            same(ours[0].side, theirs[0].side)
        {
            return true
        }
        return sameLines(.sum([a, ours[0].side.negated]), sign, .sum([b, theirs[0].side.negated]), other)
    }

    /// `x = 5` is not `y = 5`, but `f(x) = 2x` is `y = 2x`.
    private func haveSameName(_ a: Expression, _ b: Expression) -> Bool {
        if a == b { return true }
        guard a.isName, b.isName else { return false }
        if case .symbol = a, case .symbol = b { return false }
        return true
    }

    private static let turned = ["<": ">", ">": "<", "≤": "≥", "≥": "≤"]

    /// a ? 0 and b ? 0, where one side is a multiple of the other.
    private mutating func sameLines(_ a: Expression, _ sign: String, _ b: Expression, _ other: String) -> Bool {
        var agreement = Agreement(effort: effort)
        guard let ratio = agreement.ratio(a, b) else { return false }
        manner = agreement.manner
        return ratio > 0 || Self.turned[sign] == nil ? sign == other : Self.turned[sign] == other
    }

    private mutating func sameSides(
        _ a: Expression, _ ours: [Expression.Link], _ b: Expression, _ theirs: [Expression.Link]
    ) -> Bool {
        guard ours.map(\.sign) == theirs.map(\.sign), same(a, b) else { return false }
        for (left, right) in zip(ours, theirs) where !same(left.side, right.side) { return false }
        return true
    }

    // MARK: Containers

    /// Nil where neither is a container.
    private mutating func sameContainers(_ given: Expression, _ wanted: Expression) -> Bool? {
        if let left = Rewriting.matrix(given), let right = Rewriting.matrix(wanted) {
            manner = "as matrices, element by element"
            return left.count == right.count && left.first?.count == right.first?.count
                && allSame(left.flatMap { $0 }, right.flatMap { $0 })
        }
        if let isSame = sameUnions(given, wanted) { return isSame }
        switch (given, wanted) {
        case (.list(let a), .list(let b)), (.set(let a), .set(let b)), (.list(let a), .set(let b)),
            (.set(let a), .list(let b)), (.union(let a), .union(let b)):
            return keepsOrder ? allSame(a, b) : isPermutation(a, b)
        case (.group(let open, let close, let a), .group(let otherOpen, let otherClose, let b)):
            manner = "as tuples or intervals, element by element"
            return Self.bracket(open) == Self.bracket(otherOpen) && Self.bracket(close) == Self.bracket(otherClose)
                && allSame(a, b)
        case (.group("(", ")", let a), .list(let b)), (.list(let a), .group("(", ")", let b)): return allSame(a, b)
        case (.matrix(let rows), .group(_, _, let parts)), (.group(_, _, let parts), .matrix(let rows)):
            guard rows.count == 1 || rows[0].count == 1 else { return false }
            let elements = rows.flatMap { $0 }
            if case .matrix = given { return allSame(elements, parts) } else { return allSame(parts, elements) }
        case (.set(let a), let b) where a.count == 1: return same(a[0], b)
        case (let a, .set(let b)) where b.count == 1: return same(a, b[0])
        case (.ratio(let a), .ratio(let b)): return allSame(a, b)
        case (.group("(", ")", let parts), .symbol("ℝ")), (.symbol("ℝ"), .group("(", ")", let parts)):
            return parts == [Expression.symbol("∞").negated, .symbol("∞")]
        case (.list, _), (_, .list), (.set, _), (_, .set), (.group, _), (_, .group), (.matrix, _), (_, .matrix),
            (.ratio, _), (_, .ratio), (.words, _), (_, .words):
            return false
        default: return nil
        }
    }

    /// Bounds joined by "or" beside a union of intervals, and ℝ without a number beside one; nil where neither is.
    private mutating func sameUnions(_ given: Expression, _ wanted: Expression) -> Bool? {
        switch (given, wanted) {
        case (.union, .list), (.union, .function("∖", _)): return wanted.asUnion.map { same(given, $0) }
        case (.list, .union), (.function("∖", _), .union): return given.asUnion.map { same($0, wanted) }
        case (.list(let a), .list(let b)):
            // kπ, k ∈ ℤ
            guard case (let name, _)?? = a.last.map(\.bounded), case (let other, _)?? = b.last.map(\.bounded),
                case .symbol(let ours) = name, case .symbol(let theirs) = other, ours != theirs,
                !given.variables.contains(theirs)
            else { return nil }
            return same(given.renaming(ours, to: theirs), wanted)
        default: return nil
        }
    }

    /// An angle bracket is a vector's, like a round one.
    private static func bracket(_ sign: String) -> String {
        switch sign {
        case "⟨": "("
        case "⟩": ")"
        default: sign
        }
    }

    private mutating func allSame(_ given: [Expression], _ wanted: [Expression]) -> Bool {
        guard given.count == wanted.count else { return false }
        for (a, b) in zip(given, wanted) where !same(a, b) { return false }
        return true
    }

    /// Each element of one equals another one of the other. Long lists are compared in order.
    private mutating func isPermutation(_ given: [Expression], _ wanted: [Expression]) -> Bool {
        manner = "as lists in any order, element by element"
        guard given.count == wanted.count else { return false }
        guard given.count <= 64 else { return allSame(given, wanted) }
        if let isSame = sameNamed(given, wanted) { return isSame }
        var rest = wanted
        for element in given {
            var place: Int?
            for (index, other) in rest.enumerated() where same(element, other) {
                place = index
                break
            }
            guard let place else { return false }
            rest.remove(at: place)
        }
        manner = "as lists in any order, element by element"
        return true
    }

    /// Bare values beside `x = 1, y = 2`: order says which is which. Nil where not just one side names its values.
    private mutating func sameNamed(_ given: [Expression], _ wanted: [Expression]) -> Bool? {
        let (names, others) = (Expression.namesApart(given), Expression.namesApart(wanted))
        switch (names, others) {
        case (nil, .some) where !given.contains(where: \.isRelation):
            manner = "in the order of the reference's names, element by element"
            return allSame(given, wanted)
        case (.some(let names), nil) where !wanted.contains(where: \.isRelation):
            manner = "in the order of the answer's names, element by element"
            let sorted = zip(names, given).sorted { $0.0 < $1.0 }.map(\.1)
            return allSame(given, wanted) || allSame(sorted, wanted)
        default: return nil
        }
    }

    // MARK: Values

    private mutating func sameValues(_ given: Expression, _ wanted: Expression) -> Bool {
        let (given, wanted) = (Rewriting.combinations(given), Rewriting.combinations(wanted))
        var agreement = Agreement(effort: effort)
        let isSame = agreement.areEqual(given, wanted)
        if !agreement.manner.isEmpty { manner = agreement.manner }
        if !isSame {
            let isOpen = agreement.isUndecided && (given.isEndless || wanted.isEndless)
            isUndecided = isUndecided || isOpen || given.isUncomputed || wanted.isUncomputed
        }
        if isSame || !wanted.variables.isEmpty { return isSame || sameSymbols(given, wanted) }
        guard let bare = Rewriting.withoutUnit(given), bare.variables.isEmpty else { return false }
        return same(bare, wanted)
    }

    /// The same form whose parts are the same: for what cannot be evaluated.
    private mutating func sameSymbols(_ given: Expression, _ wanted: Expression) -> Bool {
        switch (given, wanted) {
        case (.function(let a, let ours), .function(let b, let theirs)):
            return a == b && allSame(ours, theirs)
        default: return false
        }
    }
}
