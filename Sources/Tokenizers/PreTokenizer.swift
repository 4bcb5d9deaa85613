/// The ways of cutting text into words that we know. Each is one published pattern with a hand-written scanner.
package enum PreTokenizer: Sendable, Equatable {
    /// GPT-2's pattern: contractions, ` ?\p{L}+`, ` ?\p{N}+`, ` ?[^\s\p{L}\p{N}]+`, `\s+(?!\S)`, `\s+`.
    case gpt2(addPrefixSpace: Bool)
    /// Every number scalar alone, then GPT-2's pattern between them.
    case smollm
    /// The pattern of Qwen 2 and 3: single numbers, punctuation takes the line breaks behind it.
    case qwen2

    /// The name llama.cpp gives it in `tokenizer.ggml.pre`.
    package init?(ggufName: String) {
        switch ggufName {
        case "gpt-2", "gpt2": self = .gpt2(addPrefixSpace: false)
        case "smollm": self = .smollm
        case "qwen2": self = .qwen2
        default: return nil
        }
    }

    /// Cuts `range` of `text` into words that cover it without holes.
    func split(_ text: [UInt8], _ range: Range<Int>, word: (Range<Int>) -> Void) {
        switch self {
        case .gpt2: GPT2Scanner(text: text, end: range.upperBound).split(from: range.lowerBound, word: word)
        case .smollm: splitAtNumbers(text, range, word: word)
        case .qwen2: Qwen2Scanner(text: text, end: range.upperBound).split(from: range.lowerBound, word: word)
        }
    }

    private func splitAtNumbers(_ text: [UInt8], _ range: Range<Int>, word: (Range<Int>) -> Void) {
        var start = range.lowerBound
        var index = start
        while index < range.upperBound {
            let (kind, length) = ScalarKind.read(text, at: index, to: range.upperBound)
            if kind == .number {
                if start < index { GPT2Scanner(text: text, end: index).split(from: start, word: word) }
                word(index..<index + length)
                start = index + length
            }
            index += length
        }
        if start < index { GPT2Scanner(text: text, end: index).split(from: start, word: word) }
    }
}
