import Acting
import Compute
import Critics
import Generation
import ModelKit
import Problems
import PromptKit
import Prompts
import Synchronization
import Testing
import Tokenizers

/// Critics, truth and traces with models that give only text.
@Suite("A critic, a teacher and a measured actor that only give text")
struct TextOnlyTests {
    private var lines: Problem {
        var lines = problem
        lines.stepRule = .newline
        return lines
    }

    /// Writes the right answer unless its last line so far is wrong.
    private func solver() -> TextOnlyModel {
        TextOnlyModel { request in
            if request.begun.text.isEmpty { return "2 + 3 is 4 + 1.\nThat is 5.\nThe answer is 5.\n" }
            return request.begun.text.hasSuffix("5.\n") ? "The answer is 5.\n" : "The answer is 6.\n"
        }
    }

    private func prefixes(_ actor: Actor) throws -> [SolutionPrefix] {
        let order = Actor.Order(problem: lines, key: RandomKey(seed: 1, purpose: .sampling))
        let solved = try actor.solve([order], as: actor.snapshot(rate: nil))[0]
        return try (0..<solved.steps.count).map {
            try SolutionPrefix(problem: lines, solution: solved.solution, steps: solved.steps, step: $0)
        }
    }

    private func critic(
        _ fallback: GenerativeCritic.Fallback, _ readout: GenerativeCritic.Readout = .parsed,
        write: @escaping @Sendable (CompletionRequest) -> String
    ) throws -> GenerativeCritic {
        var options = GenerativeCritic.Options()
        (options.samples, options.fallback, options.readout) = (2, fallback, readout)
        return GenerativeCritic(
            name: "judge", model: TextOnlyModel("judge", write: write), builder: TextPrompts(),
            template: try criticTemplate(), options: options)
    }

    @Test("its chains are read for their scores; steps are places in the text")
    func chains() throws {
        let critic = try critic(.fail) { request in
            #expect(request.prompt.text.hasSuffix("Think, then say Score: N.\n"))
            return request.prompt.text.contains("That is 5.") ? "Fine.\nScore: 9\nmore" : "No cue at all"
        }
        let values = try critic.values(
            for: prefixes(makeActor(solver())), cancellation: Cancellation(), progress: nil)
        #expect(values.map(\.value) == [nil, nil, 0.9])
        #expect(values[2].chains.map(\.text) == ["Fine.\nScore: 9\n", "Fine.\nScore: 9\n"])
        #expect(values[2].chains.allSatisfy { $0.ids.isEmpty && $0.logprobs.isEmpty && $0.distribution == nil })
        #expect(values.map(\.start) == [0, 0, 16] && values.map(\.end) == [0, 16, 27])
        #expect(values[1].chains[0].failure == .noCue && values[1].promptIDs.isEmpty && !values[1].prompt.isEmpty)
    }

    @Test("the actor's rate stands in for a chain without a score; what needs log-probabilities is refused")
    func fallbacks() throws {
        let prefixes = try prefixes(makeActor(solver())).map {
            var solution = $0.solution
            solution.actor = snapshot
            return try SolutionPrefix(problem: lines, solution: solution, steps: $0.steps, step: $0.step)
        }
        func values(_ critic: GenerativeCritic) throws -> [Valuation] {
            try critic.values(for: prefixes, cancellation: Cancellation(), progress: nil)
        }
        #expect(try values(critic(.icc) { _ in "Hm." }).map(\.value) == [0.42, 0.42, 0.42])
        for (fallback, readout, need) in [
            (GenerativeCritic.Fallback.forced, GenerativeCritic.Readout.parsed, "the forced fallback"),
            (.fail, .expected, "the expected readout"),
        ] {
            let error = #expect(throws: GenerationError.self) {
                try values(critic(fallback, readout) { _ in "Score: 5\n" })
            }
            #expect(error?.what == "judge gives no log-probabilities of given text, which \(need) needs")
        }
    }

    @Test("truth by Monte Carlo continues the text, and counts")
    func truth() throws {
        let actor = try makeActor(solver())
        var options = MonteCarlo.Options()
        options.rollouts = 4
        let values = try MonteCarlo(actor: actor, options: options).values(
            for: prefixes(actor) + prefixes(actor), cancellation: Cancellation(), progress: nil)
        #expect(values.map(\.value) == [1, 0, 1, 1, 0, 1] && values.allSatisfy { $0.rollouts?.count == 4 })
        #expect(values[0].prompt == "Q: What is 2 + 3?\nA:\n" && values[0].promptIDs.isEmpty)
    }

    @Test("equal prefixes of different texts draw other numbers")
    func keys() throws {
        let keys = Seen()
        let actor = try makeActor(
            TextOnlyModel { request in
                keys.add(request.key.sample)
                return request.begun.text.isEmpty && request.key.purpose == .sampling ? "1\n2\n5\n" : "5"
            })
        var options = MonteCarlo.Options()
        options.rollouts = 3
        let prefixes = try prefixes(actor)
        keys.clear()
        _ = try MonteCarlo(actor: actor, options: options).values(
            for: prefixes, cancellation: Cancellation(), progress: nil)
        #expect(keys.all.count == 9 && Set(keys.all).count == 9)
    }

    @Test("a teacher's chains become rows")
    func traces() throws {
        let actor = try makeActor(solver()), template = try criticTemplate()
        var options = MonteCarlo.Options()
        options.rollouts = 2
        let maker = TraceMaker(
            teacher: try critic(.fail) {
                "It is so.\nScore: \($0.prompt.text.contains("4 + 1.</sol") ? 3 : 10)\n"
            },
            truth: MonteCarlo(actor: actor, options: options), filter: .within(0.1), builder: TextPrompts(),
            template: template, icc: { _ in ICC() })
        let yield = try maker.rows(from: prefixes(actor), cancellation: Cancellation())
        #expect(yield.prefixes == 3 && yield.chains == 6 && yield.parsed == 6)
        #expect(yield.rows.map(\.value) == [1, 1, 1, 1] && yield.rows.map(\.truth) == [1, 1, 1, 1])
        #expect(yield.rows.allSatisfy { $0.response == "It is so.\nScore: 10" && $0.actor == "remote" })
        #expect(yield.rows[0].prompt.contains("Problem: What is 2 + 3?\n"))
    }

    @Test("a value head reads sampled ids, and refuses a solution that has none")
    func head() throws {
        let tokenizer = try makeTokenizer()
        let head = ValueHeadCritic(
            name: "head", model: FlatValues(tokenizer: tokenizer),
            builder: PromptBuilder(tokenizer: tokenizer, chatTemplate: nil, bos: nil), template: try criticTemplate())
        let prefixes = try prefixes(makeActor(solver()))
        let error = #expect(throws: GenerationError.self) {
            try head.values(for: prefixes, cancellation: Cancellation(), progress: nil)
        }
        #expect(error?.what == "remote tells no token ids, which a value head needs")
        let bare = try head.values(for: [prefixes[0]], cancellation: Cancellation(), progress: nil)
        #expect(bare.map(\.value) == [0.5])
    }
}

/// Expects the same of everything.
private final class FlatValues: ValueModel {
    let name = "flat"
    let tokenizer: Tokenizer
    let contextLength: Int? = nil

    init(tokenizer: Tokenizer) { self.tokenizer = tokenizer }

    func values(
        _ sequences: [(ids: [TokenID], positions: [Int])], cancellation: Cancellation, progress: ((Int, Int) -> Void)?
    ) -> [[Float]] {
        sequences.map { $0.positions.map { _ in 0.5 } }
    }
}

/// The sample numbers that requests had, in order.
private final class Seen: Sendable {
    private let samples = Mutex<[UInt64]>([])

    func add(_ sample: UInt64) { samples.withLock { $0.append(sample) } }
    func clear() { samples.withLock { $0 = [] } }
    var all: [UInt64] { samples.withLock { $0 } }
}
