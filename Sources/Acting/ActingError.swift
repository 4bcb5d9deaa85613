import Compute

/// What can go wrong with a solution and its prefixes.
package enum ActingError: GenacError, Equatable {
    /// As typed, `2.3`, of a solution of so many steps.
    case noSuchPrefix(prefix: String, steps: Int)

    /// What went wrong, in a sentence without its place.
    package var what: String {
        switch self {
        case .noSuchPrefix(_, let steps): "the solution has \(steps) steps"
        }
    }

    /// The prefix that was meant.
    package var location: String? {
        switch self {
        case .noSuchPrefix(let prefix, _): "prefix \(prefix)"
        }
    }

    /// None that this room knows.
    package var hint: String? { nil }
}
