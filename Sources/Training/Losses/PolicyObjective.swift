/// What an actor's token adds to the loss: PPO's clipped loss, and what keeps the actor near a reference and its choices open.
///
///     weight · (PolicyLoss + kl · Divergence(logp, reference) - entropy · H)
public struct PolicyObjective: Sendable, Equatable {
    public var loss: PolicyLoss
    /// The divergence in the loss, and its coefficient; nil without one.
    public var divergence: Divergence?
    public var divergenceCoefficient: Double
    public var entropyCoefficient: Double

    public init(loss: PolicyLoss = PolicyLoss(), divergence: Divergence? = nil, divergenceCoefficient: Double = 0, entropyCoefficient: Double = 0) {
        (self.loss, self.divergence) = (loss, divergence)
        (self.divergenceCoefficient, self.entropyCoefficient) = (divergenceCoefficient, entropyCoefficient)
    }

    /// A sampled token: its log-probability under the weights that sampled it and under the reference, its advantage, and what it
    /// weighs among the tokens of its update.
    public struct Token: Sendable, Equatable {
        public var old: Double
        public var reference: Double?
        public var advantage: Double
        public var weight: Double

        public init(old: Double, reference: Double? = nil, advantage: Double, weight: Double) {
            (self.old, self.reference, self.advantage, self.weight) = (old, reference, advantage, weight)
        }
    }

    public struct Result: Sendable, Equatable {
        public var policy: PolicyLoss.Token
        /// The divergence's estimate, 0 where there is none in the loss.
        public var divergence: Double
        /// d (weighted loss) / d logp; the entropy's part is the head's own.
        public var slope: Double
    }

    public func result(_ token: Token, logprob: Double) -> Result {
        let policy = loss.token(logprob: logprob, old: token.old, advantage: token.advantage)
        guard let divergence, let reference = token.reference else {
            return Result(policy: policy, divergence: 0, slope: token.weight * policy.slope)
        }
        let estimate = divergence.estimate(logprob: logprob, reference: reference)
        return Result(
            policy: policy, divergence: estimate.value, slope: token.weight * (policy.slope + divergenceCoefficient * estimate.slope))
    }
}
