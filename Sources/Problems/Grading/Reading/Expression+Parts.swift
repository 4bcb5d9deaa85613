extension Expression {
    /// Its parts.
    var children: [Expression] {
        switch self {
        case .number, .based, .symbol, .words: []
        case .sum(let parts), .product(let parts), .function(_, let parts), .list(let parts), .group(_, _, let parts),
            .set(let parts), .union(let parts), .ratio(let parts):
            parts
        case .quotient(let a, let b), .power(let a, let b), .plusMinus(let a, let b, _): [a, b]
        case .percent(let part), .degrees(let part), .measured(let part, _): [part]
        case .series(_, _, let from, let to, let body): [from, to, body]
        case .relation(let first, let links): [first] + links.map(\.side)
        case .matrix(let rows): rows.flatMap { $0 }
        }
    }

    /// Its names, but for those of constants.
    var variables: Set<String> {
        var found: Set<String> = []
        collect(&found)
        return found.subtracting(["pi", "e", "i", "∞", "∅", "…"])
    }

    private func collect(_ found: inout Set<String>) {
        switch self {
        case .symbol(let name): found.insert(name)
        case .function(let name, let arguments):
            if name.hasPrefix("_") || name == "'", case .symbol(let inner)? = arguments.first {
                found.insert(inner + name)
            }
            for argument in arguments { argument.collect(&found) }
        case .series(_, let index, _, _, _):
            var inside: Set<String> = []
            for child in children { child.collect(&inside) }
            found.formUnion(inside.subtracting([index]))
        default: for child in children { child.collect(&found) }
        }
    }

    /// Whether some part of it, itself too, is one.
    func contains(_ isOne: (Expression) -> Bool) -> Bool { isOne(self) || children.contains { $0.contains(isOne) } }

    /// Whether an integral or a limit is in it, which are read as names.
    var isUncomputed: Bool {
        contains { part in
            guard case .symbol(let name) = part else { return false }
            return ["int", "iint", "iiint", "oint", "\\lim"].contains { name == $0 || name.hasPrefix($0 + "_") }
        }
    }

    /// Whether a sum or a product without end is in it.
    var isEndless: Bool {
        contains { if case .series(_, _, _, .symbol("∞"), _) = $0 { true } else { false } }
    }

    /// With its parts changed.
    func mapped(_ change: (Expression) -> Expression) -> Expression {
        switch self {
        case .number, .based, .symbol, .words: self
        case .sum(let parts): .sum(parts.map(change))
        case .product(let parts): .product(parts.map(change))
        case .function(let name, let parts): .function(name, parts.map(change))
        case .list(let parts): .list(parts.map(change))
        case .group(let open, let close, let parts): .group(open: open, close: close, parts.map(change))
        case .set(let parts): .set(parts.map(change))
        case .union(let parts): .union(parts.map(change))
        case .ratio(let parts): .ratio(parts.map(change))
        case .quotient(let a, let b): .quotient(change(a), change(b))
        case .power(let a, let b): .power(change(a), change(b))
        case .plusMinus(let a, let b, let isUpper): .plusMinus(change(a), change(b), isUpper: isUpper)
        case .percent(let part): .percent(change(part))
        case .degrees(let part): .degrees(change(part))
        case .measured(let part, let words): .measured(change(part), words)
        case .series(let isProduct, let index, let from, let to, let body):
            .series(isProduct: isProduct, index: index, from: change(from), to: change(to), change(body))
        case .relation(let first, let links):
            .relation(change(first), links.map { Link(sign: $0.sign, side: change($0.side)) })
        case .matrix(let rows): .matrix(rows.map { $0.map(change) })
        }
    }
}
