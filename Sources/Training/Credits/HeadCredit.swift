import Acting
import Critics
import Formats
import Prompts

/// PPO's: generalised advantages over tokens with a value head's values; the head is regressed on the returns, with
/// clipping.
final class HeadCredit: Credit {
    let isWhitened = true
    private let recipe: Recipe
    private let critic: HeadLearner

    var templates: [PromptTemplate] { [critic.template] }
    var updates: Int { critic.updates }

    init(_ critic: HeadLearner, _ recipe: Recipe) { (self.critic, self.recipe) = (critic, recipe) }

    func assign(_ rollouts: [Rollout], rewards: [[Double]], actor: Actor, step: Int) throws -> Assignment {
        let readings = try rollouts.map { try critic.reading($0, states: Array(0..<$0.solution.ids.count)) }
        let values = try critic.values(readings)
        let returns = zip(rewards, values).map { rewards, values in
            zip(advantages(rewards, values, lambda: recipe.number("critic.lam")), values).map { $0 + $1 }
        }
        let judged = rollouts.indices.map { index in
            rollouts[index].prefixes.map { prefix in
                let state = prefix.tokens.upperBound
                return readings[index].judged(
                    prefix, value: values[index][state], target: returns[index][state],
                    tokenizer: critic.builder.tokenizer)
            }
        }
        return Assignment(
            advantages: zip(rewards, values).map { advantages($0, $1, lambda: lambda(tokens: $1.count)) },
            judged: judged,
            update: { [critic] in try critic.fit(readings, returns: returns, old: values, step: step).update },
            explainedVariance: explainedVariance(values: values.flatMap { $0 }, returns: returns.flatMap { $0 }))
    }

    private func advantages(_ rewards: [Double], _ values: [Double], lambda: Double) -> [Double] {
        GeneralisedAdvantage.advantages(rewards: rewards, values: values, gamma: recipe.gamma, lambda: lambda)
    }

    /// The actor's lambda; VAPO's for a response of that length where asked for.
    private func lambda(tokens: Int) -> Double {
        recipe.flag("algorithm.adaptive_lam") ? max(0, 1 - 1 / (0.05 * Double(max(tokens, 1)))) : recipe.lambda
    }

    func save(to folder: String) throws -> JSONObject { try critic.save(to: folder) }

    func restore(_ state: JSONObject, from folder: String) throws { try critic.restore(state, from: folder) }
}
