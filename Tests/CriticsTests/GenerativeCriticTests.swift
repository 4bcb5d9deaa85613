import Acting
import Compute
import Critics
import Foundation
import Generation
import ModelKit
import Problems
import PromptKit
import Prompts
import Testing
import Tokenizers

@Suite struct GenerativeCriticTests {
    static let solutionText = "2 + 3 is 4 + 1.\nThat is 5.\nThe answer is 5.\n"

    /// Digits are tokens of one byte; ` 7` and `10` become tokens when `merged`.
    static func tokenizer(merged: Bool) throws -> Tokenizer {
        let digits = (0...9).map { (" ", "\($0)") } + [(" 1", "0"), ("1", "0")]
        return try makeTokenizer(merges: merged ? digits : [])
    }

    func critic(
        _ completer: ScriptedModel, _ change: (inout GenerativeCritic.Options) -> Void = { _ in }, icc: ICC = ICC()
    ) throws -> GenerativeCritic {
        var options = GenerativeCritic.Options()
        change(&options)
        return GenerativeCritic(
            name: "critic", model: completer,
            builder: PromptBuilder(tokenizer: completer.tokenizer, chatTemplate: nil, bos: nil),
            template: try criticTemplate(), icc: icc, options: options)
    }

    func prefixes(_ tokenizer: Tokenizer, actor: ActorSnapshot = snapshot, steps chosen: [Int]? = nil) throws
        -> [SolutionPrefix]
    {
        let (solution, steps) = makeSolution(Self.solutionText, tokenizer: tokenizer, actor: actor)
        return try (chosen ?? Array(0..<steps.count)).map {
            try SolutionPrefix(problem: problem, solution: solution, steps: steps, step: $0)
        }
    }

    @Test(arguments: [false, true]) func parsedScoresBecomeTheMeanOverChains(merged: Bool) throws {
        let tokenizer = try Self.tokenizer(merged: merged)
        nonisolated(unsafe) var written = 0
        let completer = ScriptedModel(tokenizer) { _ in
            defer { written += 1 }
            return ("Fine.\nScore: \([10, 5][written % 2])\nignored", .stop)
        }
        let critic = try critic(completer) {
            $0.samples = 2; $0.readsDistribution = false
        }
        let values = try critic.values(for: prefixes(tokenizer), cancellation: Cancellation(), progress: nil)
        #expect(
            values.map(\.prefix) == [
                Prefix(solution: 2, step: 0), Prefix(solution: 2, step: 1), Prefix(solution: 2, step: 2),
            ])
        #expect(values.allSatisfy { $0.value == 0.75 && $0.chains.map(\.score) == [10, 5] })
        #expect(values[0].chains[0].text == "Fine.\nScore: 10\n")
        #expect(completer.requests.count == 6 && completer.contexts.isEmpty)
        #expect(Set(completer.requests.map { $0.key.sample }).count == 6)
        #expect(values[1].text == "2 + 3 is 4 + 1.\n" && values[1].end == values[1].start + 16 - (merged ? 3 : 0))
        #expect(values[1].prompt.contains("<solution>\n2 + 3 is 4 + 1.</solution>\n"))
        #expect(tokenizer.decode(values[1].promptIDs) == values[1].prompt)
    }

    /// p(1) must not hold the chance that a 0 follows: 10 is p(1)·p(0|1), or a token of its own, or both.
    @Test(arguments: [false, true]) func theDistributionTellsOneFromTen(merged: Bool) throws {
        let tokenizer = try Self.tokenizer(merged: merged)
        let space = merged ? " " : ""
        let completer = ScriptedModel(
            tokenizer,
            next: { context in
                if context.hasSuffix("Score: 1") { return ["0": 0.75, "\n": 0.25] }
                #expect(context.hasSuffix(merged ? "Score:" : "Score: "))
                return [space + "1": 0.4, space + "7": 0.3, " 10": 0.1, "x": 0.2]
            },
            write: { _ in ("Score: 7\n", .stop) })
        let critic = try critic(completer) { $0.readout = .expected }
        let value = try #require(
            try critic.values(for: prefixes(tokenizer, steps: [1]), cancellation: Cancellation(), progress: nil).first)
        let chain = value.chains[0]
        let distribution = try #require(chain.distribution)
        let ten = 0.3 + (merged ? 0.1 : 0), mass = 0.7 + (merged ? 0.1 : 0)
        let expected = [0, 0.1, 0, 0, 0, 0, 0, 0.3, 0, 0, ten].map { $0 / mass }
        #expect(distribution.count == 11 && zip(distribution, expected).allSatisfy { abs($0 - $1) < 1e-6 })
        #expect(abs((chain.mass ?? 0) - mass) < 1e-6)
        #expect(
            abs((chain.value ?? 0) - (0.01 + 0.21 + ten) / mass) < 1e-6 && chain.score == 7 && chain.status == .parsed)
        #expect(completer.rowCalls == [1, 1])
    }

    @Test func theRowAfterOneIsAskedOnlyWhereItMatters() throws {
        let tokenizer = try Self.tokenizer(merged: false)
        let completer = ScriptedModel(tokenizer, next: { _ in ["8": 0.9] }, write: { _ in ("Score: 8\n", .stop) })
        let values = try critic(completer).values(for: prefixes(tokenizer), cancellation: Cancellation(), progress: nil)
        #expect(completer.rowCalls == [3])
        #expect(values.allSatisfy { $0.chains[0].distribution?[8] == 1 && $0.value == 0.8 })
    }

    @Test func aForcedScoreIsReadAfterTheCueAndItsIdsAreKeptApart() throws {
        let tokenizer = try Self.tokenizer(merged: false)
        let completer = ScriptedModel(
            tokenizer,
            next: { context in
                #expect(context.hasSuffix("I do not know\nScore: "))
                return ["3": 0.6, "9": 0.2]
            },
            write: { _ in ("I do not know", .stop) })
        for readout in GenerativeCritic.Readout.allCases {
            let critic = try critic(completer) { $0.readout = readout }
            let value = try #require(
                try critic.values(for: prefixes(tokenizer, steps: [0]), cancellation: Cancellation(), progress: nil)
                    .first)
            let chain = value.chains[0]
            #expect(chain.status == .forced && chain.failure == .noCue && chain.score == 3)
            #expect(abs((value.value ?? 0) - (readout == .parsed ? 0.3 : 0.45)) < 1e-6)
            #expect(tokenizer.decode(chain.forcedIDs) == "\nScore: " && chain.text == "I do not know")
            #expect(tokenizer.decode(chain.ids) == "I do not know<|end|>" && chain.logprobs.count == chain.ids.count)
        }
    }

    @Test func fallbacksSayWhatTheyAre() throws {
        let tokenizer = try Self.tokenizer(merged: false)
        let completer = ScriptedModel(tokenizer) { _ in ("Score: 1", .length) }
        func value(_ fallback: GenerativeCritic.Fallback, _ actor: ActorSnapshot = snapshot, icc: ICC = ICC()) throws
            -> Valuation
        {
            let critic = try critic(completer, { $0.fallback = fallback }, icc: icc)
            return try #require(
                try critic.values(
                    for: prefixes(tokenizer, actor: actor, steps: [1]), cancellation: Cancellation(), progress: nil
                ).first)
        }
        let known = try value(.icc)
        #expect(known.value == 0.42 && known.chains[0].status == .fallback && known.chains[0].failure == .unclosed)
        #expect(known.chains[0].score == nil)
        var unknown = snapshot
        unknown.successRate = nil
        #expect(try value(.icc, unknown).value == nil && value(.icc, unknown).chains[0].status == .failed)
        var set = ICC()
        try set.set("success-rate", to: "80")
        #expect(try value(.icc, unknown, icc: set).value == 0.8)
        let failed = try value(.fail)
        #expect(failed.value == nil && failed.chains[0].status == .failed)
    }

    @Test func aForcedScoreWithoutAnyProbabilityFails() throws {
        let tokenizer = try Self.tokenizer(merged: false)
        let completer = ScriptedModel(tokenizer) { _ in ("?", .stop) }
        let value = try #require(
            try critic(completer).values(
                for: prefixes(tokenizer, steps: [1]), cancellation: Cancellation(), progress: nil
            ).first)
        #expect(value.value == nil && value.chains[0].status == .failed && value.chains[0].distribution == nil)
    }

    @Test func aPromptThatWillNotFitIsRefusedBeforeWorkStarts() throws {
        let tokenizer = try Self.tokenizer(merged: false)
        let completer = ScriptedModel(tokenizer, contextLength: 200) { _ in ("Score: 1\n", .stop) }
        #expect(throws: CriticsError.self) {
            try critic(completer).values(for: prefixes(tokenizer), cancellation: Cancellation(), progress: nil)
        }
        #expect(completer.requests.isEmpty)
    }

    @Test func cancelledChainsAreLeftOutAndFinishedOnesKept() throws {
        let tokenizer = try Self.tokenizer(merged: false)
        let cancellation = Cancellation()
        let completer = ScriptedModel(tokenizer) { request in
            guard !tokenizer.decode(request.ids).contains("That is") else { return ("half", .cancelled) }
            return ("Score: 6\n", .stop)
        }
        cancellation.cancel()
        let values = try critic(completer).values(for: prefixes(tokenizer), cancellation: cancellation, progress: nil)
        #expect(values.map(\.prefix.step) == [0, 1] && values.allSatisfy { $0.value == 0.6 })
        #expect(completer.contexts.isEmpty)
    }

    @Test func orderAndCompanyOfPrefixesChangeNoRequest() throws {
        let tokenizer = try Self.tokenizer(merged: false)
        func asked(_ steps: [Int]) throws -> [Int: (ids: [TokenID], key: RandomKey)] {
            let completer = ScriptedModel(tokenizer, next: { _ in ["5": 1] }, write: { _ in ("Score: 5\n", .stop) })
            _ = try critic(completer).values(
                for: prefixes(tokenizer, steps: steps), cancellation: Cancellation(), progress: nil)
            return Dictionary(uniqueKeysWithValues: zip(steps, completer.requests.map { ($0.ids, $0.key) }))
        }
        let (forward, backward, alone) = (try asked([0, 1, 2]), try asked([2, 1, 0]), try asked([2]))
        for step in 0...2 {
            #expect(forward[step]?.ids == backward[step]?.ids && forward[step]?.key == backward[step]?.key)
        }
        #expect(forward[2]?.ids == alone[2]?.ids && forward[2]?.key == alone[2]?.key)
    }

    @Test func aValuationSurvivesItsStore() throws {
        let tokenizer = try Self.tokenizer(merged: false)
        let completer = ScriptedModel(
            tokenizer, next: { _ in ["5": 0.5] }, write: { _ in ("x\nScore: 5\n", .stop) })
        let values = try critic(completer).values(for: prefixes(tokenizer), cancellation: Cancellation(), progress: nil)
        #expect(try JSONDecoder().decode([Valuation].self, from: JSONEncoder().encode(values)) == values)
    }
}
