/// The mark of a sentence that ends in a number: `She has 5!` says 5 in one reading and 120 in the other. In formulas,
/// boxes, and where no words stand before it, a factorial is all that it can be.
enum Exclamation {
    private static let mark = UInt8(ascii: "!")

    /// The text with periods for such marks; nil where there are none.
    static func asPeriods(_ text: [UInt8]) -> [UInt8]? {
        var calm = text
        var isChanged = false
        for place in text.indices where text[place] == mark && (place == 0 || text[place - 1] != mark) {
            let end = text[place...].firstIndex { $0 != mark } ?? text.count
            guard endsSentence(text[end...]), isBehindNumberInProse(text[..<place].suffix(reach)) else { continue }
            calm.replaceSubrange(
                place..<end, with: [UInt8(ascii: ".")] + Array(repeating: 0x20, count: end - place - 1))
            isChanged = true
        }
        return isChanged ? calm : nil
    }

    /// What stands farther before a mark is not looked at.
    private static let reach = 64

    /// Nothing, a line's end or a new sentence: what stands behind a factorial goes on with its formula.
    private static func endsSentence(_ rest: ArraySlice<UInt8>) -> Bool {
        let behind = rest.drop { "*\"'_".utf8.contains($0) }
        guard let first = behind.first else { return true }
        guard AnswerExtraction.isBlank(first) else { return false }
        guard let next = behind.first(where: { $0 != 0x20 }) else { return true }
        return AnswerExtraction.isBlank(next) || (0x41...0x5A).contains(next) || next >= 0x80
    }

    /// A number, perhaps emphasised or in a formula of its own, and a word before it.
    private static func isBehindNumberInProse(_ text: ArraySlice<UInt8>) -> Bool {
        var rest = text
        drop(&rest) { "*$".utf8.contains($0) }
        guard rest.last.map({ isDigit($0) || $0 == UInt8(ascii: "%") }) ?? false else { return false }
        drop(&rest) { isDigit($0) || ".,%\\-".utf8.contains($0) }
        drop(&rest) { "*$\\".utf8.contains($0) }
        guard rest.last.map(AnswerExtraction.isBlank) ?? false else { return false }
        drop(&rest) { $0 == 0x20 || $0 == UInt8(ascii: ":") }
        let word = rest.suffix { isLetter($0) }
        guard word.count > 1, rest.dropLast(word.count).last != UInt8(ascii: "\\") else { return false }
        return Vocabulary.functions[String(decoding: word, as: UTF8.self).lowercased()] == nil
    }

    private static func drop(_ text: inout ArraySlice<UInt8>, while isOne: (UInt8) -> Bool) {
        while let last = text.last, isOne(last) { text.removeLast() }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
}

extension ArraySlice<UInt8> {
    /// The longest end of it whose bytes all are such.
    fileprivate func suffix(while isOne: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        self[(lastIndex { !isOne($0) }.map { $0 + 1 } ?? startIndex)...]
    }
}
