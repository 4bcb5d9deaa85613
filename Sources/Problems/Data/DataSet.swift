import Formats

/// Problems read from a file of rows (``DataFile``) or a folder of such files, and what of each row was taken.
package struct DataSet: Sendable {
    /// In the files' order, ids from 1.
    package private(set) var problems: [Problem] = []
    /// What was taken from where, in the order in which it first came, and of how many rows.
    package private(set) var taken: [(what: Taken, rows: Int)] = []
    /// Why rows have no answer, and how many.
    package private(set) var missing: [(why: String, rows: Int)] = []
    /// Columns of the first row that hold texts, lists or objects, such as `choices`, and of which nothing is taken.
    package private(set) var passedOver: [String] = []

    /// The members in which an answer is looked for, whatever holds the problem.
    package static let answerMembers = KnownColumns.answers

    /// What of a data set is wanted.
    package struct Choice: Sendable {
        /// The member that holds the problem, as a path; nil: as ``KnownColumns`` says.
        package var promptKey: String?
        /// The same of the answer.
        package var answerKey: String?
        /// The part that is wanted: a folder's files of that name, or a file's rows that say so.
        package var split: String?
        /// At most so many problems; nil: all.
        package var limit: Int?

        package init(promptKey: String? = nil, answerKey: String? = nil, split: String? = nil, limit: Int? = nil) {
            (self.promptKey, self.answerKey, self.split, self.limit) = (promptKey, answerKey, split, limit)
        }
    }

    /// - Parameter onRow: called at every row; what it throws ends the loading.
    /// - Throws: ``ProblemsError`` naming file, line and key; `FormatsError` and `ParquetError` for damaged files.
    package static func load(_ path: String, _ choice: Choice = Choice(), onRow: () throws -> Void = {}) throws
        -> DataSet
    {
        var set = DataSet(), counts = Counts()
        let (files, split) = try DataFolder.files(path, split: choice.split)
        for file in files where set.problems.count < choice.limit ?? .max {
            try set.read(file, choice, split: split, &counts, onRow)
        }
        guard !set.problems.isEmpty else {
            let what = split.map { "holds no problem of the split '\($0)'" } ?? "holds no problem"
            throw ProblemsError.file(path: path, what: what, splits: counts.otherSplits.sorted())
        }
        set.taken = counts.taken
        set.missing = counts.missing
        return set
    }

    private mutating func read(
        _ file: String, _ choice: Choice, split: String?, _ counts: inout Counts, _ onRow: () throws -> Void
    ) throws {
        let reader = ProblemReader(promptKey: choice.promptKey, answerKey: choice.answerKey)
        let limit = choice.limit ?? .max
        let wanted = { reader.uses($0, of: $1) || split != nil && RowSplit.uses($0) }
        try DataFile.forEachRow(in: file, wanted: wanted) { row in
            try onRow()
            if let split {
                let own = try RowSplit.of(row)
                guard own == split else {
                    counts.otherSplits.insert(own)
                    return true
                }
            }
            let result = try reader.read(row, id: problems.count + 1)
            if problems.isEmpty { passedOver = Self.passedOver(in: row, reader) }
            problems.append(result.problem)
            counts.add(result)
            return problems.count < limit
        }
    }

    private static func passedOver(in row: DataRow, _ reader: ProblemReader) -> [String] {
        row.columns.filter { column in
            guard !reader.uses(column, of: row.columns), !RowSplit.uses(column) else { return false }
            // What was not read may be a text.
            guard let value = row.members[column] else { return true }
            return value.asString ?? "" != "" || value.asArray != nil || value.asObject != nil
        }
    }

    /// Sums in the order in which their kinds first came.
    private struct Counts {
        private(set) var taken: [(what: Taken, rows: Int)] = []
        private(set) var missing: [(why: String, rows: Int)] = []
        var otherSplits: Set<String> = []

        mutating func add(_ result: ProblemReader.Result) {
            if let place = taken.firstIndex(where: { $0.what == result.taken }) {
                taken[place].rows += 1
            } else {
                taken.append((result.taken, 1))
            }
            guard let why = result.missing else { return }
            if let place = missing.firstIndex(where: { $0.why == why }) {
                missing[place].rows += 1
            } else {
                missing.append((why, 1))
            }
        }
    }
}
