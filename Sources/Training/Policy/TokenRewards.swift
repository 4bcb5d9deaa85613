/// What each token earns: the outcome with the last one, and where `algorithm.use_kl_in_reward` asks for it every token less its
/// divergence from the reference.
struct TokenRewards {
    /// Nil: the outcome alone.
    private let divergence: Divergence?
    private let coefficient: Double

    init(_ recipe: Recipe) {
        divergence = recipe.flag("algorithm.use_kl_in_reward") ? Divergence(rawValue: recipe.text("algorithm.kl_penalty")) : nil
        coefficient = recipe.number("algorithm.kl_ctrl.kl_coef")
    }

    /// - Parameter reference: [rollouts][tokens], where there is one.
    /// - Returns: [rollouts][tokens].
    func rewards(_ rollouts: [Rollout], reference: [[Double]]?) -> [[Double]] {
        rollouts.enumerated().map { index, rollout in
            var rewards = [Double](repeating: 0, count: rollout.solution.ids.count)
            if let divergence, let reference {
                for (token, (logprob, base)) in zip(rollout.solution.logprobs ?? [], reference[index]).enumerated() {
                    rewards[token] -= coefficient * divergence.estimate(logprob: Double(logprob), reference: base).value
                }
            }
            if !rewards.isEmpty { rewards[rewards.count - 1] += rollout.outcome }
            return rewards
        }
    }
}
