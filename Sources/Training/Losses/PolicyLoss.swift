import Foundation

/// PPO's clipped policy loss with dual clip, token by token, as verl computes it.
///
///     ratio = exp(clamp(logp - old, -20, 20))
///     loss  = max(-A ratio, -A clip(ratio, 1 - low, 1 + high)),  and where A < 0 at most -A c
public struct PolicyLoss: Sendable, Equatable {
    public struct Clip: Sendable, Equatable {
        /// How far the ratio may fall below 1, and rise above it.
        public var low, high: Double
        /// The dual clip: the largest ratio at which a bad token is still pushed down; above 1.
        public var dual: Double

        public init(low: Double = 0.2, high: Double = 0.2, dual: Double = 3) { (self.low, self.high, self.dual) = (low, high, dual) }
    }

    /// Of each token.
    public let losses: [Double]
    /// d loss / d logp: 0 where a clip holds.
    public let slopes: [Double]
    /// The share of tokens at which the clipped branch is strictly the larger (verl's `pg_clipfrac`), and that at which the
    /// dual clip holds (`pg_clipfrac_lower`).
    public let clippedShare, dualShare: Double
    /// The mean of old - logp (`ppo_kl`).
    public let divergence: Double

    /// - Parameters:
    ///   - logprobs: of the tokens under the weights that learn.
    ///   - old: of the same tokens under the weights that sampled them.
    public init(logprobs: [Double], old: [Double], advantages: [Double], clip: Clip = Clip()) {
        var losses: [Double] = [], slopes: [Double] = [], clipped = 0, dual = 0, gaps = 0.0
        for ((logp, old), advantage) in zip(zip(logprobs, old), advantages) {
            let gap = min(max(logp - old, -20), 20), ratio = exp(gap)
            let bounded = min(max(ratio, 1 - clip.low), 1 + clip.high)
            let plain = -advantage * ratio, cut = -advantage * bounded, floor = -advantage * clip.dual
            let isCut = cut > plain, isDual = advantage < 0 && floor < max(plain, cut)
            losses.append(isDual ? floor : max(plain, cut))
            slopes.append(isDual || isCut || gap != logp - old ? 0 : plain)
            clipped += isCut ? 1 : 0
            dual += isDual ? 1 : 0
            gaps -= gap
        }
        (self.losses, self.slopes) = (losses, slopes)
        let count = Double(max(losses.count, 1))
        (clippedShare, dualShare, divergence) = (Double(clipped) / count, Double(dual) / count, gaps / count)
    }
}
