import Foundation

/// PPO's clipped policy loss with dual clip, token by token, as verl computes it.
///
///     ratio = exp(clamp(logp - old, -20, 20))
///     loss  = max(-A ratio, -A clip(ratio, 1 - low, 1 + high)),  and where A < 0 at most -A c
package struct PolicyLoss: Sendable, Equatable {
    /// How far the ratio may fall below 1, and rise above it.
    package var low, high: Double
    /// The dual clip c: the largest ratio at which a bad token is still pushed down; above 1.
    package var dual: Double

    package init(low: Double = 0.2, high: Double = 0.2, dual: Double = 3) {
        (self.low, self.high, self.dual) = (low, high, dual)
    }

    /// What one token adds.
    package struct Token: Sendable, Equatable {
        /// To be minimised.
        package var loss: Double
        /// d loss / d logp: 0 where a clip holds.
        package var slope: Double
        /// The clipped branch is strictly the larger (verl's `pg_clipfrac` counts these); the dual clip holds
        /// (`pg_clipfrac_lower`).
        package var isClipped, isDual: Bool
        /// old - logp, whose mean is verl's `ppo_kl`.
        package var divergence: Double
    }

    /// - Parameters:
    ///   - logprob: of the token under the weights that learn.
    ///   - old: the same under the weights that sampled it.
    package func token(logprob: Double, old: Double, advantage: Double) -> Token {
        let gap = min(max(logprob - old, -20), 20), ratio = exp(gap)
        let plain = -advantage * ratio, cut = -advantage * min(max(ratio, 1 - low), 1 + high), floor = -advantage * dual
        let isCut = cut > plain, isDual = advantage < 0 && floor < max(plain, cut)
        return Token(
            loss: isDual ? floor : max(plain, cut), slope: isDual || isCut || gap != logprob - old ? 0 : plain,
            isClipped: isCut,
            isDual: isDual, divergence: -gap)
    }
}
