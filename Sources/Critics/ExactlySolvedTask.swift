import Problems

/// A built-in task with an exact critic: it redoes every step of a solution without error, and scores by how often the
/// actor's steps were counted to be right.
package protocol ExactlySolvedTask: BuiltInTask {
    /// - Parameters:
    ///   - skills: how often each actor's steps are right, by its name.
    ///   - samples: chains for each prefix.
    ///   - jitter: standard deviation, in points of 0...10, of what is added to a score before rounding.
    func exactCritic(skills: [String: StepTally], samples: Int, jitter: Double, seed: UInt64) -> any ValueEstimator
}
