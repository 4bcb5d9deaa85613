import Acting
import Compute
import Critics
import Foundation
import Problems

/// The starter task's own solver as a critic: it redoes every line without error, and scores by how often the actor's
/// lines were measured to be right. It writes the chains that critics learn from, and is the ceiling of checking.
package struct ExactCritic: ValueEstimator {
    /// `exact`.
    package let name = "exact"
    /// By the actor's name.
    package let skills: [String: JumpsSkill]
    /// Chains for each prefix.
    package let samples: Int
    /// Standard deviation, in points of 0...10, of what is added to a score before rounding: a critic taught scores
    /// that never vary leaves REINFORCE nothing to choose from.
    package let jitter: Double
    /// Of the jitter.
    package let seed: UInt64

    /// - Parameter skills: by the actor's name.
    package init(skills: [String: JumpsSkill], samples: Int = 1, jitter: Double = 0.5, seed: UInt64 = 0) {
        (self.skills, self.samples, self.jitter, self.seed) = (skills, samples, jitter, seed)
    }

    /// - Throws: ``JumpsError``.
    package func values(
        for prefixes: [SolutionPrefix], cancellation: Cancellation, progress: (@Sendable (Int, Int) -> Void)?
    ) throws -> [Valuation] {
        try prefixes.map { prefix in
            guard let jumps = Jumps(text: prefix.problem.text) else {
                throw JumpsError.otherTask(problem: prefix.problem.id)
            }
            let actor = prefix.solution.actor.name
            guard let skill = skills[actor] else { throw JumpsError.unmeasuredActor(name: actor) }
            let claims = jumps.claims(in: prefix.text), value = skill.value(of: jumps, after: claims)
            var valuation = Valuation(of: prefix, by: name)
            valuation.chains = (0..<max(samples, 1)).map { sample in
                let key = RandomKey(
                    seed: seed, purpose: .critic, problem: UInt64(prefix.problem.id),
                    sample: StableHash(prefix.solution.id, prefix.step, sample).value)
                return chain(jumps, claims, score: JumpsCorpus.score(value, jitter: jitter, key: key))
            }
            valuation.value = samples > 1 || jitter > 0 ? value : valuation.chains[0].value
            return valuation
        }
    }

    private func chain(_ jumps: Jumps, _ claims: [Int?], score: Int) -> Chain {
        Chain(
            text: jumps.chain(claims: claims, score: score), ids: [], logprobs: [], score: score,
            value: Double(score) / Double(ScoreGrammar.highest), status: .parsed, forcedIDs: [])
    }
}
