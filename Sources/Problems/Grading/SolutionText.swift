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
        while let shorter = withoutEnd(bytes) { bytes = shorter }
        return Array(bytes)
    }

    private static let ends = [
        "</s>", "<|im_end|>", "<|endoftext|>", "<|eot_id|>", "<|end_of_text|>", "<end_of_turn>", "<eos>", "<|end|>",
        "<|end_of_solution|>", "<｜end▁of▁sentence｜>", "```",
    ]

    private static func withoutEnd(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        var bytes = bytes
        while let last = bytes.last, AnswerExtraction.isBlank(last) { bytes.removeLast() }
        return ends.first { bytes.count >= $0.utf8.count && bytes.suffix($0.utf8.count).elementsEqual($0.utf8) }
            .map { bytes.dropLast($0.utf8.count) }
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
