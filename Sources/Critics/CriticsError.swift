import Compute

/// A prefix, or a whole solution, that is more than its reader's context holds.
package struct TooLong: Sendable, Equatable, CustomStringConvertible {
    package let solution: Int
    /// Nil of a whole solution.
    package let step: Int?
    /// Tokens of the prompt and of what is to be written after it.
    package let needed: Int
    /// Tokens that there is room for.
    package let limit: Int

    /// - Parameter step: nil of a whole solution.
    package init(solution: Int, step: Int?, needed: Int, limit: Int) {
        (self.solution, self.step, self.needed, self.limit) = (solution, step, needed, limit)
    }

    /// `4.6`, or `4`.
    package var description: String { step.map { "\(solution).\($0)" } ?? "\(solution)" }
}

/// Why prefixes cannot be valued, or values not be compared.
package enum CriticsError: GenacError, Equatable {
    case noAnswer(problem: Int)
    /// All of those asked for that do not fit; one at least.
    case tooLong([TooLong])
    case rolloutsTooFew(count: Int)
    case unequalCounts(left: Int, right: Int)
    case noValue(prefix: String, estimator: String)

    /// Whether one problem or solution is more than its reader holds: studies leave such a one out and go on.
    package var isTooLong: Bool {
        if case .tooLong = self { true } else { false }
    }

    package var what: String {
        switch self {
        case .noAnswer(let problem): "problem \(problem) has no answer, so no rollout can be graded"
        case .tooLong(let all):
            all.first.map { "needs \($0.needed) tokens of context, the model has \($0.limit)" } ?? "too long"
        case .rolloutsTooFew(let count): "\(count) rollouts are too few"
        case .noValue(let prefix, let estimator): "\(estimator) gave prefix \(prefix) no value"
        case .unequalCounts(let left, let right): "\(left) values cannot be paired with \(right)"
        }
    }

    package var location: String? {
        switch self {
        case .noAnswer, .rolloutsTooFew, .unequalCounts, .noValue: nil
        case .tooLong(let all): all.first.map { "prefix \($0)" }
        }
    }

    package var hint: String? {
        switch self {
        case .noAnswer: "give it one"
        case .tooLong: "shorten the problem, the solution or the chain's token limit"
        case .rolloutsTooFew: "use at least 2 rollouts a prefix"
        case .unequalCounts: "give both over the same prefixes"
        case .noValue:
            "of a critic critic.parse_fallback=forced reads one from the distribution; "
                + "the rate needs an actor that was measured"
        }
    }
}
