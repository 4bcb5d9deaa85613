/// How the losses of many tokens in many sequences become one number (verl's `loss_agg_mode`). Sequences without
/// tokens do not count.
package enum LossAggregation: String, Sendable, CaseIterable {
    case tokenMean = "token-mean"
    case sequenceMeanOfSums = "seq-mean-token-sum"
    case sequenceMeanOfMeans = "seq-mean-token-mean"
    /// Dr.GRPO's: the divisor is a constant, not a length that a batch happens to have.
    case sequenceMeanOfSumsOverHorizon = "seq-mean-token-sum-norm"

    /// What each token of each sequence weighs: the loss is the sum of weight · token loss. It depends on all of a
    /// step's sequences, on whatever machine, so that cutting the step into passes changes nothing.
    /// - Parameters:
    ///   - lengths: tokens of each sequence that are in the loss.
    ///   - horizon: the constant divisor of the last mode.
    package func weights(lengths: [Int], horizon: Int, over world: World) -> [Double] {
        let tokens = Double(world.sum(lengths.reduce(0, +)))
        let sequences = Double(world.sum(lengths.count { $0 > 0 }))
        return lengths.map { length in
            guard length > 0 else { return 0 }
            return switch self {
            case .tokenMean: 1 / tokens
            case .sequenceMeanOfSums: 1 / sequences
            case .sequenceMeanOfMeans: 1 / (sequences * Double(length))
            case .sequenceMeanOfSumsOverHorizon: 1 / (sequences * Double(max(horizon, 1)))
            }
        }
    }
}
