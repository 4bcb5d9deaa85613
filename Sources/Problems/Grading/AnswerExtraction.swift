/// Finds the answer in a solution: after the last `####`, in the last `\boxed{}`, after the last "the answer is",
/// whichever stands last; else its last number or, where the reference is no number, its last line.
enum AnswerExtraction {
    /// The contents of the last closed `\boxed{…}` (or `\fbox{…}`), or of `\boxed 5`. Nil when there is none.
    static func lastBoxed(_ text: String) -> String? {
        let bytes = LostBackslash.restored(Array(text.utf8))
        return boxes(bytes).last.map { String(decoding: bytes[$0], as: UTF8.self) }
    }

    /// The range of the marked answer that stands last; nil when nothing is marked.
    static func marked(_ text: [UInt8]) -> Range<Int>? {
        let box = boxes(text).last
        let hash = last("####", in: text).map { line(after: $0 + 4, in: text) }
        let said = phrases.compactMap { phrase in
            last(phrase, in: text).map { line(after: $0 + phrase.utf8.count, in: text) }
        }
        .max { $0.lowerBound < $1.lowerBound }
        return [box, hash, said.map { sentence($0, in: text) }].compactMap { $0 }
            .max { $0.lowerBound < $1.lowerBound }
    }

    /// The last line that is not blank.
    static func lastLine(_ text: [UInt8]) -> Range<Int>? {
        var end = text.count
        while end > 0, isBlank(text[end - 1]) { end -= 1 }
        guard end > 0 else { return nil }
        let start = text[..<end].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        return start..<end
    }

    private static let phrases = ["answer is", "answer:", "answer =", "answer to the problem is"]

    /// Contents of every closed box, in the order in which they close; one pass with a stack of open braces.
    private static func boxes(_ text: [UInt8]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var open: [(start: Int, isBox: Bool)] = []
        var place = 0
        while place < text.count {
            switch text[place] {
            case UInt8(ascii: "\\"):
                guard let name = ["\\boxed", "\\fbox"].first(where: { text[place...].starts(with: $0.utf8) }) else {
                    place += 1
                    break
                }
                var next = place + name.utf8.count
                let hasBlank = next < text.count && text[next] == 0x20
                while next < text.count, text[next] == 0x20 { next += 1 }
                if next < text.count, text[next] == UInt8(ascii: "{") {
                    open.append((next + 1, true))
                    next += 1
                } else if hasBlank {
                    let end = text[next...].firstIndex { isBlank($0) || $0 == UInt8(ascii: "$") } ?? text.count
                    if end > next { found.append(next..<end) }
                    next = end
                }
                place = max(next, place + 1)
                continue
            case UInt8(ascii: "{"): open.append((place + 1, false))
            case UInt8(ascii: "}"):
                if let brace = open.popLast(), brace.isBox { found.append(brace.start..<place) }
            default: break
            }
            place += 1
        }
        return found
    }

    private static func line(after start: Int, in text: [UInt8]) -> Range<Int> {
        let start = min(start, text.count)
        return start..<(text[start...].firstIndex(of: 0x0A) ?? text.count)
    }

    /// Up to a period before a blank.
    private static func sentence(_ range: Range<Int>, in text: [UInt8]) -> Range<Int> {
        var start = range.lowerBound
        while start < range.upperBound, isBlank(text[start]) || text[start] == UInt8(ascii: ":") { start += 1 }
        let end = (start..<range.upperBound).first { place in
            text[place] == UInt8(ascii: ".") && place > start
                && (place + 1 == range.upperBound || isBlank(text[place + 1]))
        }
        return start..<(end ?? range.upperBound)
    }

    /// Where `needle` (lower case) last begins, ASCII letters compared without case.
    private static func last(_ needle: String, in text: [UInt8]) -> Int? {
        let needle = Array(needle.utf8)
        guard text.count >= needle.count else { return nil }
        return (0...(text.count - needle.count)).last { start in
            needle.indices.allSatisfy { needle[$0] == lowercased(text[start + $0]) }
        }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
