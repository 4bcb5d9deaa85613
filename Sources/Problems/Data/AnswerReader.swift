import Formats

/// Reads a problem's answer out of a member: behind GSM8K's `####`, out of the last box, or the text as it stands.
struct AnswerReader {
    let row: DataRow
    /// The member it stands in.
    let key: String

    /// What a member says.
    enum Reading {
        case answer(String, Taken.Part)
        /// Why it says none, in words that follow the member's name.
        case none(String)
    }

    /// - Parameter mustMark: whether the text is a solution, of which only what it marks is an answer.
    /// - Throws: ``ProblemsError`` for what is neither text nor a number.
    func read(_ value: JSONValue, mustMark: Bool) throws -> Reading {
        guard let text = try scalar(value) else { return .none("is null") }
        if let mark = SolutionText.last("####", in: Array(text.utf8)[...]) {
            let short = text[text.utf8.index(text.startIndex, offsetBy: mark + 4)...].trimmed
            return short.isEmpty ? .none("has nothing after ####") : .answer(short, .afterMark)
        }
        if let box = AnswerExtraction.lastBoxed(text) {
            let short = box[...].trimmed
            return short.isEmpty ? .none("has an empty box") : .answer(short, .box)
        }
        if mustMark { return .none("has no box") }
        let short = text[...].trimmed
        guard !short.isEmpty else { return .none("is empty") }
        return KnownColumns.noAnswers.contains(short.lowercased())
            ? .none("says \(short.debugDescription)") : .answer(text, .whole)
    }

    /// Nil for null. A list of one stands for what it holds.
    private func scalar(_ value: JSONValue) throws -> String? {
        switch value {
        case .null: return nil
        case .string(let text): return text
        case .integer(let number): return "\(number)"
        case .number(let number) where number == number.rounded() && abs(number) < 1e15: return "\(Int64(number))"
        case .number(let number) where number.isFinite: return "\(number)"
        case .array(let elements) where elements.count == 1: return try scalar(elements[0])
        case .array(let elements):
            throw row.failure(
                key, "is a list of \(elements.count)", hint: "one answer is wanted; another member may hold it")
        case .number, .bool, .object: throw row.failure(key, "is \(value.inWords), neither text nor a number")
        }
    }
}

extension Substring {
    /// Without blanks around it.
    fileprivate var trimmed: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
