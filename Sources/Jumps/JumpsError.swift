import Compute

/// Why the exact critic cannot rate a prefix.
package enum JumpsError: GenacError, Equatable {
    /// A problem of another kind.
    case otherTask(problem: Int)
    /// An actor whose lines were never counted.
    case unmeasuredActor(name: String)

    package var what: String {
        switch self {
        case .otherTask(let problem):
            "problem \(problem) is none of the built-in task's, and only those can be solved exactly"
        case .unmeasuredActor(let name): "nothing is known of how often \(name)'s lines are right"
        }
    }

    package var location: String? { nil }

    package var hint: String? {
        switch self {
        case .otherTask: "use problems of starter:jumps, or a loaded model as the teacher"
        case .unmeasuredActor: nil
        }
    }
}
