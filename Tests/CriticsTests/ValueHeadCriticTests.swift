import Acting
import Compute
import Critics
import Foundation
import Generation
import Problems
import PromptKit
import Prompts
import Testing
import Tokenizers
import Transformer

@Suite struct ValueHeadCriticTests {
    let tokenizer: Tokenizer
    let completer: LocalCompleter
    let head: ValueHead
    let critic: ValueHeadCritic
    let solution: Solution
    let steps: [Step]

    init() throws {
        tokenizer = try makeTokenizer(merges: [(".", "<"), ("s", "t"), (" ", "i"), ("\n", "t")])
        completer = LocalCompleter(
            name: "random", model: try PrefixSharingTests.model(vocabulary: tokenizer.vocabularySize),
            tokenizer: tokenizer,
            endTokens: Set([tokenizer.id(ofSpecial: "<|end|>")].compactMap { $0 }))
        let key = RandomKey(seed: 3, purpose: .test)
        head = ValueHead(weight: try FloatBuffer((0..<48).map { Float(key.uniform($0)) - 0.5 }), bias: -0.5)
        critic = ValueHeadCritic(
            name: "head", model: LocalValueModel(completer, head: head),
            builder: PromptBuilder(tokenizer: tokenizer, chatTemplate: nil, bos: nil), template: try criticTemplate())
        (solution, steps) = makeSolution("then it is 4.\n\nthen 5.\nThe answer is 5.\n", tokenizer: tokenizer)
    }

    private func prefixes(_ order: [Int], of solution: Solution? = nil) throws -> [SolutionPrefix] {
        try order.map {
            try SolutionPrefix(problem: problem, solution: solution ?? self.solution, steps: steps, step: $0)
        }
    }

    private func values(_ prefixes: [SolutionPrefix]) throws -> [Valuation] {
        try critic.values(for: prefixes, cancellation: Cancellation(), progress: nil)
    }

    /// correctness.md, 6: the value of a state is read at the position before the next action.
    @Test func eachPrefixIsReadAtItsLastTokenAndTheProblemAtTheOpenings() throws {
        let opening = try critic.opening(problem, solution)
        let found = try values(prefixes([3, 0, 1, 2]))
        #expect(found.map(\.prefix.step) == [3, 0, 1, 2])
        for (valuation, prefix) in zip(found, try prefixes([3, 0, 1, 2])) {
            let ids = opening.ids + prefix.ids
            #expect(valuation.promptIDs == ids && valuation.prompt == tokenizer.decode(ids))
            #expect(valuation.chains.isEmpty && valuation.estimator == "head" && !valuation.icc.isEmpty)
            let fresh = LocalCompleter(
                name: "alone", model: completer.model, tokenizer: tokenizer, endTokens: [], sharesPrefixes: false)
            let alone = try LocalValueModel(fresh, head: head).values(
                [(ids, [ids.count - 1])], cancellation: Cancellation(), progress: nil)
            #expect(valuation.value == Double(alone[0][0]))
        }
        #expect(Set(found.map(\.value)).count == 4)
    }

    @Test func tokenValuesAreThoseOfEveryPrefix() throws {
        let every = try critic.tokenValues(of: solution, problem: problem, cancellation: Cancellation())
        #expect(every.count == solution.ids.count + 1)
        for (valuation, prefix) in zip(try values(prefixes([0, 1, 2, 3])), try prefixes([0, 1, 2, 3])) {
            #expect(valuation.value == Double(every[prefix.ids.count]))
        }
    }

    @Test func laterTokensChangeNoEarlierValue() throws {
        var other = solution
        for index in steps[1].tokens.lowerBound..<other.ids.count { other.ids[index] = (other.ids[index] + 1) % 200 }
        let (before, after) = try (values(prefixes([0, 1, 2])), values(prefixes([0, 1, 2], of: other)))
        #expect(
            before[0].value == after[0].value && before[1].value == after[1].value && before[2].value != after[2].value)
    }

    /// Ids that no encoding of their text would give are read as they were sampled.
    @Test func sampledIdsAreNotReEncoded() throws {
        let ids = "then it".utf8.compactMap { tokenizer.id(ofBytes: [$0]) }
        #expect(ids.count == 7 && ids != tokenizer.encode("then it", recognisingSpecials: false))
        let odd = Solution(id: 9, problem: 1, ids: ids, text: "then it", finish: .length, actor: snapshot, seed: 1)
        let step = Step(index: 1, tokens: 0..<7, bytes: 0..<7, text: "then it")
        let found = try values([SolutionPrefix(problem: problem, solution: odd, steps: [step], step: 1)])
        #expect(Array(found[0].promptIDs.suffix(7)) == ids)
    }

    @Test func contextIsCheckedBeforeWorkAndACancelledBatchHasNoValues() throws {
        let long = Problem(id: 1, text: String(repeating: "x", count: 1000), answer: "5")
        #expect(throws: CriticsError.self) {
            try values([SolutionPrefix(problem: long, solution: solution, steps: steps, step: 1)])
        }
        #expect(throws: CriticsError.self) {
            try critic.tokenValues(of: solution, problem: long, cancellation: Cancellation())
        }
        let cancellation = Cancellation()
        cancellation.cancel()
        try #expect(critic.values(for: prefixes([0, 1]), cancellation: cancellation, progress: nil).isEmpty)
    }
}
