/// Jinja's `joiner(", ")` and `cycler("a", "b")`: small things that remember where they are.
final class JinjaHelper {
    enum Kind {
        case joiner(separator: JinjaValue)
        case cycler(items: [JinjaValue])
    }
    let kind: Kind
    let depth: Int
    private var position = 0

    init(_ kind: Kind, depth: Int) {
        self.kind = kind
        self.depth = depth
    }

    /// `joiner()`: nothing the first time, then the separator; nil for a cycler, which cannot be called.
    func call() -> JinjaValue? {
        guard case .joiner(let separator) = kind else { return nil }
        defer { position = 1 }
        return position == 0 ? .string("") : separator
    }

    /// `current`, and what `next()` and `reset()` do.
    func attribute(_ name: String) -> JinjaValue? {
        switch (kind, name) {
        case (.cycler(let items), "current"): items[position]
        case (.joiner, "used"): .bool(position > 0)
        case (.joiner(let separator), "sep"): separator
        default: nil
        }
    }

    static func hasMethod(_ name: String, _ kind: Kind) -> Bool {
        if case .cycler = kind { name == "next" || name == "reset" } else { false }
    }

    func callMethod(_ name: String) -> JinjaValue {
        guard case .cycler(let items) = kind else { return .none }
        guard name == "next" else {
            position = 0
            return .none
        }
        defer { position = (position + 1) % items.count }
        return items[position]
    }
}
