/// What an actor's token adds to the loss: PPO's clipped loss, and what keeps the actor near a reference and its
/// choices open.
///
///     weight · (PolicyLoss + kl · Divergence(logp, reference) - entropy · H)
package struct PolicyObjective: Sendable, Equatable {
    /// PPO's clipped loss.
    package var loss: PolicyLoss
    /// The divergence in the loss, and its coefficient; nil without one.
    package var divergence: Divergence?
    /// At least 0.
    package var divergenceCoefficient: Double
    /// At least 0.
    package var entropyCoefficient: Double

    package init(
        loss: PolicyLoss = PolicyLoss(), divergence: Divergence? = nil, divergenceCoefficient: Double = 0,
        entropyCoefficient: Double = 0
    ) {
        (self.loss, self.divergence) = (loss, divergence)
        (self.divergenceCoefficient, self.entropyCoefficient) = (divergenceCoefficient, entropyCoefficient)
    }

    /// A sampled token: its log-probability under the weights that sampled it and under the reference, its advantage,
    /// and what it weighs among the tokens of its update.
    package struct Token: Sendable, Equatable {
        /// Log-probability under the weights that sampled it, in nats.
        package var old: Double
        /// The same under the reference; nil without one.
        package var reference: Double?
        /// As whitened.
        package var advantage: Double
        /// Its share of the update's loss.
        package var weight: Double

        package init(old: Double, reference: Double? = nil, advantage: Double, weight: Double) {
            (self.old, self.reference, self.advantage, self.weight) = (old, reference, advantage, weight)
        }
    }

    /// What one token adds, and its slope.
    package struct Result: Sendable, Equatable {
        /// PPO's part.
        package var policy: PolicyLoss.Token
        /// The divergence's estimate, 0 where there is none in the loss.
        package var divergence: Double
        /// d (weighted loss) / d logp; the entropy's part is the head's own.
        package var slope: Double
    }

    /// - Parameter logprob: under the weights that learn, in nats.
    package func result(_ token: Token, logprob: Double) -> Result {
        let policy = loss.token(logprob: logprob, old: token.old, advantage: token.advantage)
        guard let divergence, let reference = token.reference else {
            return Result(policy: policy, divergence: 0, slope: token.weight * policy.slope)
        }
        let estimate = divergence.estimate(logprob: logprob, reference: reference)
        return Result(
            policy: policy, divergence: estimate.value,
            slope: token.weight * (policy.slope + divergenceCoefficient * estimate.slope))
    }
}
