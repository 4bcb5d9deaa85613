import Formats

/// Makes a row a problem: by the members that the user names, else by ``KnownColumns``.
struct ProblemReader {
    /// Nil: as the data sets that are known have it.
    let promptKey: String?
    let answerKey: String?

    /// What a row came to.
    struct Result {
        var problem: Problem
        let taken: Taken
        /// Why there is no answer; nil where there is one.
        let missing: String?
    }

    /// Whether a column may be used, among those of a file.
    func uses(_ column: String, of columns: [String]) -> Bool {
        KnownColumns.uses(column, of: columns)
            || [promptKey, answerKey].contains { $0 == column || $0?.hasPrefix(column + ".") == true }
    }

    /// - Parameter id: the problem's.
    /// - Throws: ``ProblemsError`` naming the row, and the member at fault.
    func read(_ row: DataRow, id: Int) throws -> Result {
        let (key, value, answers) = try problem(row)
        let isDialogue = KnownColumns.dialogues.contains(key.lowercased())
        let prompt = try PromptReader(row: row, key: key, mayBeAnswered: isDialogue).read(value)
        let input = try self.input(row, besides: key)
        let (answer, place, missing) = try answer(row, answers, reply: prompt.reply.map { ("\(key)[-1]", .string($0)) })
        let problem = Problem(
            id: id, text: input.map { "\(prompt.text)\n\n\($0)" } ?? prompt.text, conversation: prompt.conversation,
            answer: answer, source: "\(row.file):\(row.number)",
            stepRule: place?.part == .afterMark ? .newline : .vine)
        let from = input == nil ? key : "\(key)` and `\(KnownColumns.instructionInput)"
        return Result(problem: problem, taken: Taken(problem: from, answer: place), missing: missing)
    }

    // MARK: The problem

    private func problem(_ row: DataRow) throws -> (key: String, value: JSONValue, answers: [String]) {
        if let promptKey {
            guard let value = row[promptKey] else { throw missing(promptKey, row) }
            return (promptKey, value, KnownColumns.answers)
        }
        let shapes =
            [KnownColumns.all, KnownColumns.teaching].lazy.map { matching($0, row) }.first { !$0.isEmpty } ?? []
        let whole = shapes.first { !found($0.shape.answers, row).isEmpty }
        guard let (shape, found) = whole ?? shapes.last, let first = found.first else {
            throw ProblemsError.noProblem(file: row.file, line: row.number, columns: row.columns)
        }
        if let other = found.first(where: { $0.value != first.value }) {
            throw ProblemsError.twoProblems(
                file: row.file, line: row.number, keys: [first.key, other.key], columns: row.columns)
        }
        return (first.key, first.value, shape.answers)
    }

    /// Shapes of which a row has a problem.
    private func matching(_ shapes: [KnownColumns], _ row: DataRow) -> [(
        shape: KnownColumns, found: [(key: String, value: JSONValue)]
    )] {
        shapes.map { shape in
            (shape, found(shape.problems, row).filter { $0.value.asObject == nil || $0.value.isBytes })
        }.filter { !$0.1.isEmpty }
    }

    /// What an instruction is about; nil where there is nothing.
    private func input(_ row: DataRow, besides key: String) throws -> String? {
        guard promptKey == nil, key == KnownColumns.instruction, let input = row.known(KnownColumns.instructionInput),
            !input.isNull
        else { return nil }
        guard let text = input.asString else {
            throw row.failure(KnownColumns.instructionInput, "is \(input.inWords), not text")
        }
        return text.allSatisfy(\.isWhitespace) ? nil : text
    }

    /// Those of some paths that are there and not null.
    private func found(_ paths: [String], _ row: DataRow) -> [(key: String, value: JSONValue)] {
        present(paths, row).filter { !$0.value.isNull }
    }

    /// Those of some paths that are there.
    private func present(_ paths: [String], _ row: DataRow) -> [(key: String, value: JSONValue)] {
        paths.compactMap { path in row.known(path).map { (path, $0) } }
    }

    // MARK: The answer

    /// - Parameter reply: the last of a dialogue's messages, a solution, where no member says an answer.
    private func answer(_ row: DataRow, _ known: [String], reply: (key: String, value: JSONValue)?) throws -> (
        text: String?, place: Taken.Answer?, missing: String?
    ) {
        if let answerKey {
            guard let value = row[answerKey] else { throw missing(answerKey, row) }
            return try reading([(answerKey, value)], row, mustMark: [])
        }
        let members = present(known, row) + (reply.map { [$0] } ?? [])
        return try reading(members, row, mustMark: KnownColumns.solutions.union(reply.map { [$0.key] } ?? []))
    }

    /// The first that says an answer; where none does, why the first that is not null does not.
    private func reading(_ members: [(key: String, value: JSONValue)], _ row: DataRow, mustMark: Set<String>) throws
        -> (
            text: String?, place: Taken.Answer?, missing: String?
        )
    {
        var why: String?
        for (key, value) in members.filter({ !$0.value.isNull }) {
            switch try AnswerReader(row: row, key: key).read(value, mustMark: mustMark.contains(key)) {
            case .answer(let text, let part): return (text, Taken.Answer(member: key, part: part), nil)
            case .none(let words): why = why ?? "`\(key)` \(words)"
            }
        }
        let null = members.first.map { "`\($0.key)` is null" }
        return (nil, nil, why ?? null ?? "no member for it")
    }

    private func missing(_ key: String, _ row: DataRow) -> ProblemsError {
        let columns = ProblemsError.listed(row.columns)
        return row.failure(
            key, "is missing", hint: "the row has \(columns); a path such as a.b names a member's member")
    }
}
