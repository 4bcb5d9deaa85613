import Compute
import Problems
import Testing

@Suite struct StepSplitterTests {
    private func texts(_ pieces: [String], _ rule: StepRule) -> [String] {
        StepSplitter.split(pieces.map { Array($0.utf8) }, rule: rule).map(\.text)
    }

    /// GPT-2's way of cutting: words with the blank before them.
    private func pieces(_ text: String) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        for byte in text.utf8 {
            let isNew = byte == 0x20 || byte == 0x0A || pieces.last?.last == 0x0A || pieces.isEmpty
            if isNew { pieces.append([byte]) } else { pieces[pieces.count - 1].append(byte) }
        }
        return pieces
    }

    private func vine(_ text: String) -> [String] { StepSplitter.split(pieces(text), rule: .vine).map(\.text) }

    @Test func linesKeepTheirNewlinesAndTheEndTokenJoinsTheLast() {
        #expect(texts(["A", "=2", "\n", "B=", "3", "\n", ""], .newline) == ["A=2\n", "B=3\n"])
        #expect(texts(["A\n", "\n", "  B", "\n\n", "C"], .newline) == ["A\n\n", "  B\n\n", "C"])
        #expect(texts(["\n", "A"], .newline) == ["\nA"])
        #expect(texts([""], .newline) == [""])
        #expect(texts([], .newline).isEmpty)
    }

    @Test func aTokenGoesWhereItsFirstCharacterStands() {
        #expect(texts(["A", ".\nB", "=1", "\nC"], .newline) == ["A.\nB", "=1\nC"])
        #expect(texts(["A\n", "B\nC\n", "D"], .newline) == ["A\n", "B\nC\n", "D"])
    }

    @Test func chunksHaveTheirSizeAndTheEndTokenIsNoChunkOfItsOwn() {
        #expect(texts(["a", "b", "c", "d", ""], .tokens(2)) == ["ab", "cd"])
        #expect(texts(["a", "b", "c", ""], .tokens(2)) == ["ab", "c"])
        #expect(texts(["", ""], .tokens(1)) == [""])
    }

    @Test func sentencesBeginWithTheirBlank() {
        #expect(
            vine("We add the two numbers. The sum is then five. Therefore the answer is 5.")
                == ["We add the two numbers.", " The sum is then five.", " Therefore the answer is 5."])
        #expect(
            vine("The value 3.5 is not an end. e.g. this is not one either") == [
                "The value 3.5 is not an end. e.g. this is not one either"
            ])
    }

    @Test func newlinesCutAndShortFragmentsJoinTheNextPart() {
        #expect(
            vine("First compute the sum\nThen take half of what you have") == [
                "First compute the sum\n", "Then take half of what you have",
            ])
        #expect(
            vine("So\nthe total is 12 apples in all\n\nDone.") == ["So\nthe total is 12 apples in all\n\n", "Done."])
    }

    @Test func formulasAreNotCut() {
        let formula = "Let $f(x) = 2x. Then Y$ be the function we look at. Next we see"
        #expect(vine(formula) == ["Let $f(x) = 2x. Then Y$ be the function we look at.", " Next we see"])
        let display = "Here it comes for you:\n\\[ a = b\nc = d. And so\n\\]\nThat was the whole formula."
        #expect(vine(display).count == 3)
        #expect(vine("It costs $5 today.\nTomorrow it will cost more money").count == 2)
    }

    @Test func longPartsAreBrokenNearAHundredCharacters() {
        let parts = vine(Array(repeating: "word", count: 100).joined(separator: " "))
        #expect(parts.count > 3 && parts.allSatisfy { (50...160).contains($0.count) })
        #expect(vine(String(repeating: "x", count: 1000)).count == 1)
    }

    @Test func stepsPartitionTheTokensWhateverTheBytes() {
        let alphabet: [[UInt8]] = [
            [0x0A], [0x20], Array(". ".utf8), Array("A".utf8), Array("$".utf8), Array("\\[".utf8), Array("\\]".utf8),
            [0xC3], [0xA9],
            [0xF0, 0x9F], [0x92, 0xA9], [0xFF], [], Array("\n\n".utf8), Array(" The".utf8), Array("\\begin{a}".utf8),
            [0x00], [0x80],
        ]
        for trial in 0..<3000 {
            let key = RandomKey(seed: 7, purpose: .test, problem: UInt64(trial))
            let pieces = (0..<key.index(below: 60, 1000)).map { alphabet[key.index(below: alphabet.count, UInt64($0))] }
            for rule in [StepRule.vine, .newline, .tokens(1 + trial % 5)] {
                let steps = StepSplitter.split(pieces, rule: rule)
                #expect(steps.map(\.index) == Array(1..<(steps.count + 1)))
                #expect(steps.flatMap { Array($0.tokens) } == Array(pieces.indices))
                #expect(steps.allSatisfy { !$0.tokens.isEmpty })
                let bytes = pieces.flatMap { $0 }
                #expect(steps.flatMap { bytes[$0.bytes] } == bytes)
            }
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["$", "\\[", "\\begin{", "\n ", ". A", "{", " ", "\n", "$\n$", "a\n"])
    func longHostileTextTakesLinearTime(unit: String) {
        let pieces = Array(repeating: Array(unit.utf8), count: 200_000)
        #expect(!StepSplitter.split(pieces, rule: .vine).isEmpty)
        #expect(!StepSplitter.split(pieces, rule: .newline).isEmpty)
    }
}
