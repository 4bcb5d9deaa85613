import Problems

/// The data sets that commands name.
struct ProblemSets {
    let home: Home

    /// The problems of a data set, unkept: a built-in task's split, drawn under `seed`, or those of files.
    func problems(
        _ source: String, limit: Int?, difficulty: Difficulty = Difficulty(), seed: UInt64 = 0
    ) throws -> [Problem] {
        try load(source, DataSet.Choice(limit: limit), difficulty: difficulty, seed: seed).problems
    }

    /// The same, with what was taken of files.
    /// - Parameter onRow: called at every row of files; what it throws ends the loading.
    func load(
        _ source: String, _ choice: DataSet.Choice, difficulty: Difficulty, seed: UInt64 = 0,
        onRow: () throws -> Void = {}
    ) throws -> (problems: [Problem], files: DataSet?) {
        guard let set = try Tasks.set(source) else {
            let files = try DataSet.load(home.file(source), choice, onRow: onRow)
            return (files.problems, files)
        }
        if let split = choice.split {
            throw ShellError.refused(
                "--split is for files", hint: "a built-in task's split stands in its name: \(set.task.name):\(split)")
        }
        return (set.problems(count: max(1, choice.limit ?? 20), difficulty: difficulty, seed: seed), nil)
    }

    /// Those of a set's problems whose solutions have outcomes; how many are left out is said.
    /// - Parameter why: what answers are needed for.
    /// - Throws: ``ShellError/refused(_:hint:)`` when none has an answer.
    func answered(_ problems: [Problem], of set: String, _ console: Console, why: String) throws -> [Problem] {
        let kept = problems.filter { $0.answer != nil }, missing = problems.count - kept.count
        guard !kept.isEmpty else { throw ShellError.refused("\(set) has no problem with an answer", hint: why) }
        if missing > 0 {
            console.remark(
                "warning: \(missing) of \(problems.count) problems of \(set) have no answer and are left out: \(why)")
        }
        return kept
    }
}
