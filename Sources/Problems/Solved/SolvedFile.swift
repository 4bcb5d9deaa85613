import Formats

/// The solutions of a file: a dump of a training run's rollouts, or a labelled set.
package struct SolvedFile: Sendable {
    /// Members that the user names; nil: as ``SolvedColumns`` says.
    package struct Keys: Sendable, Equatable {
        package var problem: String?
        package var answer: String?
        package var solution: String?
        package var label: String?

        package init(
            problem: String? = nil, answer: String? = nil, solution: String? = nil, label: String? = nil
        ) {
            (self.problem, self.answer, self.solution, self.label) = (problem, answer, solution, label)
        }
    }

    /// In the file's order.
    package private(set) var rows: [SolvedRow] = []
    /// What was taken from where, in the order in which it first came, and of how many rows.
    package private(set) var taken = RowTally<SolvedPlaces>()
    /// Why rows were left out, and how many.
    package private(set) var leftOut = RowTally<String>()
    /// Why rows have no answer, and how many.
    package private(set) var missing = RowTally<String>()
    /// What the rewards say, where they are verdicts: that which means right is known of 0 and 1, and of -1 and 1.
    package private(set) var marks = Marks.none

    package enum Marks: Sendable, Equatable {
        /// The file says nothing of its solutions.
        case none
        /// Numbers of so many values, which say no right and wrong.
        case rewards(values: Int)
        /// 1 is right, the other value is not.
        case verdicts
    }

    /// - Parameters:
    ///   - path: a file of rows, or a folder of them.
    ///   - readsProblems: a row without a problem is left out.
    /// - Throws: ``ProblemsError`` where no row has a solution, `FormatsError` and `ParquetError` for damaged files.
    package init(_ path: String, keys: Keys = Keys(), readsProblems: Bool) throws {
        let reader = SolvedReader(keys: keys, readsProblems: readsProblems)
        var columns: [String] = []
        for file in try DataFolder.files(path, split: nil).files {
            try DataFile.forEachRow(in: file, wanted: { column, _ in reader.uses(column) }) { row in
                if columns.isEmpty { columns = row.columns }
                do {
                    try reader.read(row).forEach { add($0) }
                } catch let error as SolvedReader.LeftOut {
                    leftOut.add(error.why)
                }
                return true
            }
        }
        guard !rows.isEmpty else {
            let why = leftOut.kinds.map { "\($0.rows): \($0.kind)" }.joined(separator: ", ")
            let has = columns.isEmpty ? "" : "; its columns are \(ProblemsError.listed(columns))"
            throw ProblemsError.file(
                path: path, what: "holds no solution" + (why.isEmpty ? "" : " (\(why))") + has, splits: [])
        }
        let values = Set(rows.compactMap(\.reward))
        if values.isSubset(of: [0, 1]) || values.isSubset(of: [-1, 1]) {
            marks = values.isEmpty ? .none : .verdicts
        } else {
            marks = .rewards(values: values.count)
        }
    }

    private mutating func add(_ reading: SolvedReader.Reading) {
        switch reading {
        case .leftOut(let why): leftOut.add(why)
        case .solved(let row):
            rows.append(row)
            taken.add(row.taken)
            if let why = row.missing { missing.add(why) }
        }
    }

    /// What the file says of a row: right or not; nil where it does not say.
    package func verdict(of row: SolvedRow) -> Bool? {
        marks == .verdicts ? row.reward.map { $0 == 1 } : nil
    }
}

/// How many rows were of each kind, in the order in which the kinds first came.
package struct RowTally<Kind: Hashable & Sendable>: Sendable {
    package private(set) var kinds: [(kind: Kind, rows: Int)] = []

    /// All of them.
    package var rows: Int { kinds.reduce(0) { $0 + $1.rows } }

    mutating func add(_ kind: Kind) {
        if let place = kinds.firstIndex(where: { $0.kind == kind }) {
            kinds[place].rows += 1
        } else {
            kinds.append((kind, 1))
        }
    }
}
