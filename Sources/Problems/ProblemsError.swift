import Compute

/// What can be wrong with a data set or a task's name.
package enum ProblemsError: GenacError, Equatable {
    /// A row of a data set that cannot be read: `file:line`, and the key at fault where there is one.
    case row(file: String, line: Int, key: String?, what: String, hint: String?)
    case file(path: String, what: String)
    case unknownTask(String)

    package var what: String {
        switch self {
        case .row(_, _, let key, let what, _): key.map { "key '\($0)': \(what)" } ?? what
        case .file(_, let what): what
        case .unknownTask(let name): "there is no starter task '\(name)'"
        }
    }

    package var location: String? {
        switch self {
        case .row(let file, let line, _, _, _): "\(file):\(line)"
        case .file(let path, _): path
        case .unknownTask: nil
        }
    }

    package var hint: String? {
        switch self {
        case .row(_, _, _, _, let hint): hint
        case .file: "give a JSONL file, or starter:jumps"
        case .unknownTask: "there is starter:jumps, with the splits train, dev and test (starter:jumps:test)"
        }
    }
}
