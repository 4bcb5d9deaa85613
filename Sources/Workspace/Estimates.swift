import Problems

/// A record about a prefix of a solution: what an estimator said of it.
package protocol Estimate: Codable {
    /// The solution and the step after which it was judged.
    var prefix: Prefix { get }
}

extension Shelf where Element: Estimate {
    /// The newest of each prefix of a solution, by step.
    package func newest(of solution: Int) throws -> [Int: Element] {
        let newest = """
            WHERE id IN (SELECT max(id) FROM \(kind.rawValue) WHERE solution = ? GROUP BY step)
            """
        let found = try elements(newest, [solution])
        return Dictionary(found.map { ($0.prefix.step, $0) }) { $1 }
    }
}
