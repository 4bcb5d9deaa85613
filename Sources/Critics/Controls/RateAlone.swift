import Acting
import Compute

/// The control that reads nothing: every prefix is worth the success rate that critics are told of its actor.
package struct RateAlone: ValueEstimator {
    /// `rate`.
    package let name = "rate"

    package init() {}

    /// No value for an actor whose rate is unknown.
    package func values(
        for prefixes: [SolutionPrefix], cancellation: Cancellation, progress: (@Sendable (Int, Int) -> Void)?
    ) throws -> [Valuation] {
        prefixes.map { prefix in
            var valuation = Valuation(of: prefix, by: name)
            valuation.value = prefix.solution.actor.successRate?.value
            return valuation
        }
    }
}
