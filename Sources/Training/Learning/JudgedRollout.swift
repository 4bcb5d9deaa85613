import Acting
import Critics

/// A rollout with all that a step says of it: what a critic thinks of its states, and what its tokens are pushed by.
struct JudgedRollout {
    let rollout: Rollout
    /// What was said of its prefixes, for the record, and of critics that rate just those the values; nothing of a
    /// rollout that is left out.
    var prefixes: [JudgedPrefix] = []
    /// Of a value head: what it reads, [states] its values, and the returns that it is regressed on.
    var reading: HeadReading?
    var values: [Double] = [], returns: [Double] = []
    /// [tokens]; nil where no actor learns from it.
    var advantages: [Double]?

    init(_ rollout: Rollout) { self.rollout = rollout }

    var isUsed: Bool { rollout.masked == nil }

    /// One that no critic rates: its prefixes are kept with the outcome alone.
    static func unrated(_ rollout: Rollout) -> JudgedRollout {
        var judged = JudgedRollout(rollout)
        guard judged.isUsed else { return judged }
        judged.prefixes = rollout.prefixes.map {
            JudgedPrefix(prefix: $0, prompt: nil, value: nil, target: rollout.outcome, promptIDs: [])
        }
        return judged
    }

    /// Generalised advantages over the borders of steps, each step's given to all of its tokens.
    /// - Returns: [tokens]; nothing of a rollout that is left out.
    /// - Throws: ``TrainingError/noValue(prefix:)``.
    func stepAdvantages(gamma: Double, lambda: Double) throws -> [Double] {
        guard isUsed else { return [] }
        return StateAdvantages(
            starts: rollout.states, values: try prefixes.map { try $0.knownValue }, rewards: rollout.rewards,
            gamma: gamma, lambda: lambda
        ).tokens
    }

    /// Generalised advantages over tokens, each with a value of its own in `values`.
    func tokenAdvantages(gamma: Double, lambda: Double) -> [Double] {
        GeneralisedAdvantage.advantages(rewards: rollout.rewards, values: values, gamma: gamma, lambda: lambda)
    }

    /// With its steps' advantages beside its prefixes: each has the mean of the tokens between it and the prefix
    /// before, and at last there is the whole response.
    func recorded() throws -> JudgedRollout {
        guard isUsed, let advantages else { return self }
        var judged = self, start = 0
        judged.prefixes = (prefixes + [try whole()]).map { prefix in
            var prefix = prefix
            let end = prefix.prefix.isFullResponse ? advantages.count : prefix.prefix.tokens.upperBound
            if end > start { prefix.advantage = advantages[start..<end].reduce(0, +) / Double(end - start) }
            start = max(start, end)
            return prefix
        }
        return judged
    }

    private func whole() throws -> JudgedPrefix {
        let steps = rollout.solved.steps
        let prefix = try SolutionPrefix(
            problem: rollout.problem, solution: rollout.solution, steps: steps, step: steps.count)
        return JudgedPrefix(prefix: prefix, prompt: nil, value: nil, target: rollout.outcome, promptIDs: [])
    }
}

extension [JudgedRollout] {
    /// What the tokens of each are pushed by: [rollouts][tokens], nothing of those that are left out.
    mutating func push(by advantages: [[Double]]) {
        precondition(advantages.count == count)
        for index in indices where self[index].isUsed { self[index].advantages = advantages[index] }
    }

    /// Each response's advantage over the others of its problem, given to all of its tokens.
    /// - Returns: [rollouts][tokens].
    func groupAdvantages(_ baseline: GroupBaseline) -> [[Double]] {
        var groups: [Int: [Int]] = [:]
        for index in indices where self[index].isUsed {
            groups[self[index].rollout.problem.id, default: []].append(index)
        }
        var advantages = map(\.rollout.rewards)
        for members in groups.values {
            let scores = members.map { self[$0].rollout.rewards.reduce(0, +) }
            for (member, advantage) in zip(members, baseline.advantages(scores)) {
                advantages[member] = advantages[member].map { _ in advantage }
            }
        }
        return advantages
    }
}
