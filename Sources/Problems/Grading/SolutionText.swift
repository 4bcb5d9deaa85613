/// The part of a model's output that can hold an answer: what stands behind its reasoning, without its end tokens.
enum SolutionText {
    /// Nil where reasoning was begun and not ended.
    static func answering(_ text: String) -> [UInt8]? {
        var bytes = LostBackslash.restored(Array(text.utf8))[...]
        for (open, close) in [("<think>", "</think>"), ("<|begin_of_thought|>", "<|end_of_thought|>")] {
            if let end = last(close, in: bytes) {
                bytes = bytes[(end + close.utf8.count)...]
            } else if last(open, in: bytes) != nil {
                return nil
            }
        }
        return Array(trimmed(bytes[..<(firstEnd(bytes) ?? bytes.endIndex)]))
    }

    private static let ends = [
        "</s>", "<|im_end|>", "<|endoftext|>", "<|eot_id|>", "<|end_of_text|>", "<end_of_turn>", "<eos>", "<|end|>",
        "<|end_of_solution|>", "<｜end▁of▁sentence｜>",
    ]

    /// Where the first end token stands: nothing behind it is the solution's.
    private static func firstEnd(_ bytes: ArraySlice<UInt8>) -> Int? {
        bytes.indices.first { place in
            bytes[place] == UInt8(ascii: "<") && ends.contains { bytes[place...].starts(with: $0.utf8) }
        }
    }

    /// Without blanks and code fences at its end.
    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var bytes = bytes
        while let last = bytes.last {
            if AnswerExtraction.isBlank(last) {
                bytes.removeLast()
            } else if bytes.suffix(3).elementsEqual("```".utf8) {
                bytes.removeLast(3)
            } else {
                break
            }
        }
        return bytes
    }

    /// Where a text last begins in another.
    static func last(_ needle: String, in text: ArraySlice<UInt8>) -> Int? {
        let needle = Array(needle.utf8)
        guard let first = needle.first, text.count >= needle.count else { return nil }
        var place = text.endIndex - needle.count
        while place >= text.startIndex {
            if text[place] == first, text[place..<(place + needle.count)].elementsEqual(needle) { return place }
            place -= 1
        }
        return nil
    }
}
