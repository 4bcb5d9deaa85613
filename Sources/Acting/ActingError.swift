import Compute

/// What can go wrong with a solution and its prefixes.
package enum ActingError: GenacError, Equatable {
    /// As typed, `2.3`, of a solution of so many steps.
    case noSuchPrefix(prefix: String, steps: Int)
    /// The program that grades crashed, or wrote something else than a verdict.
    case reward(command: String, what: String)
    /// It did not grade a solution in time, and what is measured needs each one's outcome.
    case noOutcome(problem: Int)
    /// It could not tell what a solution is worth.
    case undecided(problem: Int)

    /// What went wrong, in a sentence without its place.
    package var what: String {
        switch self {
        case .noSuchPrefix(_, let steps): "the solution has \(steps) steps"
        case .reward(_, let what): what
        case .noOutcome(let problem): "a solution of problem \(problem) was not graded in time"
        case .undecided(let problem): "it cannot tell whether a solution of problem \(problem) is right"
        }
    }

    /// The prefix that was meant, or the setting.
    package var location: String? {
        switch self {
        case .noSuchPrefix(let prefix, _): "prefix \(prefix)"
        case .reward(let command, _): "reward.command (\(command))"
        case .noOutcome: "reward.timeout"
        case .undecided: "reward.command"
        }
    }

    /// What mends it, in the field's words.
    package var hint: String? {
        switch self {
        case .noSuchPrefix: nil
        case .reward:
            "it reads lines of {\"problem\", \"answer\", \"solution\"}, and writes one for each at once: "
                + "{\"right\": true}, false, or null where it cannot tell"
        case .noOutcome: "raise reward.timeout"
        case .undecided: "here each solution needs an outcome: have the program say true or false"
        }
    }
}
