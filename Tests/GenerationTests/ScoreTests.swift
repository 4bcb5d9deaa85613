import Compute
import Foundation
import Generation
import Testing
import Tokenizers

@Suite struct ScoreTests {
    let tiny: TinyModel
    let sequence: [TokenID]

    init() throws {
        tiny = try TinyModel.shared.get()
        sequence = tiny.tokens(90)
    }

    private func scores(_ from: Int, top: Int = 0, of tokens: [TokenID]? = nil, sharing: Bool = true) throws
        -> [TokenScore]
    {
        try tiny.completer(sharing: sharing).score(
            tokens ?? sequence, from: from, top: top, cancellation: Cancellation())
    }

    @Test(arguments: [true, false]) func scoresAreTheNextTokenLogprobsOfEachPrefixBitForBit(_ sharing: Bool) throws {
        let rows = try tiny.completer(sharing: sharing).next((1..<sequence.count).map { Array(sequence[0..<$0]) })
        let scores = try scores(1, top: 5, sharing: sharing)
        #expect(scores.map(\.id) == Array(sequence[1...]))
        for (score, row) in zip(scores, rows) {
            #expect(score.logprob == row[Int(score.id)])
            let best = row.indices.sorted { (-row[$0], $0) < (-row[$1], $1) }.prefix(5)
            #expect(score.top == best.map { TokenScore.Alternative(id: TokenID($0), logprob: row[$0]) })
            let p = distribution(row)
            #expect(abs(Double(score.entropy) + p.reduce(0) { $0 + ($1 > 0 ? $1 * log($1) : 0) }) < 1e-4)
            #expect(abs(row.reduce(0) { $0 + exp(Double($1)) } - 1) < 1e-5)
        }
    }

    @Test func whereScoringBeginsChangesNoScore() throws {
        let all = try scores(1, top: 2)
        #expect(try scores(0, top: 2) == all && scores(-3, top: 2) == all)
        for from in [2, 16, 17, 64, 88, 89] { #expect(try scores(from, top: 2) == Array(all[(from - 1)...])) }
        #expect(
            try scores(90).isEmpty && scores(1000).isEmpty && scores(1, of: []).isEmpty
                && scores(1, of: [sequence[0]]).isEmpty)
    }

    @Test func whatTheCompleterHoldsAlreadyChangesNoScore() throws {
        let completer = tiny.completer()
        let fresh = try scores(30, top: 3)
        _ = try completer.next([Array(sequence[0..<20]), Array(sequence[0..<25]) + tiny.tokens(10, seed: 3)])
        for _ in 0..<3 {
            #expect(try completer.score(sequence, from: 30, top: 3, cancellation: Cancellation()) == fresh)
        }
        #expect(try completer.score(sequence, from: 1, top: 3, cancellation: Cancellation()).suffix(60) == fresh[...])
    }

    @Test func longSequencesInSeveralChunksAgreeWithPrefixes() throws {
        let long = tiny.tokens(1150)
        let scores = try scores(1, of: long)
        #expect(scores.count == 1149)
        for length in [511, 512, 513, 1024, 1025, 1149] {
            let row = try tiny.completer().next([Array(long[0..<length])])[0]
            #expect(scores[length - 1].logprob == row[Int(long[length])], "after \(length)")
        }
    }

    @Test func greedyAndTemperatureOneCompletionsScoreAsTheyWereRecorded() throws {
        for temperature in [0.0, 1.0] {
            let prompt = tiny.tokens(10, seed: 8)
            let written = try tiny.completer().complete([
                sampled(prompt, Sampling(temperature: temperature, maxTokens: 40))
            ])[0]
            #expect(try scores(10, of: prompt + written.ids).map(\.logprob) == written.logprobs)
        }
    }

    @Test func topIsOrderedAndNeverLongerThanTheVocabulary() throws {
        let all = try #require(try scores(89, top: 100_000).first)
        #expect(all.top.count == tiny.tokenizer.vocabularySize)
        #expect(zip(all.top, all.top.dropFirst()).allSatisfy { ($0.logprob, -$0.id) >= ($1.logprob, -$1.id) })
        #expect(try scores(89, top: 0)[0].top.isEmpty)
    }
}
