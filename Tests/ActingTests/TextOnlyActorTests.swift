import Acting
import Compute
import Generation
import ModelKit
import Problems
import PromptKit
import Prompts
import Testing

/// A model that gives only text stands where one in this process stands.
@Suite("An actor that only gives text")
struct TextOnlyActorTests {
    private let answer = "2 + 3 is 4 + 1.\nThat is 5.\nThe answer is 5.\n"

    private func actor(
        maxTokens: Int = 256, _ write: @escaping @Sendable (CompletionRequest) -> String
    ) throws -> Actor {
        try makeActor(TextOnlyModel(write: write), maxTokens: maxTokens)
    }

    private func order(sample: UInt64 = 0, _ problem: Problem = problem) -> Actor.Order {
        Actor.Order(problem: problem, key: RandomKey(seed: 3, purpose: .sampling, sample: sample))
    }

    /// A problem whose steps are its lines.
    private var lines: Problem {
        var lines = problem
        lines.stepRule = .newline
        return lines
    }

    @Test("its solutions have text, a verdict and steps of the text, and no ids")
    func solves() throws {
        let answer = answer
        let actor = try actor { request in
            #expect(request.prompt == Passage(text: "Q: What is 2 + 3?\nA:\n") && request.ids.isEmpty)
            return request.key.sample == 0 ? answer : "I think 7"
        }
        let solved = try actor.solve(
            [order(lines), order(sample: 1, lines)], as: actor.snapshot(rate: nil))
        let (right, wrong) = (solved[0].solution, solved[1].solution)
        #expect(right.text == answer && right.outcome == 1 && right.finish == .stop)
        #expect(right.ids.isEmpty && right.logprobs == nil && right.actor.parameters == nil)
        #expect(wrong.outcome == 0 && wrong.id == 2 && wrong.sample == 1)
        let steps = solved[0].steps
        #expect(steps.map(\.text).joined() == answer && steps.count == 3)
        #expect(steps.allSatisfy { $0.tokens.isEmpty } && steps.last?.bytes.upperBound == answer.utf8.count)
        #expect(try actor.measure([lines], seed: 1).rate == 1)
    }

    @Test("what the limit cuts off is a failure, unless what is there is to be graded")
    func truncation() throws {
        let answer = answer, actor = try actor(maxTokens: answer.count - 1) { _ in answer }
        for (truncated, outcome) in [(Actor.Truncation.zero, 0.0), (.keep, 1), (.mask, 0)] {
            let solution = try actor.solve(
                [order()], as: actor.snapshot(rate: nil), truncated: truncated)[0].solution
            #expect(solution.finish == .length && solution.outcome == outcome)
        }
    }

    @Test("it goes on from a prefix as text")
    func goesOn() throws {
        let answer = answer
        let first = try actor { _ in answer }.solve([order(lines)], as: snapshot)[0]
        let prefix = try SolutionPrefix(problem: lines, solution: first.solution, steps: first.steps, step: 1)
        #expect(prefix.written == Passage(text: "2 + 3 is 4 + 1.\n") && prefix.place == 0..<16)
        let second = try actor { request in
            #expect(request.begun == prefix.written)
            return "So 5."
        }
        let going = Actor.Order(from: prefix, key: RandomKey(seed: 3, purpose: .sampling))
        let solution = try second.write([going], as: snapshot)[0]
        #expect(solution.text == "2 + 3 is 4 + 1.\nSo 5." && solution.outcome == 1)
        #expect(solution.branch == prefix.prefix && solution.logprobs == nil)
        let whole = try SolutionPrefix(problem: lines, solution: first.solution, steps: first.steps, step: 3)
        #expect(Actor.Order(from: whole, key: going.key).ending(within: 10) == .stop)
    }

    @Test("steps of so many tokens, and ids for another's continuation, are refused by name")
    func refusals() throws {
        let actor = try actor { _ in "The answer is 5." }
        var chunks = problem
        chunks.stepRule = .tokens(4)
        let error = #expect(throws: GenerationError.self) { try actor.solve([order(chunks)], as: snapshot) }
        #expect(error?.what == "remote tells no token ids, which the step rule tokens:4 needs")

        let solved = try actor.solve([order(lines)], as: actor.snapshot(rate: nil))[0]
        let prefix = try SolutionPrefix(problem: lines, solution: solved.solution, steps: solved.steps, step: 1)
        let local = try makeActor(ScriptedModel(makeTokenizer()) { _ in ("", .stop) })
        let going = Actor.Order(from: prefix, key: RandomKey(seed: 1, purpose: .sampling))
        let other = #expect(throws: GenerationError.self) { try local.write([going], as: snapshot) }
        #expect(other?.what == "remote tells no token ids, which a continuation by scripted needs")
        #expect(throws: GenerationError.lacks(model: "remote", .scores, need: "x")) { try actor.model.scores(for: "x") }
    }
}
