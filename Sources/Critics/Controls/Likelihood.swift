import Acting
import Compute
import Foundation

/// The control that needs no critic: a prefix is worth the probability with which its actor wrote it, at the
/// temperature it sampled with. It is no value, but a wrong step is often an unlikely one.
package struct Likelihood: ValueEstimator {
    /// `likelihood`.
    package let name = "likelihood"

    package init() {}

    /// No value for a solution whose log-probabilities were not recorded.
    package func values(
        for prefixes: [SolutionPrefix], cancellation: Cancellation, progress: (@Sendable (Int, Int) -> Void)?
    ) throws -> [Valuation] {
        prefixes.map { prefix in
            var valuation = Valuation(of: prefix, by: name)
            valuation.value = prefix.solution.logprobs.map {
                exp($0.prefix(prefix.ids.count).reduce(0) { $0 + Double($1) })
            }
            return valuation
        }
    }
}
