import Acting
import Critics
import Formats
import Prompts

/// GenAC's: generalised advantages over the borders of steps, their values written out by a generative critic, which
/// goes on learning by REINFORCE from the same rollouts.
final class GenerativeCredit: Credit {
    let isWhitened = true
    private let recipe: Recipe
    private let critic: GenerativeLearner

    var templates: [PromptTemplate] { [critic.template] }
    var updates: Int { critic.updates }

    init(_ critic: GenerativeLearner, _ recipe: Recipe) { (self.critic, self.recipe) = (critic, recipe) }

    /// - Throws: ``TrainingError/wrongValue(key:value:expected:)`` where a state could be left without a value.
    static func check(_ recipe: Recipe) throws {
        try GenerativeLearner.check(recipe)
        let fallback: GenerativeCritic.Fallback = recipe.choice("critic.parse_fallback")
        guard fallback != .fail else {
            throw TrainingError.wrongValue(
                key: "critic.parse_fallback", value: "fail",
                expected: "icc or forced: an advantage needs a value at every state")
        }
    }

    func assign(_ rollouts: [Rollout], rewards: [[Double]], actor: Actor, step: Int) throws -> Assignment {
        let judged = try critic.judge(rollouts, step: step)
        let advantages = try zip(zip(rollouts, rewards), judged).map { rollout, prefixes in
            StateAdvantages(
                starts: rollout.0.states, values: try prefixes.map { try $0.knownValue }, rewards: rollout.1,
                gamma: recipe.gamma, lambda: recipe.lambda
            ).tokens
        }
        return Assignment(
            advantages: advantages, judged: judged, update: { [critic] in try critic.learn(from: judged, step: step) })
    }

    func save(to folder: String) throws -> JSONObject { try critic.save(to: folder) }

    func restore(_ state: JSONObject, from folder: String) throws { try critic.restore(state, from: folder) }
}
