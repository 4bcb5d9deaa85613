import Critics
import Testing

@Suite struct ScoreGrammarTests {
    static let grammar = ScoreGrammar(cue: "Score:")

    @Test(arguments: [
        ("Score: 0", 0), ("Score: 7\n", 7), ("Score: 10\n", 10), ("Score: 10", 10), ("It goes well.\nScore: 3\n", 3),
        ("Score: 4\r\n", 4), ("Score: 5\n\n", 5), ("I end with Score: N now\nScore: 6\n", 6),
    ])
    func aChainThatEndsInTheCueAndAnIntegerIsParsed(text: String, score: Int) {
        #expect(Self.grammar.parse(Array(text.utf8), ended: true) == .success(score))
    }

    @Test(arguments: [
        ("Score: 7/10\n", ScoreGrammar.Failure.notAnInteger), ("Score: 11\n", .outOfRange),
        ("Score: -1\n", .notAnInteger),
        ("Score: ten\n", .notAnInteger), ("Score: 7 8\n", .notAnInteger), ("Score: 07\n", .notAnInteger),
        ("Score: ７\n", .notAnInteger), ("Score: 7.0\n", .notAnInteger), ("Score: 7.\n", .notAnInteger),
        ("Score: +7\n", .notAnInteger), ("Score:7\n", .notAnInteger), ("Score:  7\n", .notAnInteger),
        ("Score: \n", .notAnInteger), ("Score:\n", .notAnInteger), ("Score: 7 \n", .notAnInteger),
        ("Score: 99999999999999999999\n", .outOfRange), ("Score: ٣\n", .notAnInteger),
        ("Score: **7**\n", .notAnInteger),
        ("Score: 7\nScore: 8\n", .trailingText), ("Score: ten\nScore: 10\n", .trailingText),
        ("Score: 7\nor so", .trailingText),
        ("", .noCue), ("seven", .noCue), ("So Score: 7\n", .noCue), ("score: 7\n", .noCue), ("Sco", .noCue),
    ])
    func everythingElseIsAFailure(text: String, failure: ScoreGrammar.Failure) {
        #expect(Self.grammar.parse(Array(text.utf8), ended: true) == .failure(failure))
    }

    @Test(arguments: ["Score: 1", "Score: 10", "Score: ", "Score:", "thinking\nScore: 7"])
    func aChainCutOffBeforeItsCloserIsAFailure(text: String) {
        #expect(Self.grammar.parse(Array(text.utf8), ended: false) == .failure(.unclosed))
    }

    @Test func oneFollowedByZeroIsTenOnlyOnceItIsClosed() {
        #expect(!Self.grammar.isClosed(Array("Score: 1".utf8)))
        #expect(!Self.grammar.isClosed(Array("Score: 10".utf8)))
        #expect(Self.grammar.isClosed(Array("Score: 10\n".utf8)))
        #expect(Self.grammar.isClosed(Array("Score: ten\n".utf8)))
        #expect(!Self.grammar.isClosed(Array("so far\n".utf8)))
    }

    @Test func bytesThatAreNotUTF8NeverTrapOrParse() {
        #expect(Self.grammar.parse(Array("Score: ".utf8) + [0xFF, 0x0A], ended: true) == .failure(.notAnInteger))
        #expect(Self.grammar.parse([0xFF, 0xFE], ended: true) == .failure(.noCue))
    }
}
