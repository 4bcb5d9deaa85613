import Foundation

/// Estimates of the divergence from a reference by single tokens (Schulman, "Approximating KL divergence"), under
/// verl's names.
package enum Divergence: String, Sendable, CaseIterable {
    /// logp - ref: unbiased; as a loss its gradient is zero on average and regularises nothing.
    case k1 = "kl"
    case absolute = "abs"
    /// (logp - ref)² / 2.
    case k2 = "mse"
    /// exp(ref - logp) - (ref - logp) - 1: unbiased and never negative.
    case k3 = "low_var_kl"

    /// The estimate, with its derivative by logp. k3 is clamped as in verl: the gap to ±20, the estimate to ±10.
    package func estimate(logprob: Double, reference: Double) -> (value: Double, slope: Double) {
        let gap = logprob - reference
        switch self {
        case .k1: return (gap, 1)
        case .absolute: return (abs(gap), gap > 0 ? 1 : gap < 0 ? -1 : 0)
        case .k2: return (gap * gap / 2, gap)
        case .k3:
            let bounded = min(max(-gap, -20), 20), value = exp(bounded) - bounded - 1
            guard bounded == -gap, value <= 10 else { return (min(value, 10), 0) }
            return (value, 1 - exp(bounded))
        }
    }
}
