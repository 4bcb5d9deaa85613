import Problems

/// A record about a prefix of a solution: what an estimator said of it.
package protocol Estimate: Codable {
    /// The solution and the step after which it was judged.
    var prefix: Prefix { get }
}

extension Shelf where Element: Estimate {
    /// Keeps what was said of prefixes.
    /// - Throws: ``WorkspaceError/removed(kind:id:)`` where another process removed a solution of theirs meanwhile.
    package func keep(_ estimates: [Element]) throws {
        try records.write { database in
            try database.requireNotRemoved(Set(estimates.map(\.prefix.solution)), .solution)
            for estimate in estimates { _ = try add(to: database) { _ in estimate } }
        }
    }

    /// All of a solution's prefixes, the oldest first.
    package func all(of solution: Int) throws -> [Element] {
        try elements("WHERE solution = ? ORDER BY id", [solution])
    }

    /// The newest of each prefix of a solution, by step.
    package func newest(of solution: Int) throws -> [Int: Element] {
        let newest = """
            WHERE id IN (SELECT max(id) FROM \(kind.rawValue) WHERE solution = ? GROUP BY step)
            """
        let found = try elements(newest, [solution])
        return Dictionary(found.map { ($0.prefix.step, $0) }) { $1 }
    }
}
