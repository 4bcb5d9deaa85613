/// Grades mathematical answers as a careful reader would: the answer is found where a reader finds it, and compared by
/// what it means. Numbers are compared exactly; algebra by its value at several points; sets, tuples, intervals and
/// matrices element by element. Bounded in time and size, whatever the text.
package struct AnswerGrader: Grader {
    package init() {}

    package func grade(_ text: String, answer: String) -> Verdict { report(text, answer: answer).verdict }

    /// Right when the answer found in the text equals the reference; unparsable when none is found, or it is neither
    /// mathematics nor the words that are wanted.
    package func report(_ text: String, answer: String) -> GradingReport {
        AnswerGrading(reference: answer).report(text)
    }
}

/// One answer against one reference.
private struct AnswerGrading {
    private let effort = Effort()
    private let referenceText: String
    private let reference: AnswerReading?

    /// A reference may itself be marked (`#### 5`, `\boxed{5}`).
    init(reference: String) {
        let bytes = LostBackslash.restored(Array(reference.utf8))
        let boxes = Boxes.contents(bytes)
        let isMarked = !boxes.isEmpty || SolutionText.last("####", in: bytes[...]) != nil
        let places = boxes.count > 1 ? boxes : isMarked ? AnswerExtraction.marked(bytes).prefix(1).map(\.range) : []
        referenceText = (places.isEmpty ? [0..<bytes.count] : places)
            .map { String(decoding: bytes[$0], as: UTF8.self) }.joined(separator: " , ")
        self.reference = AnswerReading(referenceText, effort: effort)
    }

    func report(_ text: String) -> GradingReport {
        guard let body = SolutionText.answering(text) else {
            return verdict(.unparsable, nil, found: "nowhere: the reasoning has no end")
        }
        let report = report(body)
        guard report.verdict.status != .right, let calm = Exclamation.asPeriods(body) else { return report }
        let other = self.report(calm)
        return other.verdict.status == .right ? other : report
    }

    private func report(_ body: [UInt8]) -> GradingReport {
        let places = AnswerExtraction.marked(body)
        guard !places.isEmpty else { return unmarked(body) }
        var last: GradingReport?
        for place in places {
            let report = judged(body, place)
            if report.verdict.status != .unparsable { return severalBoxes(body, report) ?? report }
            last = last ?? report
        }
        // "My answer is that there are 12."
        guard let last, places.contains(where: \.isSaid), wantsMathematics, !last.hasDigits else {
            return last ?? unmarked(body)
        }
        let other = unmarked(body)
        return other.verdict.status == .unparsable ? last : other
    }

    private var wantsMathematics: Bool { reference.map { !$0.values.isEmpty && !$0.isWords } ?? false }

    // MARK: Marked answers

    private func judged(_ body: [UInt8], _ place: AnswerExtraction.Place) -> GradingReport {
        let text = String(decoding: body[place.range], as: UTF8.self)
        let shown = Self.trimmed(text)
        guard !shown.isEmpty else { return verdict(.unparsable, nil, found: place.found) }
        guard let given = AnswerReading(text, effort: effort), let reference else {
            let isSame = shown == Self.trimmed(referenceText)
            return verdict(isSame ? .right : .unparsable, shown, found: place.found, compared: "as text")
        }
        let report = compared(given, reference, shown, place.found)
        guard report.verdict.status == .unparsable, wantsMathematics,
            !given.values.contains(where: { $0.isUncomputed || $0.isEndless }),
            let (number, said) = NumberSearch.reading(in: text, .announced, alone: !place.isSaid, effort: effort)
        else { return report }
        return compared(number, reference, said, place.found + ", a number in words")
    }

    private func compared(
        _ given: AnswerReading, _ reference: AnswerReading, _ shown: String, _ found: String
    ) -> GradingReport {
        if let letter = LetteredChoice.letter(reference.tokens), let other = LetteredChoice.letter(given.tokens) {
            return verdict(letter == other ? .right : .wrong, shown, found: found, compared: "as lettered choices")
        }
        if let word = YesOrNo.answer(reference.tokens), let other = YesOrNo.answer(given.tokens) {
            return verdict(word == other ? .right : .wrong, shown, found: found, compared: "as yes or no")
        }
        var equality = Equality(effort: effort)
        if equality.areEqual(given, reference) {
            return verdict(.right, shown, found: found, compared: equality.manner)
        }
        if equality.isUndecided {
            return verdict(
                .unparsable, shown, found: found,
                compared: "not at all: integrals, limits and slow series are not computed")
        }
        let isUnreadable = given.values.isEmpty || (given.isWords && wantsMathematics)
        return verdict(
            isUnreadable ? .unparsable : .wrong, shown, found: found,
            compared: isUnreadable ? "not at all: it is no mathematics" : equality.manner)
    }

    /// Where several answers are wanted, each may stand in a box of its own.
    private func severalBoxes(_ body: [UInt8], _ report: GradingReport) -> GradingReport? {
        guard report.verdict.status == .wrong, let reference, let count = reference.elementCount, count > 1 else {
            return nil
        }
        let boxes = Boxes.contents(body).suffix(count)
        guard boxes.count == count else { return nil }
        let texts = boxes.map { String(decoding: body[$0], as: UTF8.self) }
        guard let given = AnswerReading(texts.joined(separator: " , "), effort: effort) else { return nil }
        let other = compared(given, reference, texts.joined(separator: ", "), "in the last \(count) boxes")
        return other.verdict.status == .right ? other : nil
    }

    // MARK: Unmarked answers

    /// A short text as a whole; else its last number; where no number is wanted, its last formula or line.
    private func unmarked(_ body: [UInt8]) -> GradingReport {
        guard let reference, let line = AnswerExtraction.lastLine(body) else {
            return verdict(.unparsable, nil, found: "nowhere")
        }
        if body.count <= 256, let given = AnswerReading(String(decoding: body, as: UTF8.self), effort: effort) {
            let shown = Self.trimmed(String(decoding: body, as: UTF8.self))
            let whole = compared(given, reference, shown, "as the whole text")
            if whole.verdict.status == .right || (given.isMeasured && reference.isMeasured) { return whole }
        }
        if wantsMathematics, let place = lastNumberLine(body),
            let (number, said) = NumberSearch.reading(
                in: String(decoding: body[place], as: UTF8.self), .last, effort: effort)
        {
            let report = compared(number, reference, said, "as the last number")
            if report.verdict.status == .right || reference.isNumber { return report }
        }
        if reference.isNumber { return verdict(.unparsable, nil, found: "nowhere") }
        if let report = choice(body[line], reference) { return report }
        if reference.elementCount != nil || reference.isWords, let claim = AnswerExtraction.lastClaim(body[line]) {
            let report = judged(body, .init(range: claim, found: "behind the last “is”"))
            if report.verdict.status == .right { return report }
        }
        if let formula = AnswerExtraction.lastFormula(body) {
            let report = judged(body, .init(range: formula, found: "in the last formula"))
            if report.verdict.status == .right || wantsMathematics { return report }
        }
        return judged(body, .init(range: line, found: "on the last line"))
    }

    /// A letter that the last line chooses; nil where none is wanted or chosen.
    private func choice(_ line: ArraySlice<UInt8>, _ reference: AnswerReading) -> GradingReport? {
        let text = String(decoding: line, as: UTF8.self)
        guard let wanted = LetteredChoice.letter(reference.tokens),
            let given = MathLexer.tokens(of: text, effort: effort).flatMap({ LetteredChoice.said($0.tokens) })
        else { return nil }
        return verdict(
            given == wanted ? .right : .wrong, given, found: "on the last line", compared: "as lettered choices")
    }

    /// The last line with a digit in it, or as much of its end as is read.
    private func lastNumberLine(_ body: [UInt8]) -> Range<Int>? {
        guard let digit = body.lastIndex(where: { (0x30...0x39).contains($0) }) else { return nil }
        let start = body[..<digit].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let end = body[digit...].firstIndex(of: 0x0A) ?? body.count
        return max(start, digit - 1000)..<min(end, digit + 1000)
    }

    // MARK: Reports

    private func verdict(
        _ status: Verdict.Status, _ extracted: String?, found: String, compared: String? = nil
    ) -> GradingReport {
        GradingReport(
            verdict: Verdict(status: status, extracted: extracted), found: found, compared: compared,
            steps: effort.spent)
    }

    /// Without blanks and punctuation at its ends.
    private static func trimmed(_ text: String) -> String {
        let ends: Set<Character> = [" ", "\t", "\r", "\n", "\r\n", ",", ";", ":", "*"]
        var text = text[...]
        while let first = text.first, ends.contains(first) { text.removeFirst() }
        while let last = text.last, ends.contains(last) || last == "." { text.removeLast() }
        return String(text)
    }
}

extension GradingReport {
    fileprivate var hasDigits: Bool { (verdict.extracted ?? "").utf8.contains { (0x30...0x39).contains($0) } }
}

extension AnswerReading {
    /// Whether words stand behind its value.
    fileprivate var isMeasured: Bool {
        if case .measured? = values.first { true } else { false }
    }

    /// Whether it is one number and nothing else.
    fileprivate var isNumber: Bool {
        switch values.first {
        case .number, .based, .percent, .degrees, .measured, .sum, .product, .quotient, .power, .function, .series:
            values[0].variables.isEmpty && Rewriting.matrix(values[0]) == nil && elementCount == nil
        default: false
        }
    }

    /// How many answers it lists; nil where it is no list.
    fileprivate var elementCount: Int? {
        guard let value = values.first else { return nil }
        switch value {
        case .list(let parts), .set(let parts): return parts.count
        default:
            let signs = Rewriting.signs(value)
            return signs.count > 1 ? signs.count : nil
        }
    }
}
