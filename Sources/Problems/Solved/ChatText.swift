/// A prompt that a chat template has made into one text, as dumps of rollouts have it: what the user said in it.
enum ChatText {
    /// How a template writes a turn of the user's, with its marks, and what follows it.
    private static let marked: [(before: String, after: String)] = [
        ("<|im_start|>user\n", "<|im_end|>"),
        ("<|start_header_id|>user<|end_header_id|>\n\n", "<|eot_id|>"),
        ("<start_of_turn>user\n", "<end_of_turn>"),
        ("<\u{FF5C}User\u{FF5C}>", "<\u{FF5C}Assistant\u{FF5C}>"),
        ("[INST]", "[/INST]"),
    ]

    /// What is left of ChatML's, Llama 3's and Gemma's where special tokens were left out.
    private static let bare: [(before: String, after: String)] = [
        ("user\n\n", "assistant\n\n"), ("user\n", "\nassistant\n"), ("user\n", "\nmodel\n"),
    ]

    /// What the user said; nil where the text is no chat, or one of several turns, whose last would not be all of it.
    static func question(in text: String) -> String? {
        for (before, after) in marked {
            let starts = text.ranges(of: before)
            guard let start = starts.last else { continue }
            guard starts.count == 1, let end = text[start.upperBound...].ranges(of: after).first else { return nil }
            return said(text[start.upperBound..<end.lowerBound])
        }
        for (before, after) in bare {
            // A line of its own.
            let starts = text.ranges(of: before).filter {
                $0.lowerBound == text.startIndex || text[text.index(before: $0.lowerBound)] == "\n"
            }
            guard starts.count == 1, let start = starts.first,
                let end = text[start.upperBound...].ranges(of: after).last, isOpening(text[end.upperBound...])
            else { continue }
            return said(text[start.upperBound..<end.lowerBound])
        }
        return nil
    }

    private static func said(_ text: Substring) -> String? {
        let said = String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
        return said.isEmpty ? nil : said
    }

    /// What may stand between the beginning of an answer and what is sampled of it.
    private static func isOpening(_ text: Substring) -> Bool {
        text.replacing("<think>", with: "").replacing("</think>", with: "").allSatisfy(\.isWhitespace)
    }
}
