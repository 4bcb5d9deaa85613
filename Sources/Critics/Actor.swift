import Compute
import Generation
import Problems
import Tokenizers
import Prompts

/// A model that solves problems: its weights, how it is asked, and how it samples.
package struct Actor: Sendable {
    /// What a solution cut off by the token limit is worth.
    package enum Truncation: String, Sendable, CaseIterable, Codable {
        /// A failure, whatever it says so far.
        case zero
        /// What the grader says of what is there.
        case keep
        /// A failure that no training learns from.
        case mask
    }

    /// One solution to be sampled.
    package struct Order: Sendable {
        package var problem: Problem
        package var key: RandomKey

        package init(problem: Problem, key: RandomKey) { (self.problem, self.key) = (problem, key) }
    }

    /// A solution with its steps.
    package struct Solved: Sendable {
        package var problem: Problem
        /// What the actor read.
        package var prompt: RenderedPrompt
        package var solution: Solution
        package var steps: [Step]
    }

    package let name: String
    /// Trainable numbers, a tied head counted once.
    package let parameters: Int
    package let completer: any Completer
    package let builder: PromptBuilder
    package let template: PromptTemplate
    package var sampling: Sampling
    /// Training steps that its weights have taken; 0 for a model as loaded.
    package let version: Int

    package init(
        name: String, parameters: Int, completer: any Completer, builder: PromptBuilder, template: PromptTemplate,
        sampling: Sampling,
        version: Int = 0
    ) {
        (self.name, self.parameters, self.completer, self.version) = (name, parameters, completer, version)
        (self.builder, self.template, self.sampling) = (builder, template, sampling)
    }

    /// What a critic may be told of it, with the success rate known before what is sampled now.
    package func snapshot(rate: SuccessRate?) -> ActorSnapshot {
        ActorSnapshot(name: name, parameters: parameters, version: version, successRate: rate, sampling: sampling)
    }

    /// One solution of each order, graded, all decoded as one batch; ids count from 1 in their order.
    /// - Throws: `GenerationError.cancelled` when cancelled: solutions are all there or none.
    package func solve(
        _ orders: [Order], as snapshot: ActorSnapshot, truncated: Truncation = .zero,
        cancellation: Cancellation = Cancellation()
    ) throws -> [Solved] {
        var prompts: [Int: RenderedPrompt] = [:]
        for order in orders where prompts[order.problem.id] == nil {
            prompts[order.problem.id] = try builder.actor(template, problem: order.problem.text)
        }
        let requests = orders.map { order in
            CompletionRequest(prompt: prompts[order.problem.id]?.ids ?? [], sampling: sampling, key: order.key)
        }
        let completions = try completer.complete(requests, cancellation: cancellation, onEvent: nil)
        guard !completions.contains(where: { $0.finish == .cancelled }) else { throw GenerationError.cancelled }
        return zip(orders, completions).enumerated().map { index, pair in
            let (order, completion) = pair
            var solution = Solution(
                id: index + 1, problem: order.problem.id, ids: completion.ids, logprobs: completion.logprobs,
                text: completion.text,
                verdict: order.problem.grade(completion.text), finish: completion.finish, actor: snapshot,
                seed: order.key.seed,
                sample: order.key.sample)
            if completion.finish == .length, truncated != .keep, solution.outcome != nil { solution.outcome = 0 }
            return Solved(
                problem: order.problem, prompt: prompts[order.problem.id] ?? RenderedPrompt(text: "", ids: []),
                solution: solution,
                steps: steps(of: completion.ids, order.problem))
        }
    }

    /// A solution that was sampled before, with what this actor reads for its problem and the steps its words divide it
    /// into.
    package func solved(_ solution: Solution, of problem: Problem) throws -> Solved {
        Solved(
            problem: problem, prompt: try builder.actor(template, problem: problem.text), solution: solution,
            steps: steps(of: solution.ids, problem))
    }

    /// The steps into which its words divide the ids of a solution.
    package func steps(of ids: [TokenID], _ problem: Problem) -> [Step] {
        StepSplitter.split(ids, tokenizer: completer.tokenizer, ends: completer.endTokens, rule: problem.stepRule)
    }

    /// Its success rate over one solution of each problem, sampled under numbers of their own: none of what is sampled
    /// later is in it.
    package func measure(_ problems: [Problem], seed: UInt64, cancellation: Cancellation = Cancellation()) throws
        -> MeasuredRate
    {
        let orders = problems.map {
            Order(problem: $0, key: RandomKey(seed: seed, purpose: .pool, problem: UInt64($0.id)))
        }
        let solved = try solve(orders, as: snapshot(rate: nil), cancellation: cancellation)
        let right = solved.reduce(0) { $0 + ($1.solution.outcome ?? 0) }
        return MeasuredRate(rate: right / Double(max(solved.count, 1)), rollouts: solved.count)
    }
}
