import Testing
import Tokenizers

/// Linear in the text, whatever it is: a hang would show as minutes here, not as a factor of two.
@Suite struct SpeedTests {
    @Test(.timeLimit(.minutes(1)), arguments: EncodingTests.vocabularies)
    func longRunsDoNotHang(_ name: String) throws {
        let tokenizer = try Fixtures.tokenizer(name)
        for unit in [" ", "7", "a", "\n", "é", "\u{301}", "!", "'", "ab", " a", "<", "<|im_end|>", "<|im_", "\r\n", "the ", " the"] {
            let text = String(repeating: unit, count: 100_000)
            let ids = tokenizer.encode(text, recognisingSpecials: true)
            #expect(!ids.isEmpty)
            let guardian = SpecialGuard(for: tokenizer, inputs: [text])
            _ = tokenizer.encode(guardian.protect(text), guardedBy: guardian)
        }
    }

    @Test func aMegabyteOfProseTakesLessThanASecond() throws {
        let tokenizer = try Fixtures.tokenizer("gpt2-style")
        let text = String(repeating: try Fixtures.strings().prefix(400).joined(separator: " and then "), count: 100)
        let clock = ContinuousClock()
        var count = 0
        let time = clock.measure { count = tokenizer.encode(text, recognisingSpecials: false).count }
        let seconds = Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
        let rate = Double(text.utf8.count) / seconds / 1e6
        print("encoding: \(count) ids, \((rate * 10).rounded() / 10) MB/s")
        #expect(rate > 1)
    }
}
