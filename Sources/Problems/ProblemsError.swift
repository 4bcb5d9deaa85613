import Compute

/// What can be wrong with a data set or a task's name.
package enum ProblemsError: GenacError, Equatable {
    /// A row of a data set that cannot be read: `file:line`, and the key at fault where there is one.
    case row(file: String, line: Int, key: String?, what: String, hint: String?)
    /// A row without a member that could be the problem.
    case noText(file: String, line: Int)
    case file(path: String, what: String)
    case unknownTask(String)

    package var what: String {
        switch self {
        case .row(_, _, let key, let what, _): key.map { "key '\($0)': \(what)" } ?? what
        case .noText: "has no problem"
        case .file(_, let what): what
        case .unknownTask(let name): "there is no \(name.prefix { $0 != ":" }) task '\(name)'"
        }
    }

    package var location: String? {
        switch self {
        case .row(let file, let line, _, _, _), .noText(let file, let line): "\(file):\(line)"
        case .file(let path, _): path
        case .unknownTask: nil
        }
    }

    package var hint: String? {
        switch self {
        case .row(_, _, _, _, let hint): hint
        case .noText: "a row has a 'question', a 'problem' or a 'prompt', or another member is named as the problem's"
        case .file: (["give a JSONL file"] + Tasks.all.map(\.name)).joined(separator: ", or ")
        case .unknownTask:
            Tasks.all.map { task in
                let splits = task.splits.dropLast().joined(separator: ", ") + " and " + task.splits.suffix(1).joined()
                return "there is \(task.name), with the splits \(splits) (\(task.name):\(task.standardSplit))"
            }.joined(separator: "; ")
        }
    }
}
