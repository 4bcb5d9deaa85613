import Testing
import Tokenizers

@Suite struct VocabularyBuilderTests {
    static let words = [
        "the", "he", "there", "here", "haha", "ha", "aaaa", "aaa", "Score", ":", " |", "|", " +", "+", " *", "*",
        " the", " he", "ere",
        " there", "->", " ->", "<solution>".dropLast(10).isEmpty ? "solution" : "", "\n", "\n\n", " =", "==", " step",
        "step", "steps", " steps",
        "wrong", " wrong", "right", " right", "ight", "é", " é", "日本", "日", "本",
    ]

    @Test func everyWordIsOneToken() throws {
        let tokenizer = try VocabularyBuilder(words: Self.words, specials: ["<|endoftext|>", "<|im_start|>"])
            .tokenizer()
        for word in Self.words {
            #expect(tokenizer.encode(word, recognisingSpecials: true).count == 1, "\(word.debugDescription)")
        }
        #expect(tokenizer.id(ofSpecial: "<|endoftext|>") == 0)
        #expect(tokenizer.vocabularySize < 1024)
        let reread = try Tokenizer(tokenizerJSON: tokenizer.tokenizerJSON())
        for text in try Fixtures.strings().prefix(2000) {
            let ids = tokenizer.encode(text, recognisingSpecials: true)
            #expect(reread.encode(text, recognisingSpecials: true) == ids)
            #expect(tokenizer.decode(ids).utf8.elementsEqual(text.utf8))
        }
    }

    @Test func whatIsNotOneWordIsRefused() {
        for word in ["two words", "a1", "12", "", "x "] {
            #expect(throws: TokenizersError.self) { try VocabularyBuilder(words: [word], specials: []).tokenizer() }
        }
    }

    @Test func tooManyWordsAreRefused() {
        let words = (0..<900).map { number in
            String((0..<4).map { _ in "x" }.joined()) + String(Unicode.Scalar(UInt8(97 + number % 26)))
                + String(repeating: "y", count: number / 26)
        }
        #expect(throws: TokenizersError.self) { try VocabularyBuilder(words: words, specials: []).tokenizer() }
    }
}
