import Acting
import Compute
import Critics
import Formats

/// VinePPO's (arXiv 2410.01679): a step is worth what it changes in the actor's own success rate from there on,
/// measured by fresh continuations: A_k = r_k + V(s_{k+1}) - V(s_k), generalised advantages with lambda 0. No critic is
/// trained.
final class VineCredit: Credit {
    let isWhitened = true
    private let recipe: Recipe

    init(_ recipe: Recipe) { self.recipe = recipe }

    /// States past the first `critic.max_prefixes` are not measured: the outcome stands for their value.
    func assign(_ rollouts: [Rollout], rewards: [[Double]], actor: Actor, step: Int) throws -> Assignment {
        let most = recipe.integer("critic.max_prefixes")
        let found = try estimator(actor, step: step).values(
            for: rollouts.flatMap { $0.prefixes.prefix(most) }, cancellation: Cancellation(), progress: nil)
        var next = found.makeIterator()
        let judged = rollouts.map { rollout in
            rollout.prefixes.enumerated().map { index, prefix in
                let valuation = index < most ? next.next() : nil
                return JudgedPrefix(
                    prefix: prefix, prompt: valuation?.prompt, value: valuation?.value ?? rollout.outcome,
                    target: rollout.outcome,
                    promptIDs: valuation?.promptIDs ?? [])
            }
        }
        let advantages = try zip(zip(rollouts, rewards), judged).map { rollout, prefixes in
            StateAdvantages(
                starts: rollout.0.states, values: try prefixes.map { try $0.knownValue }, rewards: rollout.1,
                gamma: recipe.gamma, lambda: 0
            ).tokens
        }
        return Assignment(advantages: advantages, judged: judged)
    }

    private func estimator(_ actor: Actor, step: Int) -> MonteCarlo {
        var options = MonteCarlo.Options()
        options.rollouts = recipe.integer("algorithm.mc_rollouts")
        options.truncated = recipe.choice("rollout.truncated")
        options.seed = UInt64(recipe.integer("data.seed"))
        options.iteration = UInt64(step + 1)
        return MonteCarlo(actor: actor, options: options)
    }
}
