import Formats

/// Problems read from a file of rows (``DataFile``) in the spellings of the common data sets: GSM8K's
/// `question`/`answer` (its answer after `####`), MATH's `problem`/`solution`/`answer`, and verl's
/// `prompt`/`reward_model.ground_truth`/`data_source`; a `prompt` is text or a list of messages.
package enum DataSet {
    /// The members in which an answer is looked for, in this order, wherever the problem is found.
    package static let answerMembers = ["reward_model.ground_truth", "answer", "solution"]

    /// What a row may say without being asked.
    private static let rowMembers = textMembers + answerMembers.map { String($0.prefix { $0 != "." }) }
    /// The members in which the problem is looked for, in this order.
    fileprivate static let textMembers = ["question", "problem", "prompt"]

    /// - Parameters:
    ///   - promptKey: the member that holds the problem; nil: the first of `question`, `problem`, `prompt` a row has.
    ///   - answerKey: the member that holds the answer; nil: the first of ``answerMembers`` a row has.
    /// - Returns: the problems in the file's order, ids from 1.
    /// - Throws: ``ProblemsError`` naming file, line and key; `FormatsError` for what is no JSON, `ParquetError` for
    ///   damaged Parquet.
    package static func load(_ path: String, promptKey: String? = nil, answerKey: String? = nil) throws -> [Problem] {
        var problems: [Problem] = []
        let given = Set([promptKey, answerKey].compactMap { $0 })
        try DataFile.forEachRow(in: path, members: given.union(rowMembers)) { line, value in
            let row = Row(value: value, file: path, line: line)
            problems.append(try row.problem(id: problems.count + 1, promptKey: promptKey, answerKey: answerKey))
        }
        guard !problems.isEmpty else { throw ProblemsError.file(path: path, what: "holds no problem") }
        return problems
    }
}

/// One row, with the place its errors name.
private struct Row {
    let value: JSONValue
    let file: String
    let line: Int

    func problem(id: Int, promptKey: String?, answerKey: String?) throws -> Problem {
        guard value.asObject != nil else { throw failure(nil, "the row is \(value.kind), not an object") }
        let key = try promptKey ?? textKey()
        let text = try text(key)
        guard !text.allSatisfy(\.isWhitespace) else { throw failure(key, "is empty") }
        let answer = if let answerKey { try self.answer(in: answerKey) } else { try self.answer() }
        return Problem(
            id: id, text: text, answer: answer?.text, source: "\(file):\(line)", grader: .answer,
            stepRule: answer?.isGSM8K == true ? .newline : .vine)
    }

    private func textKey() throws -> String {
        guard let key = DataSet.textMembers.first(where: { value[$0] != nil }) else {
            throw ProblemsError.noText(file: file, line: line)
        }
        return key
    }

    /// Text as it stands, or the last user message of a list.
    private func text(_ key: String) throws -> String {
        guard let member = value[key] else { throw failure(key, "is missing") }
        if let text = member.asString { return text }
        guard let messages = member.asArray else {
            throw failure(key, "is \(member.kind), neither text nor a list of messages")
        }
        for (index, message) in messages.enumerated().reversed() {
            guard let role = message["role"]?.asString else { throw failure("\(key)[\(index)].role", "is not text") }
            guard role == "user" else { continue }
            guard let content = message["content"]?.asString else {
                throw failure("\(key)[\(index)].content", "is not text")
            }
            return content
        }
        throw failure(key, "has no message by the user")
    }

    /// verl's ground truth, else `answer`, else the boxed answer of MATH's `solution`. Nil when the row has none.
    private func answer() throws -> (text: String, isGSM8K: Bool)? {
        if let truth = value["reward_model"]?["ground_truth"], !truth.isNull {
            return (try scalar(truth, "reward_model.ground_truth"), false)
        }
        if let answer = value["answer"], !answer.isNull { return try self.answer(in: "answer") }
        guard let solution = value["solution"], !solution.isNull else { return nil }
        guard let text = solution.asString else { throw failure("solution", "is \(solution.kind), not text") }
        guard let boxed = AnswerExtraction.lastBoxed(text) else {
            throw failure("solution", "has no \\boxed answer", hint: "give the answer in 'answer'")
        }
        return (boxed, false)
    }

    /// What a member says, after GSM8K's `####` where it has one.
    private func answer(in key: String) throws -> (text: String, isGSM8K: Bool) {
        guard let answer = value[key], !answer.isNull else { throw failure(key, "is missing") }
        let text = try scalar(answer, key)
        guard let mark = text.ranges(of: "####").last else { return (text, false) }
        let short = trimmed(text[mark.upperBound...])
        guard !short.isEmpty else { throw failure(key, "has nothing after ####") }
        return (short, true)
    }

    private func scalar(_ value: JSONValue, _ key: String) throws -> String {
        switch value {
        case .string(let text): return text
        case .integer(let number): return "\(number)"
        case .number(let number) where number == number.rounded() && abs(number) < 1e15: return "\(Int64(number))"
        case .number(let number): return "\(number)"
        default: throw failure(key, "is \(value.kind), neither text nor a number")
        }
    }

    private func trimmed(_ text: Substring) -> String {
        String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }

    private func failure(_ key: String?, _ what: String, hint: String? = nil) -> ProblemsError {
        .row(file: file, line: line, key: key, what: what, hint: hint)
    }
}
