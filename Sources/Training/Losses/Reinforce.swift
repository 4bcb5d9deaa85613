/// REINFORCE on the paper's rule-based reward of a critic's chain.
package enum Reinforce {
    /// What is taken off a chain's reward.
    package enum Baseline: String, Sendable, CaseIterable {
        case none
        /// The mean reward of the prefix's other chains (RLOO's).
        case leaveOneOut = "leave_one_out"
    }

    /// R = 1 - (r - v)²: largest on average at v = E[r]. A chain that ends in no score by itself earns 0.
    /// - Parameters:
    ///   - outcome: r, the observed outcome in 0...1.
    ///   - value: v of a parsed chain; nil for any other.
    package static func reward(outcome: Double, value: Double?) -> Double {
        guard let value else { return 0 }
        return 1 - (outcome - value) * (outcome - value)
    }

    /// What each chain's tokens are pushed by, from the rewards of all chains of one prefix.
    package static func advantages(_ rewards: [Double], baseline: Baseline) -> [Double] {
        guard baseline == .leaveOneOut, rewards.count > 1 else { return rewards }
        // Rewards lie on a grid that binary fractions miss: equal ones must give exactly 0, not their rounding error.
        guard rewards.contains(where: { $0 != rewards[0] }) else { return rewards.map { _ in 0 } }
        let sum = rewards.reduce(0, +), others = Double(rewards.count - 1),
            size = rewards.reduce(0) { max($0, abs($1)) }
        return rewards.map { reward in
            let advantage = reward - (sum - reward) / others
            // A chain that earned just what the others did on average is pushed by 0, not by what rounding leaves
            // of it.
            return abs(advantage) > 1e-12 * size ? advantage : 0
        }
    }
}
