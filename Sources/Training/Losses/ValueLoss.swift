/// The clipped value loss of PPO as verl computes it.
package struct ValueLoss: Sendable, Equatable {
    /// Of each prediction: max((v - R)², (clip(v, old - c, old + c) - R)²) / 2.
    package let losses: [Double]
    /// d loss / d v: 0 where the clipped branch is the larger one and v lies outside the clip.
    package let slopes: [Double]
    /// The share of predictions at which the clipped branch is strictly the larger.
    package let clippedShare: Double

    /// - Parameters:
    ///   - predictions: v, one of each prefix or token.
    ///   - old: the values that the step began with.
    ///   - returns: R.
    ///   - clip: c, in the values' units; 0: plain squared error.
    package init(predictions: [Double], old: [Double], returns: [Double], clip: Double) {
        var losses: [Double] = [], slopes: [Double] = [], clipped = 0
        for ((v, old), target) in zip(zip(predictions, old), returns) {
            let bounded = clip > 0 ? min(max(v, old - clip), old + clip) : v
            let (plain, cut) = ((v - target) * (v - target), (bounded - target) * (bounded - target))
            losses.append(max(plain, cut) / 2)
            slopes.append(cut > plain && bounded != v ? 0 : v - target)
            clipped += cut > plain ? 1 : 0
        }
        (self.losses, self.slopes) = (losses, slopes)
        clippedShare = losses.isEmpty ? 0 : Double(clipped) / Double(losses.count)
    }
}

/// 1 - Var(R - V) / Var(R) over a whole step; taken pass by pass and averaged it would say anything. Nil when the
/// returns do not vary.
package func explainedVariance(values: [Double], returns: [Double]) -> Double? {
    guard values.count == returns.count, let total = variance(returns), total > 0 else { return nil }
    return variance(zip(returns, values).map { $0 - $1 }).map { 1 - $0 / total }
}

private func variance(_ values: [Double]) -> Double? {
    guard let first = values.first, values.contains(where: { $0 != first }) else { return values.isEmpty ? nil : 0 }
    let mean = values.reduce(0, +) / Double(values.count)
    return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
}
