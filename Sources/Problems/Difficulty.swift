/// How hard a task's problems are to be: ranges of what it counts, such as the operations of a step. What is not set is
/// the task's own.
package struct Difficulty: Sendable, Equatable {
    /// Something that a task counts.
    package struct Knob: Sendable {
        /// In one word, such as `operations`.
        package let name: String
        /// What a range may span.
        package let allowed: ClosedRange<Int>

        /// Something that may span `allowed`.
        package init(_ name: String, _ allowed: ClosedRange<Int>) { (self.name, self.allowed) = (name, allowed) }
    }

    /// By the knob's name.
    package private(set) var ranges: [String: ClosedRange<Int>]

    /// - Parameter ranges: by the names of the task's knobs.
    package init(_ ranges: [String: ClosedRange<Int>] = [:]) { self.ranges = ranges }
}
