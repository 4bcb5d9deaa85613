import Compute
import Generation
import Problems
import Tokenizers
import Prompts

/// A model that solves problems: what writes, how it is asked, and how it samples.
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

    /// A solution with its steps.
    package struct Solved: Sendable {
        /// What was to be solved.
        package var problem: Problem
        /// What the actor read.
        package var prompt: Passage
        /// What it wrote, graded.
        package var solution: Solution
        /// A partition of the solution's ids, or of its text where it has none.
        package var steps: [Step]
    }

    /// What its solutions say they are by.
    package let name: String
    /// Trainable numbers, a tied head counted once; nil where they are not known.
    package let parameters: Int?
    /// What writes.
    package let model: any TextModel
    /// Makes prompts as `model` reads them.
    package let builder: any Prompting
    /// What a problem is asked with.
    package let template: PromptTemplate
    /// `maxTokens` bounds a whole solution, what is written of it already included.
    package var sampling: Sampling
    /// Training steps that its weights have taken; 0 for a model as loaded.
    package let version: Int
    /// Who grades what it writes; nil: each problem's own grader.
    package let reward: RewardCommand?

    /// An actor that has sampled nothing yet.
    package init(
        name: String, parameters: Int?, model: any TextModel, builder: any Prompting, template: PromptTemplate,
        sampling: Sampling, version: Int = 0, reward: RewardCommand? = nil
    ) {
        (self.name, self.parameters, self.model, self.version) = (name, parameters, model, version)
        self.reward = reward
        (self.builder, self.template, self.sampling) = (builder, template, sampling)
    }

    /// What a critic may be told of it, with the success rate known before what is sampled now.
    package func snapshot(rate: SuccessRate?) -> ActorSnapshot {
        ActorSnapshot(name: name, parameters: parameters, version: version, successRate: rate, sampling: sampling)
    }

    // MARK: Solving

    /// One solution of each order, graded, all decoded as one batch; ids count from 1 in their order.
    /// - Parameter mayTimeOut: the caller minds solutions that ``reward`` did not grade in time, or could not.
    /// - Throws: `GenerationError.cancelled` when cancelled: solutions are all there or none. Also what rendering
    ///   prompts, the model, grading and ``steps(of:_:)`` throw; ``ActingError/noOutcome(problem:)``.
    package func solve(
        _ orders: [Order], as snapshot: ActorSnapshot, truncated: Truncation = .zero, mayTimeOut: Bool = false,
        cancellation: Cancellation = Cancellation()
    ) throws -> [Solved] {
        let requests = try requests(orders)
        let solutions = try write(orders, requests, as: snapshot, truncated, cancellation, onEvent: nil)
        guard !solutions.contains(where: { $0.finish == .cancelled }), reward == nil || !cancellation.isCancelled else {
            throw GenerationError.cancelled
        }
        if !mayTimeOut, let lost = solutions.first(where: { $0.status?.hasOutcome == false }) {
            throw lost.status == .timedOut
                ? ActingError.noOutcome(problem: lost.problem) : .undecided(problem: lost.problem)
        }
        return try zip(zip(orders, requests), solutions).map { asked, solution in
            Solved(
                problem: asked.0.problem, prompt: asked.1.prompt, solution: solution,
                steps: try steps(of: solution, asked.0.problem))
        }
    }

    /// As ``solve(_:as:truncated:cancellation:)``, without the steps; but what a cancellation cuts off is as far as it
    /// came, `.cancelled` and not graded. An order of which nothing is left to write is not asked of the model.
    /// - Parameters:
    ///   - onEvent: told of what is written as it is written; `request` is the place among those orders of which
    ///     something is left.
    ///   - onFailure: told that ``reward`` failed; what it had not graded by then is not graded. Nil: that is thrown.
    package func write(
        _ orders: [Order], as snapshot: ActorSnapshot, truncated: Truncation = .zero,
        cancellation: Cancellation = Cancellation(), onEvent: ((CompletionEvent) -> Void)? = nil,
        onFailure: ((ActingError) -> Void)? = nil
    ) throws -> [Solution] {
        try write(orders, requests(orders), as: snapshot, truncated, cancellation, onFailure, onEvent: onEvent)
    }

    private func write(
        _ orders: [Order], _ requests: [CompletionRequest], as snapshot: ActorSnapshot, _ truncated: Truncation,
        _ cancellation: Cancellation, _ onFailure: ((ActingError) -> Void)? = nil,
        onEvent: ((CompletionEvent) -> Void)?
    ) throws -> [Solution] {
        let endings = orders.map { $0.ending(within: sampling.maxTokens) }
        let open = zip(requests, endings).filter { $0.1 == nil }.map(\.0)
        let written =
            try open.isEmpty ? [] : model.complete(open, cancellation: cancellation, onEvent: onEvent)
        var next = written.makeIterator(), isGrading = true
        return try zip(orders, endings).enumerated().map { index, order in
            let completion = order.1.map { Completion(ids: [], logprobs: [], bytes: [], finish: $0) } ?? next.next()
            guard let completion else { preconditionFailure("a model gives a completion for every request") }
            guard isGrading else { return self.written(id: index + 1, order.0, completion, as: snapshot) }
            do {
                return try solution(
                    id: index + 1, order.0, completion, as: snapshot, truncated: truncated, cancellation)
            } catch let failure as ActingError {
                guard let onFailure else { throw failure }
                onFailure(failure)
                isGrading = false
                return self.written(id: index + 1, order.0, completion, as: snapshot)
            }
        }
    }

    /// What the model is asked for each order: a prefix keeps its place in the token limit. Where it has no ids its
    /// tokens cannot be counted, and the limit holds for the rest alone.
    /// - Throws: what rendering a prompt throws; ``GenerationError/lacks(model:_:need:)`` for a prefix without ids that
    ///   a model with tokens is to continue.
    package func requests(_ orders: [Order]) throws -> [CompletionRequest] {
        var prompts: [Int: Passage] = [:]
        return try orders.map { order in
            let prompt = try prompts[order.problem.id] ?? builder.actor(template, problem: order.problem)
            prompts[order.problem.id] = prompt
            if model is any TokenModel { try order.prefix?.requireIDs(for: "a continuation by \(name)") }
            let begun = order.prefix?.written ?? Passage()
            var sampling = sampling
            sampling.maxTokens -= begun.ids.count
            return CompletionRequest(prompt: prompt, begun: begun, sampling: sampling, key: order.key)
        }
    }

    /// What was written for an order, put behind what was there, graded, and judged where it was cut off. By a model
    /// that tells no ids it has none, whatever was there before.
    /// - Throws: ``ActingError/reward(command:what:)``.
    package func solution(
        id: Int, _ order: Order, _ completion: Completion, as snapshot: ActorSnapshot, truncated: Truncation = .zero,
        _ cancellation: Cancellation
    ) throws -> Solution {
        var solution = written(id: id, order, completion, as: snapshot)
        if completion.finish != .cancelled {
            solution.take(try verdict(on: solution.text, of: order.problem, cancellation))
        }
        if completion.finish == .length, truncated != .keep, solution.outcome != nil { solution.outcome = 0 }
        return solution
    }

    /// The same, neither graded nor judged: of what is still being written.
    package func written(id: Int, _ order: Order, _ completion: Completion, as snapshot: ActorSnapshot) -> Solution {
        let begun = order.prefix?.written ?? Passage(), tokens = model as? any TokenModel
        let before = tokens?.writtenBytes(begun.ids) ?? Array(begun.text.utf8)
        let text = String(decoding: before + completion.bytes, as: UTF8.self)
        let known = order.prefix.map(\.solution.logprobs) ?? []
        return Solution(
            id: id, problem: order.problem.id, ids: tokens == nil ? [] : begun.ids + completion.ids,
            logprobs: tokens == nil ? nil : known.map { $0.prefix(begun.ids.count) + completion.logprobs }, text: text,
            finish: completion.finish, actor: snapshot, seed: order.key.seed, sample: order.key.sample,
            branch: order.prefix?.prefix)
    }

    /// What ``reward`` says of a solution, else the problem's own grader; nil where nobody can say, and where grading
    /// was cancelled.
    /// - Throws: ``ActingError/reward(command:what:)``.
    package func verdict(on text: String, of problem: Problem, _ cancellation: Cancellation) throws -> Verdict? {
        guard let reward else { return problem.grade(text) }
        return cancellation.isCancelled ? nil : try reward.verdict(on: text, of: problem, cancellation)
    }

    /// Whether its solutions of a problem are graded.
    package func grades(_ problem: Problem) -> Bool { reward != nil || problem.answer != nil }

    // MARK: Steps

    /// A solution that was sampled before, with what this actor reads for its problem and the steps its words divide it
    /// into.
    /// - Throws: what rendering the prompt and ``steps(of:_:)`` throw.
    package func solved(_ solution: Solution, of problem: Problem) throws -> Solved {
        Solved(
            problem: problem, prompt: try builder.actor(template, problem: problem), solution: solution,
            steps: try steps(of: solution, problem))
    }

    /// The steps into which its words divide a solution: on its ids, or on its text where there are none.
    /// - Throws: ``GenerationError/lacks(model:_:need:)`` for steps of so many tokens by a model that tells none.
    package func steps(of solution: Solution, _ problem: Problem) throws -> [Step] {
        if let tokens = model as? any TokenModel {
            return StepSplitter.split(
                solution.ids, tokenizer: tokens.tokenizer, ends: tokens.endTokens, rule: problem.stepRule)
        }
        if case .tokens = problem.stepRule { _ = try model.tokens(for: "the step rule \(problem.stepRule)") }
        return StepSplitter.split(text: solution.text, rule: problem.stepRule)
    }

    // MARK: Measuring

    /// Its success rate over one solution of each problem, sampled under numbers of their own: none of what is sampled
    /// later is in it.
    /// - Throws: as ``solve(_:as:truncated:cancellation:)``.
    package func measure(_ problems: [Problem], seed: UInt64, cancellation: Cancellation = Cancellation()) throws
        -> MeasuredRate
    {
        let orders = problems.map {
            Order(problem: $0, key: RandomKey(seed: seed, purpose: .pool, problem: UInt64($0.id)))
        }
        let solved = try solve(orders, as: snapshot(rate: nil), mayTimeOut: true, cancellation: cancellation)
        // One without an answer counts as not right, one that nobody could grade does not count.
        let outcomes = solved.filter { $0.solution.status?.hasOutcome != false }.map { $0.solution.outcome ?? 0 }
        return MeasuredRate(
            rate: outcomes.reduce(0, +) / Double(max(outcomes.count, 1)), rollouts: outcomes.count)
    }
}
