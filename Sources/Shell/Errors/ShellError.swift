import Compute

/// What a command can refuse.
package enum ShellError: GenacError, Equatable {
    case unknownCommand(String, suggestion: String?)
    case usage(String, usage: String)
    case cannotOpen(path: String, reason: String)
    case cannotWrite(reason: String)
    case cannotRun(program: String, reason: String)
    case interrupted
    /// Anything else a command finds wrong: what, and what to do.
    case refused(String, hint: String?)
    case invalid(what: String, location: String, hint: String?)

    /// A refusal that needs no advice.
    package static func refused(_ what: String) -> ShellError { .refused(what, hint: nil) }

    /// Mistakes of writing, whose exit code is 2.
    package var isUsage: Bool {
        switch self {
        case .unknownCommand, .usage: true
        default: false
        }
    }

    /// What is wrong, in a sentence without its place.
    package var what: String {
        switch self {
        case .unknownCommand(let name, _): "there is no command \(name)"
        case .usage(let what, _): what
        case .cannotOpen(_, let reason): "cannot be opened: \(reason)"
        case .cannotWrite(let reason): "the result could not be written: \(reason)"
        case .cannotRun(let program, let reason): "cannot run \(program): \(reason)"
        case .interrupted: "interrupted"
        case .refused(let what, _): what
        case .invalid(let what, _, _): what
        }
    }

    /// A file, or a file and a line.
    package var location: String? {
        switch self {
        case .cannotOpen(let path, _): path
        case .invalid(_, let location, _): location
        default: nil
        }
    }

    /// What mends it, in the shell's words.
    package var hint: String? {
        switch self {
        case .unknownCommand(_, let suggestion?): "did you mean \(suggestion)? `help` lists all"
        case .unknownCommand(_, nil): "`help` lists all"
        case .usage(_, let usage): usage
        case .cannotOpen: "check the path and your rights to it"
        case .cannotWrite: "check the disk's free space and the file's folder"
        case .cannotRun, .interrupted: nil
        case .refused(_, let hint): hint
        case .invalid(_, _, let hint): hint
        }
    }
}
