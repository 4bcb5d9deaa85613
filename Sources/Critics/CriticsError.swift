import Compute

/// Why prefixes cannot be valued, or values not be compared.
package enum CriticsError: GenacError, Equatable {
    case noAnswer(problem: Int)
    case contextTooLong(needed: Int, limit: Int, prefix: String)
    case rolloutsTooFew(count: Int)
    case unequalCounts(left: Int, right: Int)
    case noValue(prefix: String, estimator: String)

    /// Whether one problem or solution is more than its reader holds: studies leave such a one out and go on.
    package var isTooLong: Bool {
        if case .contextTooLong = self { true } else { false }
    }

    package var what: String {
        switch self {
        case .noAnswer(let problem): "problem \(problem) has no answer, so no rollout can be graded"
        case .contextTooLong(let needed, let limit, _): "needs \(needed) tokens of context, the model has \(limit)"
        case .rolloutsTooFew(let count): "\(count) rollouts are too few"
        case .noValue(let prefix, let estimator): "\(estimator) gave prefix \(prefix) no value"
        case .unequalCounts(let left, let right): "\(left) values cannot be paired with \(right)"
        }
    }

    package var location: String? {
        switch self {
        case .noAnswer, .rolloutsTooFew, .unequalCounts, .noValue: nil
        case .contextTooLong(_, _, let prefix): "prefix \(prefix)"
        }
    }

    package var hint: String? {
        switch self {
        case .noAnswer: "give it one"
        case .contextTooLong: "shorten the problem, the solution or the chain's token limit"
        case .rolloutsTooFew: "use at least 2 rollouts a prefix"
        case .unequalCounts: "give both over the same prefixes"
        case .noValue:
            "of a critic critic.parse_fallback=forced reads one from the distribution; "
                + "the rate needs an actor that was measured"
        }
    }
}
