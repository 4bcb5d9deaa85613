import Compute

/// What can be wrong with a data set or a task's name.
package enum ProblemsError: GenacError, Equatable {
    /// A row of a data set that cannot be read: `file:line`, and the key at fault where there is one.
    case row(file: String, line: Int, key: String?, what: String, hint: String?)
    /// A row without a member that could be the problem.
    case noProblem(file: String, line: Int, columns: [String])
    /// A row with two members that could be, and differ.
    case twoProblems(file: String, line: Int, keys: [String], columns: [String])
    /// A file or folder without what is wanted.
    /// - Parameter splits: those there are, where a split is at fault.
    case file(path: String, what: String, splits: [String])
    case unknownTask(String)

    package var what: String {
        switch self {
        case .row(_, _, let key, let what, _): key.map { "key '\($0)': \(what)" } ?? what
        case .noProblem(_, _, let columns): "has no problem: its columns are \(Self.listed(columns))"
        case .twoProblems(_, _, let keys, let columns):
            "\(keys.joined(separator: " and ")) are two problems, and differ; its columns are \(Self.listed(columns))"
        case .file(_, let what, let splits):
            splits.isEmpty
                ? what : "\(what): there \(splits.count == 1 ? "is" : "are") \(Self.listed(splits, most: 12))"
        case .unknownTask(let name): "there is no \(name.prefix { $0 != ":" }) task '\(name)'"
        }
    }

    package var location: String? {
        switch self {
        case .row(let file, let line, _, _, _), .noProblem(let file, let line, _),
            .twoProblems(let file, let line, _, _):
            "\(file):\(line)"
        case .file(let path, _, _): path
        case .unknownTask: nil
        }
    }

    package var hint: String? {
        switch self {
        case .row(_, _, _, _, let hint): hint
        case .noProblem: "a row has a 'question', a 'problem' or a 'prompt'; rename the column that is the problem"
        case .twoProblems: "leave out the column that is not the problem"
        case .file(_, _, let splits) where !splits.isEmpty: "name one of its files"
        case .file:
            (["give a file of rows (\(Self.rowFiles))"] + Tasks.all.map(\.name)).joined(separator: ", or ")
        case .unknownTask:
            Tasks.all.map { task in
                let splits = task.splits.dropLast().joined(separator: ", ") + " and " + task.splits.suffix(1).joined()
                return "there is \(task.name), with the splits \(splits) (\(task.name):\(task.standardSplit))"
            }.joined(separator: "; ")
        }
    }

    /// The files whose rows are read, for hints.
    package static let rowFiles = "Parquet, JSON Lines, a JSON array, CSV or TSV with a header; .gz and .zst too"

    /// Names as errors list them.
    /// - Parameter most: how many are named.
    static func listed(_ names: [String], most: Int = 40) -> String {
        let shown = names.prefix(most).map { $0.isEmpty ? "''" : $0 }.joined(separator: ", ")
        return names.count > most ? "\(shown) and \(names.count - most) more" : shown
    }
}
