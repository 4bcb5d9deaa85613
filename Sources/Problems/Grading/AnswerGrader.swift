/// Grades mathematical answers. What it knows: integers, decimals, thousands separators, money, units, degrees,
/// fractions, percents, mixed numbers, powers of ten, simple LaTeX, tuples and sets of these, words. Numbers are
/// compared exactly. What it does not know (radicals, algebra) it compares as text without blanks.
package struct AnswerGrader: Grader {
    package init() {}

    /// Right when the answer found in the text equals the reference; unparsable when none is found, or words stand
    /// where a number is wanted.
    package func grade(_ text: String, answer: String) -> Verdict {
        let bytes = LostBackslash.restored(Array(text.utf8))
        let reference = AnswerValue.read(AnswerNormaliser.normalise(Self.reference(answer)))
        guard let (given, extracted) = Self.answer(in: bytes, to: reference) else {
            return Verdict(status: .unparsable, extracted: nil)
        }
        if given.equals(reference) { return Verdict(status: .right, extracted: extracted) }
        let isUnreadable = reference.isNumeric && given.isProse
        return Verdict(status: isUnreadable ? .unparsable : .wrong, extracted: extracted)
    }

    /// A reference may itself be marked (`#### 5`, `\boxed{5}`).
    private static func reference(_ answer: String) -> ArraySlice<UInt8> {
        let bytes = LostBackslash.restored(Array(answer.utf8))
        return AnswerExtraction.marked(bytes).map { bytes[$0] } ?? bytes[...]
    }

    private static func answer(in text: [UInt8], to reference: AnswerValue) -> (AnswerValue, String)? {
        if let range = AnswerExtraction.marked(text) { return marked(text[range], reference) }
        if text.count <= 256, let whole = whole(text[...]), whole.0.equals(reference) || !reference.isNumeric {
            return whole
        }
        guard reference.isNumeric else { return AnswerExtraction.lastLine(text).flatMap { whole(text[$0]) } }
        if let number = numbers(text).last { return number }
        return nil
    }

    /// A marked answer as a whole; where a number is wanted and the whole is none, the first number said.
    private static func marked(_ text: ArraySlice<UInt8>, _ reference: AnswerValue) -> (AnswerValue, String)? {
        guard let whole = whole(text) else { return nil }
        guard case .number = reference, !whole.0.isNumeric, !isExpression(text) else { return whole }
        return numbers(Array(text)).first ?? whole
    }

    private static func whole(_ text: ArraySlice<UInt8>) -> (AnswerValue, String)? {
        let shown = AnswerValue.trimmed(text)
        let normal = AnswerNormaliser.normalise(text)
        guard !shown.isEmpty, normal.contains(where: { !AnswerExtraction.isBlank($0) }) else { return nil }
        return (.read(normal), String(decoding: shown, as: UTF8.self))
    }

    private static func numbers(_ text: [UInt8]) -> [(AnswerValue, String)] {
        let normal = AnswerNormaliser.normalise(text)
        return NumberScanner(text: normal).all().map { number in
            (.number(number.value, isPercent: number.isPercent), String(decoding: normal[number.range], as: UTF8.self))
        }
    }

    /// Mathematics that only contains numbers: one of them is not its answer.
    private static func isExpression(_ text: ArraySlice<UInt8>) -> Bool {
        let normal = AnswerNormaliser.normalise(text)
        let words = normal.split { !AnswerValue.isLetter($0) }.filter { $0.count > 1 }
        return normal.contains(UInt8(ascii: "\\")) || words.isEmpty
    }
}
