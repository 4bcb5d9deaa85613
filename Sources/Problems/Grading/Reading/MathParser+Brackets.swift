extension MathParser {
    /// What an opening bracket, just read, holds.
    mutating func bracketed(_ sign: String) throws(Unreadable) -> Expression {
        try enter()
        defer { leave() }
        switch sign {
        case "(", "[", "⟨": return try group(open: sign)
        case "{": return try braces()
        case "\\{":
            if next(is: "\\}") {
                place += 1
                return .symbol("∅")
            }
            if let condition = try setBuilder() { return condition }
            let inside = try list()
            try expect("\\}")
            return .set(elements(inside))
        case "|", "‖":
            openBars += 1
            let inside = try sum()
            openBars -= 1
            try expect(sign)
            return .function("abs", [inside])
        case "⌊", "⌈":
            let inside = try sum()
            try expect(sign == "⌊" ? "⌋" : "⌉")
            return .function(sign == "⌊" ? "floor" : "ceil", [inside])
        case "∞", "∅", "…": return .symbol(sign)
        default: throw Unreadable()
        }
    }

    /// `{x | x > 3}` is what its condition says; nil where the brace just read opens no such set.
    private mutating func setBuilder() throws(Unreadable) -> Expression? {
        guard place + 1 < tokens.count, current?.letters?.count == 1,
            ["|", ":"].contains(where: tokens[place + 1].isSign)
        else { return nil }
        place += 2
        let condition = try list()
        try expect("\\}")
        return condition
    }

    private func elements(_ inside: Expression) -> [Expression] {
        if case .list(let elements) = inside { elements } else { [inside] }
    }

    private mutating func group(open: String) throws(Unreadable) -> Expression {
        let bars = openBars
        openBars = 0
        let inside = try list()
        openBars = bars
        guard case .sign(let close)? = current?.kind, [")", "]", "⟩"].contains(close) else { throw Unreadable() }
        place += 1
        guard case .list(let parts) = inside else {
            guard (open == "(") == (close == ")") else { throw Unreadable() }
            return inside
        }
        return Self.rows(open, parts).map { .matrix($0) } ?? .group(open: open, close: close, parts)
    }

    /// `[[1, 2], [3, 4]]`
    private static func rows(_ open: String, _ parts: [Expression]) -> [[Expression]]? {
        let rows = parts.compactMap { part in
            if case .group("[", "]", let row) = part { row } else { nil }
        }
        return open == "[" && rows.count == parts.count && rows.allSatisfy({ $0.count == rows[0].count }) ? rows : nil
    }

    /// LaTeX's grouping; with a list in it, a set whose backslashes are lost.
    private mutating func braces() throws(Unreadable) -> Expression {
        let bars = openBars
        openBars = 0
        var inside = try list()
        openBars = bars
        if current?.kind == .command("choose") {
            place += 1
            inside = .function("binom", [inside, try sum()])
        }
        try expect("}")
        if case .list(let parts) = inside { return .set(parts) }
        return inside
    }

    // MARK: Environments

    /// `\begin{…}`, just read, up to its end.
    mutating func environment(_ name: String) throws(Unreadable) -> Expression {
        try enter()
        defer { leave() }
        if ["cases", "aligned", "align", "gathered", "split"].contains(name) { return try lines(until: name) }
        guard Self.matrices.contains(name) else { throw Unreadable() }
        var rows: [[Expression]] = [[]]
        while let token = current, token.kind != .end(name) {
            guard effort.spend() else { throw Unreadable() }
            if token.isSign("\\\\") {
                rows.append([])
                place += 1
            } else if token.isSign("&") {
                guard !rows[rows.count - 1].isEmpty else { throw Unreadable() }
                place += 1
                rows[rows.count - 1].append(try cell())
            } else {
                guard rows[rows.count - 1].isEmpty else { throw Unreadable() }
                rows[rows.count - 1].append(try cell())
            }
        }
        guard current?.kind == .end(name) else { throw Unreadable() }
        place += 1
        if rows.last?.isEmpty ?? false { rows.removeLast() }
        guard let width = rows.first?.count, width > 0, rows.allSatisfy({ $0.count == width }) else {
            throw Unreadable()
        }
        return name == "vmatrix" ? .function("det", [.matrix(rows)]) : .matrix(rows)
    }

    /// Lines below each other, aligned or not: a list.
    private mutating func lines(until name: String) throws(Unreadable) -> Expression {
        guard let end = tokens[place...].firstIndex(where: { $0.kind == .end(name) }) else { throw Unreadable() }
        tokens.replaceSubrange(place..<end, with: tokens[place..<end].filter { !$0.isSign("&") })
        let value = try list()
        guard current?.kind == .end(name) else { throw Unreadable() }
        place += 1
        return value
    }

    private mutating func cell() throws(Unreadable) -> Expression {
        let value = try relation()
        guard let token = current, token.isSign("&") || token.isSign("\\\\") || isEnd(token) else { throw Unreadable() }
        return value
    }

    private func isEnd(_ token: MathToken) -> Bool {
        if case .end = token.kind { true } else { false }
    }
}
