/// Generalised advantage estimation (Schulman et al. 2016) over the states of one response. What a state is is the
/// caller's: every token for PPO, the borders of steps for GenAC and VinePPO. lambda counts states.
///
///     delta_k = r_k + gamma V_{k+1} - V_k,   V after the last state 0
///     A_k     = delta_k + gamma lambda A_{k+1}
package enum GeneralisedAdvantage {
    /// - Parameters:
    ///   - rewards: what is earned between a state and the next.
    ///   - values: V of each state, before what is done there.
    /// - Returns: One advantage for each state; plus `values` they are the returns.
    package static func advantages(rewards: [Double], values: [Double], gamma: Double, lambda: Double) -> [Double] {
        precondition(rewards.count == values.count)
        var advantages = values, next = 0.0, after = 0.0
        for state in values.indices.reversed() {
            next = rewards[state] + gamma * after - values[state] + gamma * lambda * next
            advantages[state] = next
            after = values[state]
        }
        return advantages
    }
}

/// Advantages of all tokens of a step moved to mean 0 and scaled to variance 1: the unbiased variance + 1e-8, as in
/// verl and TRL. Taken over the whole step; pass by pass it would be another number for every packing.
package func whitened(_ rows: [[Double]], over world: World) -> [[Double]] {
    let all = world.gathered(rows.flatMap { $0 })
    guard all.count > 1 else { return rows.map { $0.map { _ in 0 } } }
    let mean = all.reduce(0, +) / Double(all.count)
    let variance = all.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(all.count - 1)
    let scale = 1 / (variance + 1e-8).squareRoot()
    return rows.map { $0.map { ($0 - mean) * scale } }
}
