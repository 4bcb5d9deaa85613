import Formats
import Foundation
import Transformer

/// What an actor's updates of one step came to: means over its mini-batches, under verl's names.
struct PolicyUpdate {
    private(set) var parts: [Part] = []

    var rows: Int { parts.reduce(0) { $0 + $1.rows } }

    mutating func add(_ part: Part) { parts.append(part) }

    /// One mini-batch's update; sums over its tokens.
    struct Part {
        var update = Learner.Update(norm: 0, rate: 0)
        private(set) var rows = 0
        private(set) var tokens = 0
        private(set) var loss = 0.0, divergenceLoss = 0.0
        private(set) var clipped = 0, dual = 0
        private(set) var divergence = 0.0, entropy = 0.0, probabilityGap = 0.0

        mutating func add(
            _ tokens: [PolicyObjective.Token], _ scores: TargetScores, _ objective: PolicyObjective, rows: Int
        ) {
            self.rows += rows
            self.tokens += tokens.count
            for (index, token) in tokens.enumerated() {
                let logprob = Double(scores.logprobs[index]), result = objective.result(token, logprob: logprob)
                loss += token.weight * result.policy.loss
                divergenceLoss += token.weight * result.divergence
                clipped += result.policy.isClipped ? 1 : 0
                dual += result.policy.isDual ? 1 : 0
                divergence += result.policy.divergence
                entropy += Double(scores.entropies[index])
                probabilityGap += abs(exp(logprob) - exp(token.old))
            }
        }

        func mean(_ sum: Double) -> Double { sum / Double(max(tokens, 1)) }

        /// The policy's loss with what else is in it.
        func wholeLoss(_ objective: PolicyObjective) -> Double {
            loss + objective.divergenceCoefficient * divergenceLoss - objective.entropyCoefficient * mean(entropy)
        }
    }

    /// - Parameter hasDivergence: whether the divergence from a reference is in the loss.
    func metrics(hasDivergence: Bool) -> [JSONObject.Member] {
        guard let first = parts.first else { return [] }
        func mean(_ value: (Part) -> Double) -> JSONValue {
            .number(parts.reduce(0) { $0 + value($1) } / Double(parts.count))
        }
        var list: [JSONObject.Member] = [
            ("actor/pg_loss", mean { $0.loss }), ("actor/pg_clipfrac", mean { $0.mean(Double($0.clipped)) }),
            ("actor/pg_clipfrac_lower", mean { $0.mean(Double($0.dual)) }),
            ("actor/ppo_kl", mean { $0.mean($0.divergence) }),
            ("actor/entropy", mean { $0.mean($0.entropy) }),
            // Before the first update of a step the weights are those that sampled: 0 unless the rollouts are somebody
            // else's.
            ("training/rollout_probs_diff_mean", .number(first.mean(first.probabilityGap))),
        ]
        if hasDivergence { list.append(("actor/kl_loss", mean { $0.divergenceLoss })) }
        return list + UpdateMetrics(updates: parts.map(\.update)).members("actor")
    }
}
