import Formats

/// A solution that a file holds, with what is known of it there.
package struct SolvedRow: Sendable {
    /// Where it stands: the line on which the row begins, or its number. From 1.
    package let number: Int
    /// What was to be solved; nil where it was not asked for.
    package let problem: (text: String, conversation: Conversation?)?
    /// The reference; nil where the row has none.
    package let answer: String?
    /// Why there is no answer; nil where there is one.
    package let missing: String?
    /// The solution's text.
    package let solution: String
    /// What the file itself says of the solution, as a number: a reward, or 1 and 0 for true and false.
    package let reward: Double?
    /// What was taken from where.
    package let taken: SolvedPlaces
}

/// Which members of a row a solution and what belongs to it were taken from.
package struct SolvedPlaces: Sendable, Hashable, CustomStringConvertible {
    /// Nil where the problem was not asked for.
    package let problem: String?
    /// The problem is what the user says in a chat that is one text.
    package let isChat: Bool
    package let solution: String
    package let answer: Taken.Answer?
    package let reward: String?

    package var description: String {
        var parts: [String] = []
        if let problem { parts.append("problem from \(isChat ? "the user's turn in " : "")`\(problem)`") }
        parts.append("solution from `\(solution)`")
        parts.append(answer.map { "answer from \($0)" } ?? "no answer")
        if let reward { parts.append("their verdict from `\(reward)`") }
        return parts.joined(separator: ", ")
    }
}

/// Reads solutions out of rows, by ``SolvedColumns`` and what the user names.
struct SolvedReader {
    var keys: SolvedFile.Keys
    let readsProblems: Bool

    /// Why a row has no solution that can be used.
    struct LeftOut: Error { let why: String }

    func uses(_ column: String) -> Bool {
        SolvedColumns.uses(column)
            || [keys.problem, keys.answer, keys.solution, keys.label].contains {
                $0 == column || $0?.hasPrefix(column + ".") == true
            }
    }

    /// What one solution of a row came to.
    enum Reading {
        case solved(SolvedRow)
        case leftOut(String)
    }

    /// The solution of a row, or each of a list of them.
    /// - Throws: ``LeftOut`` for a row that cannot be used; ``ProblemsError`` where a member that the user named is not
    ///   there.
    func read(_ row: DataRow) throws -> [Reading] {
        let solution = try member(keys.solution, SolvedColumns.solutions, row, "solution")
        let texts = try Self.solutions(solution.value, solution.key)
        let problem = try readsProblems ? self.problem(row) : nil
        let (answer, place, missing) = try answer(row, besides: solution.key)
        let mark = try mark(row, besides: [solution.key, place?.member], answer: answer, count: texts.count)
        let taken = SolvedPlaces(
            problem: problem?.key, isChat: problem?.isChat ?? false, solution: solution.key, answer: place,
            reward: mark?.key)
        return try texts.enumerated().map { index, value in
            do {
                return .solved(
                    SolvedRow(
                        number: row.number, problem: problem.map { ($0.text, $0.conversation) }, answer: answer,
                        missing: missing, solution: try Self.text(value, solution.key), reward: mark?.numbers[index],
                        taken: taken))
            } catch let error as LeftOut {
                return .leftOut(error.why)
            }
        }
    }

    // MARK: The parts

    private func problem(_ row: DataRow) throws -> (
        key: String, text: String, conversation: Conversation?, isChat: Bool
    ) {
        let (key, value) = try member(keys.problem, SolvedColumns.problems, row, "problem")
        do {
            let (text, conversation, _) = try PromptReader(row: row, key: key).read(value)
            guard value.asString != nil, let question = ChatText.question(in: text) else {
                return (key, text, conversation, false)
            }
            return (key, question, nil, true)
        } catch let error as ProblemsError {
            throw LeftOut(why: error.what)
        }
    }

    private func answer(_ row: DataRow, besides solution: String) throws -> (
        text: String?, place: Taken.Answer?, missing: String?
    ) {
        let places = try named(keys.answer, row).map { [$0] } ?? found(SolvedColumns.answers, row)
        var why: String?
        for (key, value) in places where key != solution && value.asBool == nil {
            do {
                // A member of that name is a solution that marks its answer, unless the user says otherwise.
                let mustMark = keys.answer == nil && KnownColumns.solutions.contains(key)
                switch try AnswerReader(row: row, key: key).read(value, mustMark: mustMark) {
                case .answer(let text, let part): return (text, Taken.Answer(member: key, part: part), nil)
                case .none(let words): why = why ?? "`\(key)` \(words)"
                }
            } catch let error as ProblemsError {
                why = why ?? error.what
            }
        }
        return (nil, nil, why ?? "no member for it")
    }

    /// - Parameter count: of the row's solutions; of several, a list of as many says each one's.
    private func mark(_ row: DataRow, besides taken: [String?], answer: String?, count: Int) throws
        -> (key: String, numbers: [Double?])?
    {
        if let (key, value) = try named(keys.label, row) {
            guard let numbers = Self.numbers(value, count) else {
                throw row.failure(
                    key,
                    count == 1
                        ? "is neither true or false nor a number"
                        : "says nothing of each of the row's \(count) solutions")
            }
            return (key, numbers)
        }
        var places = found(SolvedColumns.marks, row)
        if places.isEmpty {
            let rewards = row.members.members.filter { SolvedColumns.isReward($0.key) }
            if rewards.count == 1 { places = rewards.map { ($0.key, $0.value) } }
        }
        // Beside an answer yes or no, a label of these is one too.
        let isFlag = ["yes", "no"].contains(answer?.lowercased())
        for (key, value) in places where !taken.contains(key) {
            if isFlag, ["yes", "no"].contains(value.asString?.lowercased()) { continue }
            if let numbers = Self.numbers(value, count) { return (key, numbers) }
        }
        return nil
    }

    // MARK: Members

    private func member(_ key: String?, _ known: [String], _ row: DataRow, _ what: String) throws -> (
        key: String, value: JSONValue
    ) {
        if let found = try named(key, row) ?? found(known, row).first { return found }
        throw LeftOut(why: "no member for the \(what)")
    }

    /// The one that the user named; nil where none is named.
    private func named(_ key: String?, _ row: DataRow) throws -> (key: String, value: JSONValue)? {
        guard let key else { return nil }
        guard let value = row[key] else {
            throw row.failure(key, "is missing", hint: "the row has \(ProblemsError.listed(row.columns))")
        }
        return (key, value)
    }

    /// Those of some paths that are there and not null.
    private func found(_ paths: [String], _ row: DataRow) -> [(key: String, value: JSONValue)] {
        paths.compactMap { path in
            guard let value = row.known(path), !value.isNull else { return nil }
            return (path, value)
        }
    }

    /// Each of a list of solutions: texts, or lists of messages. A list of messages is one.
    private static func solutions(_ value: JSONValue, _ key: String) throws -> [JSONValue] {
        guard let list = value.asArray else { return [value] }
        guard let first = list.first else { throw LeftOut(why: "`\(key)` is an empty list") }
        return first["content"] == nil ? list : [value]
    }

    /// A text, or the one message of a list.
    private static func text(_ value: JSONValue, _ key: String) throws -> String {
        let text: String?
        if let messages = value.asArray {
            guard messages.count == 1 else {
                throw LeftOut(why: "`\(key)` is a list of \(messages.count), not one message")
            }
            text = messages[0]["content"]?.asString
        } else {
            text = value.asString
        }
        guard let text else { throw LeftOut(why: "`\(key)` is no text") }
        guard !text.allSatisfy(\.isWhitespace) else { throw LeftOut(why: "`\(key)` is empty") }
        return text
    }

    /// Of each of several solutions what a list says; nil where that is nothing.
    private static func numbers(_ value: JSONValue, _ count: Int) -> [Double?]? {
        guard count > 1 else { return number(value).map { [$0] } }
        guard let list = value.asArray, list.count == count else { return nil }
        let numbers = list.map(number)
        return numbers.contains { $0 != nil } ? numbers : nil
    }

    /// True and false are 1 and 0; a list of one stands for what it holds. Tables have all as text, and so have numbers
    /// of more digits than are kept.
    private static func number(_ value: JSONValue) -> Double? {
        if let flag = value.asBool { return flag ? 1 : 0 }
        if let list = value.asArray { return list.count == 1 ? number(list[0]) : nil }
        guard let text = value.asString else { return value.asDouble }
        switch text.lowercased() {
        case "true", "yes", "correct", "right": return 1
        case "false", "no", "incorrect", "wrong": return 0
        default: return Double(text)
        }
    }
}
