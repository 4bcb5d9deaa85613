/// Advantages of a response's tokens from the values of some of its states. A state is how many tokens have been
/// written: every token's for PPO, the borders of steps for GenAC and VinePPO.
package struct StateAdvantages: Sendable, Equatable {
    /// Of each token: that of the last state at or before it, so that the end token has its last step's. A state's is
    /// `GeneralisedAdvantage` over the states, the rewards between a state and the next summed.
    package let tokens: [Double]

    /// - Parameters:
    ///   - starts: the states, ascending, the first 0, all below the number of tokens.
    ///   - values: V of each state, before the token there is written.
    ///   - rewards: [tokens], what each token earned.
    package init(starts: [Int], values: [Double], rewards: [Double], gamma: Double, lambda: Double) {
        precondition(starts.first == 0 && starts.count == values.count && (starts.last ?? 0) < max(rewards.count, 1))
        let ends = starts.dropFirst() + [rewards.count]
        let earned = zip(starts, ends).map { rewards[$0..<$1].reduce(0, +) }
        let advantages = GeneralisedAdvantage.advantages(rewards: earned, values: values, gamma: gamma, lambda: lambda)
        tokens = zip(advantages, zip(starts, ends)).flatMap { [Double](repeating: $0, count: $1.1 - $1.0) }
    }
}
