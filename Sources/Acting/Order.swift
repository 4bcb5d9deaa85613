import Compute
import Generation
import Problems

extension Actor {
    /// One solution to be written, from nothing or from a prefix.
    package struct Order: Sendable {
        /// What is to be solved.
        package let problem: Problem
        /// Names its random numbers.
        package let key: RandomKey
        /// What is written already; nil: nothing.
        package let prefix: SolutionPrefix?

        /// A solution from nothing.
        package init(problem: Problem, key: RandomKey) {
            (self.problem, self.key, prefix) = (problem, key, nil)
        }

        /// A solution that goes on from `prefix`.
        package init(from prefix: SolutionPrefix, key: RandomKey) {
            (problem, self.key, self.prefix) = (prefix.problem, key, prefix)
        }

        /// Why nothing is left to write: `.stop` after a solution that had ended, `.length` where `maxTokens` are
        /// written; nil where something is left.
        package func ending(within maxTokens: Int) -> FinishReason? {
            guard let prefix else { return nil }
            if prefix.isFullResponse, prefix.solution.finish == .stop { return .stop }
            return prefix.ids.count < maxTokens ? nil : .length
        }
    }
}
