/// Finds where a solution says its answer: in its last `\boxed{}`; else behind its last `####`, in `<answer>`, behind
/// its last "the answer is" that an answer follows. What is not marked so is looked for by ``NumberSearch``.
enum AnswerExtraction {
    /// A place in a text where an answer may stand, and how it was found.
    struct Place {
        var range: Range<Int>
        var found: String
        /// Whether words announce it, not a mark that stands for nothing else.
        var isSaid = false
    }

    /// The contents of the last closed `\boxed{…}` (or `\fbox{…}`), or of `\boxed 5`. Nil when there is none.
    static func lastBoxed(_ text: String) -> String? {
        let bytes = LostBackslash.restored(Array(text.utf8))
        return Boxes.contents(bytes).last.map { String(decoding: bytes[$0], as: UTF8.self) }
    }

    /// Where an answer is marked, the likeliest place first.
    static func marked(_ text: [UInt8]) -> [Place] {
        if let box = Boxes.contents(text).last(where: { !isEmpty(text[$0]) }) {
            return [Place(range: box, found: "in the last box")]
        }
        if let start = SolutionText.last("####", in: text[...]) {
            return [Place(range: line(from: start + 4, in: text), found: "behind ####")]
        }
        if let open = SolutionText.last("<answer>", in: text[...]),
            let close = SolutionText.last("</answer>", in: text[open...])
        {
            return [Place(range: (open + 8)..<close, found: "between <answer> and </answer>")]
        }
        return said(text)
    }

    /// The last line that is not blank.
    static func lastLine(_ text: [UInt8]) -> Range<Int>? {
        var end = text.count
        while end > 0, isBlank(text[end - 1]) { end -= 1 }
        guard end > 0 else { return nil }
        let start = text[..<end].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        return start..<end
    }

    /// What the last `$…$`, `\(…\)` or `\[…\]` holds.
    static func lastFormula(_ text: [UInt8]) -> Range<Int>? {
        for (open, close) in [("\\[", "\\]"), ("\\(", "\\)"), ("$", "$")] {
            guard let end = SolutionText.last(close, in: text[...]), end > 0 else { continue }
            var last = end
            while close == "$", last > 0, text[last - 1] == UInt8(ascii: "$") { last -= 1 }
            if let start = SolutionText.last(open, in: text[..<last]), last > start + open.utf8.count {
                return (start + open.utf8.count)..<last
            }
        }
        return nil
    }

    /// What a line says behind its last "is" or "are".
    static func lastClaim(_ line: ArraySlice<UInt8>) -> Range<Int>? {
        [" is ", " are "].compactMap { word in SolutionText.last(word, in: line).map { $0 + word.utf8.count } }.max()
            .map { $0..<line.endIndex }
    }

    // MARK: What is said

    private static let phrases = [
        "answer is", "answer:", "answer =", "answer to the problem is", "answer to this is", "answer**", "answers are",
    ]
    /// More phrases than these, from the last one back, are not looked at.
    private static let mostPhrases = 8

    /// What stands behind the phrases that announce an answer, the last one first.
    private static func said(_ text: [UInt8]) -> [Place] {
        var ends: Set<Int> = []
        for phrase in phrases {
            var limit = text.count
            for _ in 0..<mostPhrases {
                guard let start = lastIgnoringCase(phrase, in: text[..<limit]) else { break }
                let end = start + phrase.utf8.count
                // "the answer isn't"
                if end == text.count || !isLetter(text[end]) { ends.insert(end) }
                limit = start
            }
        }
        return ends.sorted(by: >).prefix(mostPhrases).compactMap { sentence(from: $0, in: text) }
    }

    /// Up to a period before a blank; on a later line where nothing but marks is left of this one.
    private static func sentence(from start: Int, in text: [UInt8]) -> Place? {
        var range = line(from: start, in: text)
        var found = "behind “answer is”"
        if isEmpty(text[range]) {
            guard let next = text[range.upperBound...].firstIndex(where: { !isMark($0) }) else { return nil }
            let begin = text[..<next].lastIndex(of: 0x0A).map { $0 + 1 } ?? next
            range = begin..<line(from: next, in: text).upperBound
            found = "on the line below “answer is”"
        }
        var first = range.lowerBound
        while first < range.upperBound, isBlank(text[first]) || text[first] == UInt8(ascii: ":") { first += 1 }
        let end = (first..<range.upperBound).first { place in
            text[place] == UInt8(ascii: ".") && place > first
                && (place + 1 == range.upperBound || isBlank(text[place + 1]) || text[place + 1] == UInt8(ascii: "*"))
                && !isInitial(text, place, first)
        }
        let said = first..<(end ?? range.upperBound)
        return Place(range: contrast(text[said]) ?? said, found: found, isSaid: true)
    }

    /// What "not 5, but 7" says behind its "but"; nil where nothing is denied so.
    private static func contrast(_ said: ArraySlice<UInt8>) -> Range<Int>? {
        guard said.starts(with: "not ".utf8),
            !["only ", "just "].contains(where: { said.dropFirst(4).starts(with: $0.utf8) }),
            let but = SolutionText.last(" but ", in: said)
        else { return nil }
        return (but + 5)..<said.endIndex
    }

    /// The period of `a.m.` or `C. 12` ends no sentence.
    private static func isInitial(_ text: [UInt8], _ place: Int, _ first: Int) -> Bool {
        place == first + 1 && (0x41...0x5A).contains(text[first])
    }

    /// Marks of LaTeX and Markdown that may stand around an answer on a line of their own.
    private static func isMark(_ byte: UInt8) -> Bool { isBlank(byte) || ":*$\\[](".utf8.contains(byte) }

    private static func isEmpty(_ text: ArraySlice<UInt8>) -> Bool { text.allSatisfy(isMark) }

    private static func line(from start: Int, in text: [UInt8]) -> Range<Int> {
        let start = min(start, text.count)
        return start..<(text[start...].firstIndex(of: 0x0A) ?? text.count)
    }

    /// Where `needle` (lower case) last begins, ASCII letters compared without case.
    private static func lastIgnoringCase(_ needle: String, in text: ArraySlice<UInt8>) -> Int? {
        let needle = Array(needle.utf8)
        guard text.count >= needle.count else { return nil }
        var start = text.endIndex - needle.count
        while start >= text.startIndex {
            if needle.indices.allSatisfy({ needle[$0] == lowercased(text[start + $0]) }) { return start }
            start -= 1
        }
        return nil
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(lowercased(byte)) }

    private static func lowercased(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
