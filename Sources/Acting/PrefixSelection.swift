/// Which prefixes of a solution are scored when none is named.
package enum PrefixSelection {
    /// At most `maximum` step numbers of a solution of `steps` steps, ascending and evenly spaced. 0, the bare
    /// problem, is always among them; the full response never is, because its value is its outcome.
    package static func evenlySpaced(steps: Int, maximum: Int) -> [Int] {
        let candidates = max(steps, 1)
        let count = min(candidates, max(maximum, 1))
        guard count > 1 else { return [0] }
        return (0..<count).map { index in
            (index * (candidates - 1) * 2 + (count - 1)) / (2 * (count - 1))
        }
    }
}
