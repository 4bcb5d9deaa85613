/// Advantages from the scores of several responses to one problem: one number for a whole response, no values needed.
package enum GroupBaseline: Sendable, Equatable {
    /// (r - mean) / (std + 1e-6) with the sample's standard deviation (GRPO), or r - mean (Dr.GRPO).
    case mean(scaled: Bool)
    /// r - mean of the others (RLOO).
    case others

    /// All-equal scores give exactly 0: tenths are not binary fractions, and their rounding error over the epsilon
    /// would be anything. A single response has no group: as in verl its advantage is its score.
    package func advantages(_ scores: [Double]) -> [Double] {
        guard scores.count > 1 else {
            return self == .mean(scaled: true) ? scores.map { $0 / (1 + Self.epsilon) } : scores
        }
        guard scores.contains(where: { $0 != scores[0] }) else { return scores.map { _ in 0 } }
        switch self {
        case .others: return Reinforce.advantages(scores, baseline: .leaveOneOut)
        case .mean(let isScaled):
            let mean = scores.reduce(0, +) / Double(scores.count)
            let variance = scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(scores.count - 1)
            return scores.map { isScaled ? ($0 - mean) / (variance.squareRoot() + Self.epsilon) : $0 - mean }
        }
    }

    private static let epsilon = 1e-6
}
