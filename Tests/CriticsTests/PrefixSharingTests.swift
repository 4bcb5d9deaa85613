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

/// The generative critic on a real (random) model: neither sharing prefixes nor their order or company changes a chain.
@Suite struct PrefixSharingTests {
    static func model(vocabulary: Int) throws -> Model {
        let configuration = Configuration(
            architecture: .qwen2, hidden: 48, layers: 2, heads: 4, kvHeads: 2, headDim: 12, intermediate: 64,
            vocabulary: vocabulary, maxPositions: 1024, tiedHead: true)
        var matrices: [String: WeightMatrix] = [:]
        for (index, spec) in configuration.tensors.enumerated() {
            let key = RandomKey(seed: 11, purpose: .test, iteration: UInt64(index))
            let center: Float = spec.start == .ones ? 1 : 0
            let buffer = try FloatBuffer(
                (0..<spec.count).map { center + 0.3 * Float(key.uniform(UInt64($0)) * 2 - 1) })
            matrices[spec.name] = try WeightMatrix(
                name: spec.name, buffer: buffer, rows: spec.rows, columns: spec.columns)
        }
        let found = matrices
        return try Model(
            configuration: configuration,
            weights: Weights(configuration: configuration) { name in
                guard let matrix = found[name] else { throw TransformerError.invalidConfiguration("no \(name)") }
                return matrix
            })
    }

    /// The cut before trailing blanks makes this hold; the token at the border (`.` and `.</`) may differ.
    @Test func promptsOfOneSolutionsPrefixesShareAllButTheBorder() throws {
        let tokenizer = try makeTokenizer(merges: [
            (".", "<"), (".<", "/"), ("\n", "\n"), ("s", "t"), ("st", "e"), ("ste", "p"),
        ])
        let (solution, steps) = makeSolution("step 1.\n\nstep 2.\nstep three.\n", tokenizer: tokenizer)
        let prefixes = try (0...steps.count).map {
            try SolutionPrefix(problem: problem, solution: solution, steps: steps, step: $0)
        }
        let builder = PromptBuilder(tokenizer: tokenizer, chatTemplate: nil, bos: nil)
        let prompts = try builder.critic(
            criticTemplate(), problem: problem.text, solutions: prefixes.map(\.text), icc: ICC().values(for: snapshot))
        for (shorter, longer) in zip(prompts, prompts.dropFirst()) {
            #expect(tokenizer.decode(shorter.ids) == shorter.text)
            let shared = zip(shorter.ids, longer.ids).prefix { $0 == $1 }.count
            let border = try #require(shorter.text.range(of: "</solution>", options: .backwards))
            let before = shorter.text[..<border.lowerBound].utf8.count
            #expect(tokenizer.decodeBytes(shorter.ids[..<shared]).count >= before - 1)
        }
    }

    @Test func sharingAndOrderChangeNoChainAndNoLogProbability() throws {
        let tokenizer = try makeTokenizer(merges: [(".", "<"), ("s", "t"), (" ", "i")])
        let model = try Self.model(vocabulary: tokenizer.vocabularySize)
        let (solution, steps) = makeSolution(
            "first step.\nthen it is 4.\n\nthen 5.\nThe answer is 5.\n", tokenizer: tokenizer)

        func chains(_ order: [Int], shares: Bool, alone: Bool = false) throws -> [Int: [Chain]] {
            let completer = LocalCompleter(
                name: "random", model: model, tokenizer: tokenizer,
                endTokens: Set([tokenizer.id(ofSpecial: "<|end|>")].compactMap { $0 }), sharesPrefixes: shares)
            var options = GenerativeCritic.Options()
            options.samples = 2
            options.sampling.maxTokens = 12
            options.readout = .expected
            let builder = PromptBuilder(tokenizer: tokenizer, chatTemplate: nil, bos: nil)
            let critic = GenerativeCritic(
                name: "random", model: completer, builder: builder, template: try criticTemplate(), options: options)
            let prefixes = try order.map {
                try SolutionPrefix(problem: problem, solution: solution, steps: steps, step: $0)
            }
            let batches = alone ? prefixes.map { [$0] } : [prefixes]
            var chains: [Int: [Chain]] = [:]
            for batch in batches {
                for value in try critic.values(for: batch, cancellation: Cancellation(), progress: nil) {
                    #expect(value.value != nil)
                    chains[value.prefix.step] = value.chains
                }
            }
            return chains
        }

        let reference = try chains([0, 1, 2, 3], shares: false, alone: true)
        #expect(reference.count == 4 && reference.values.allSatisfy { $0.count == 2 && $0[0].ids != $0[1].ids })
        for (order, shares) in [([0, 1, 2, 3], true), ([3, 1, 0, 2], true), ([2, 0, 3, 1], false)] {
            let found = try chains(order, shares: shares)
            for step in 0...3 {
                let (wanted, given) = (try #require(reference[step]), try #require(found[step]))
                #expect(given.count == wanted.count)
                for (a, b) in zip(wanted, given) {
                    #expect(a.ids == b.ids && a.status == b.status && a.logprobs == b.logprobs)
                    #expect(a.distribution != nil && a.distribution == b.distribution)
                }
            }
        }
    }

    /// Against each score's text, scored token by token: 10 is one token and two, 1 is what is not 10.
    @Test func theDistributionIsTheProbabilityOfEachScoresText() throws {
        let tokenizer = try makeTokenizer(merges: [("1", "0")])
        let completer = LocalCompleter(
            name: "random", model: try Self.model(vocabulary: tokenizer.vocabularySize), tokenizer: tokenizer,
            endTokens: [])
        var options = GenerativeCritic.Options()
        options.sampling.maxTokens = 4
        let critic = GenerativeCritic(
            name: "random", model: completer,
            builder: PromptBuilder(tokenizer: tokenizer, chatTemplate: nil, bos: nil),
            template: try criticTemplate(), options: options)
        let (solution, steps) = makeSolution("one\ntwo", tokenizer: tokenizer)
        let prefix = try SolutionPrefix(problem: problem, solution: solution, steps: steps, step: 1)
        let value = try #require(try critic.values(for: [prefix], cancellation: Cancellation(), progress: nil).first)
        let chain = value.chains[0]
        #expect(chain.status == .forced)
        let context = value.promptIDs + chain.ids + chain.forcedIDs
        func probability(_ pieces: String...) throws -> Double {
            let ids = try pieces.map { try #require(tokenizer.id(ofBytes: Array($0.utf8))) }
            let scores = try completer.score(context + ids, from: context.count, top: 0, cancellation: Cancellation())
            return exp(scores.reduce(0) { $0 + Double($1.logprob) })
        }
        var wanted = try (0...9).map { try probability("\($0)") }
        wanted[1] -= try probability("1", "0")
        wanted.append(try probability("10") + probability("1", "0"))
        let mass = try #require(chain.mass), distribution = try #require(chain.distribution)
        #expect(abs(mass - wanted.reduce(0, +)) < 1e-5 * mass)
        for (found, wanted) in zip(distribution, wanted) { #expect(abs(found * mass - wanted) < 1e-5 * mass) }
    }
}
