import Acting
import Compute
import Critics
import Generation
import ModelKit
import Problems
import PromptKit
import Prompts
import Testing
import Tokenizers

@Suite struct MonteCarloTests {
    func truth(
        _ completer: ScriptedModel, maxTokens: Int = 256, _ change: (inout MonteCarlo.Options) -> Void = { _ in }
    ) throws -> MonteCarlo {
        var options = MonteCarlo.Options()
        options.rollouts = 8
        change(&options)
        return MonteCarlo(actor: try makeActor(completer, maxTokens: maxTokens), options: options)
    }

    func prefixes(_ tokenizer: Tokenizer, _ text: String, id: Int = 2, steps chosen: [Int]) throws -> [SolutionPrefix] {
        let (solution, steps) = makeSolution(text, id: id, tokenizer: tokenizer)
        return try chosen.map { try SolutionPrefix(problem: problem, solution: solution, steps: steps, step: $0) }
    }

    @Test func successesAreCountedFromTheExactSampledIds() throws {
        // As sampled, "1" "0" are two tokens although the tokenizer would merge them.
        let tokenizer = try makeTokenizer(merges: [("1", "0")])
        let one = try #require(tokenizer.id(ofBytes: [0x31])), zero = try #require(tokenizer.id(ofBytes: [0x30]))
        let line = try #require(tokenizer.id(ofBytes: [0x0A]))
        let solution = Solution(
            id: 2, problem: 1, ids: [one, zero, line, one], text: "10\n1", finish: .stop, actor: snapshot, seed: 1)
        let steps = [
            Step(index: 1, tokens: 0..<3, bytes: 0..<3, text: "10\n"),
            Step(index: 2, tokens: 3..<4, bytes: 3..<4, text: "1"),
        ]
        let completer = ScriptedModel(tokenizer) { request in
            (request.key.bits(0) & 1 == 0 ? "The answer is 5." : "The answer is 6.", .stop)
        }
        let prefix = try SolutionPrefix(problem: problem, solution: solution, steps: steps, step: 1)
        let value = try #require(
            try truth(completer).values(for: [prefix], cancellation: Cancellation(), progress: nil).first)
        #expect(completer.requests.allSatisfy { $0.ids.suffix(3) == [one, zero, line] })
        let right = completer.requests.count { $0.key.bits(0) & 1 == 0 }
        let rollouts = try #require(value.rollouts)
        #expect(rollouts.count == 8 && rollouts.successes == Double(right) && value.value == Double(right) / 8)
        #expect(rollouts.interval == .wilson(successes: Double(right), trials: 8))
        #expect(completer.requests.allSatisfy { $0.key.purpose == .truth })
        #expect(Set(completer.requests.map { $0.key.sample }).count == 8)
    }

    @Test func theProblemsOwnGraderCounts() throws {
        let tokenizer = try makeTokenizer()
        let completer = ScriptedModel(tokenizer) { request in
            (request.key.bits(0) & 1 == 0 ? "The answer is 5." : "The answer is 50.", .stop)
        }
        var options = MonteCarlo.Options()
        options.rollouts = 16
        let truth = MonteCarlo(actor: try makeActor(completer), options: options)
        let value = try #require(
            try truth.values(for: prefixes(tokenizer, "a\nb", steps: [1]), cancellation: Cancellation(), progress: nil)
                .first)
        #expect(value.rollouts?.successes == Double(completer.requests.count { $0.key.bits(0) & 1 == 0 }))
    }

    @Test func equalPrefixesShareTheirRollouts() throws {
        let tokenizer = try makeTokenizer()
        let completer = ScriptedModel(tokenizer) { _ in ("The answer is 5.", .stop) }
        let all =
            try prefixes(tokenizer, "a\nb\nc", steps: [0, 1, 2])
            + prefixes(tokenizer, "a\nx\nc", id: 3, steps: [0, 1, 2])
        let values = try truth(completer).values(for: all, cancellation: Cancellation(), progress: nil)
        #expect(values.count == 6 && completer.requests.count == 4 * 8)
        #expect(values.map(\.prefix.solution) == [2, 2, 2, 3, 3, 3])
        #expect(values[1].rollouts == values[4].rollouts)
    }

    @Test func aTruncatedRolloutIsAFailureEvenWhenItsTextIsRight() throws {
        let tokenizer = try makeTokenizer()
        let completer = ScriptedModel(tokenizer) { _ in ("The answer is 5.", .length) }
        let value = try #require(
            try truth(completer).values(
                for: prefixes(tokenizer, "a\nb", steps: [1]), cancellation: Cancellation(), progress: nil
            ).first)
        #expect(value.value == 0 && value.rollouts?.truncated == 8)
    }

    @Test func thePrefixKeepsItsPlaceInTheTokenBudget() throws {
        let tokenizer = try makeTokenizer()
        let completer = ScriptedModel(tokenizer) { _ in ("The answer is 5.", .stop) }
        let values = try truth(completer, maxTokens: 20)
            .values(
                for: prefixes(tokenizer, "aaaa\nbbbbbbbbbbbbbbbbbbbb\nc", steps: [0, 1, 2]),
                cancellation: Cancellation(), progress: nil)
        #expect(Set(completer.requests.map(\.sampling.maxTokens)) == [20, 15])
        #expect(values.map(\.value) == [1, 1, 0])
        #expect(values[2].rollouts?.truncated == 8)
    }

    @Test func aFinishedResponseIsWorthItsOutcome() throws {
        let tokenizer = try makeTokenizer()
        let completer = ScriptedModel(tokenizer) { _ in ("", .stop) }
        let value = try #require(
            try truth(completer).values(
                for: prefixes(tokenizer, "a\nThe answer is 5.", steps: [2]), cancellation: Cancellation(), progress: nil
            ).first)
        #expect(value.value == 1 && value.rollouts?.interval == Interval(low: 1, high: 1) && completer.requests.isEmpty)
    }

    @Test func aCancelledMeasurementKeepsWhatWasRolled() throws {
        let tokenizer = try makeTokenizer()
        nonisolated(unsafe) var rolled = 0
        let completer = ScriptedModel(tokenizer) { _ in
            rolled += 1
            return rolled <= 5 ? ("The answer is 5.", .stop) : ("", .cancelled)
        }
        let values = try truth(completer).values(
            for: prefixes(tokenizer, "a\nb\nc", steps: [0, 1]), cancellation: Cancellation(), progress: nil)
        #expect(values.count == 1 && values[0].rollouts?.count == 5)
    }

    @Test func aProblemWithoutAnAnswerIsRefused() throws {
        let tokenizer = try makeTokenizer()
        let (solution, steps) = makeSolution("a\nb", tokenizer: tokenizer)
        let open = Problem(id: 9, text: "Why?")
        let prefix = try SolutionPrefix(problem: open, solution: solution, steps: steps, step: 1)
        #expect(throws: CriticsError.noAnswer(problem: 9)) {
            try truth(ScriptedModel(tokenizer) { _ in ("", .stop) }).values(
                for: [prefix], cancellation: Cancellation(), progress: nil)
        }
    }
}
