import Testing
import Tokenizers

/// Linear in the text, whatever it is: a hang would show as minutes here, not as a factor of two.
@Suite struct LongRunTests {
    @Test(.timeLimit(.minutes(1)), arguments: EncodingTests.vocabularies)
    func longRunsDoNotHang(_ name: String) throws {
        let tokenizer = try Fixtures.tokenizer(name)
        for unit in [
            " ", "7", "a", "\n", "é", "\u{301}", "!", "'", "ab", " a", "<", "<|im_end|>", "<|im_", "\r\n", "the ",
            " the",
        ] {
            let text = String(repeating: unit, count: 100_000)
            let ids = tokenizer.encode(text, recognisingSpecials: true)
            #expect(!ids.isEmpty)
            let guardian = SpecialGuard(for: tokenizer, inputs: [text])
            _ = tokenizer.encode(guardian.protect(text), guardedBy: guardian)
        }
    }
}
