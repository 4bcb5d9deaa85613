/// How many steps of an actor's solutions are right, by their size, which is what a task counts in a step, such as
/// operations.
package struct StepTally: Sendable, Codable, Equatable {
    /// Steps of one size.
    package struct Count: Sendable, Codable, Equatable {
        /// Of ``total``.
        package var right = 0
        /// How many were met.
        package var total = 0

        package init() {}
    }

    /// By size.
    package private(set) var counts: [Int: Count] = [:]

    package init() {}

    /// Takes in one step.
    package mutating func add(size: Int, isRight: Bool) {
        counts[size, default: Count()].right += isRight ? 1 : 0
        counts[size, default: Count()].total += 1
    }

    /// Sums, size by size.
    package static func + (a: StepTally, b: StepTally) -> StepTally {
        var sum = a
        for (size, count) in b.counts {
            sum.counts[size, default: Count()].right += count.right
            sum.counts[size, default: Count()].total += count.total
        }
        return sum
    }
}
