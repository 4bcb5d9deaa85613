/// What each token earns: the outcome with the last one, and where `algorithm.use_kl_in_reward` asks for it every token
/// less its divergence from the reference.
package struct TokenRewards: Sendable {
    /// Nil: the outcome alone.
    package let divergence: Divergence?
    private let coefficient: Double

    package init(divergence: Divergence? = nil, coefficient: Double = 0) {
        (self.divergence, self.coefficient) = (divergence, coefficient)
    }

    /// verl's `actor/reward_kl_penalty`: the mean over responses of their tokens' mean divergence; nil where the reward
    /// has none of it.
    /// - Parameters: as for ``rewards(outcome:logprobs:reference:)``, of every response.
    package func meanDivergence(logprobs: [[Double]], reference: [[Double]]?) -> Double? {
        guard let divergence, let reference else { return nil }
        let means = zip(logprobs, reference).filter { !$0.0.isEmpty }.map { logprobs, reference in
            mean(zip(logprobs, reference).map { divergence.estimate(logprob: $0, reference: $1).value })
        }
        return means.isEmpty ? nil : mean(means)
    }

    /// - Parameters:
    ///   - logprobs: [tokens], of the response under the weights that sampled it.
    ///   - reference: [tokens], the same under the reference, where there is one.
    /// - Returns: [tokens].
    package func rewards(outcome: Double, logprobs: [Double], reference: [Double]?) -> [Double] {
        var rewards = [Double](repeating: 0, count: logprobs.count)
        if let divergence, let reference {
            rewards = zip(logprobs, reference).map {
                -coefficient * divergence.estimate(logprob: $0, reference: $1).value
            }
        }
        if !rewards.isEmpty { rewards[rewards.count - 1] += outcome }
        return rewards
    }
}
