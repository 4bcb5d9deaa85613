/// The beginning of a solution: `2.3` is solution 2 after its step 3, `2.0` the bare problem.
package struct Prefix: Sendable, Hashable, Codable, Comparable, CustomStringConvertible {
    /// The solution's id, from 1.
    package var solution: Int
    /// 0 for the empty prefix.
    package var step: Int

    /// The beginning that ends after a step.
    package init(solution: Int, step: Int) {
        self.solution = solution
        self.step = step
    }

    /// Reads `2.3`: two plain decimal numbers, nothing else. Nil otherwise, also for solution 0 (ids begin at 1).
    package init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 2, let solution = Self.number(parts[0]), let step = Self.number(parts[1]), solution > 0
        else {
            return nil
        }
        self.init(solution: solution, step: step)
    }

    package var description: String { "\(solution).\(step)" }

    /// By solution, then by step.
    package static func < (a: Prefix, b: Prefix) -> Bool { (a.solution, a.step) < (b.solution, b.step) }

    private static func number(_ digits: Substring.UTF8View) -> Int? {
        guard (1...9).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
}
