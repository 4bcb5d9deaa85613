import Problems

/// The data sets that commands name.
struct ProblemSets {
    let home: Home

    /// The problems of a data set, unkept: a built-in task's split, drawn under `seed`, or a JSONL file's.
    func problems(
        _ source: String, limit: Int?, promptKey: String? = nil, answerKey: String? = nil,
        difficulty: Difficulty = Difficulty(), seed: UInt64 = 0
    ) throws -> [Problem] {
        if let set = try Tasks.set(source) {
            return set.problems(count: max(1, limit ?? 20), difficulty: difficulty, seed: seed)
        }
        return Array(
            try DataSet.load(home.file(source), promptKey: promptKey, answerKey: answerKey).prefix(
                max(1, limit ?? .max)))
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
