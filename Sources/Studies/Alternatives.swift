import Compute
import Critics
import Generation
import Problems

/// Next steps that an actor might write at one state of a solution, drawn from it and from nowhere else.
struct Alternatives {
    /// Distinct, in the order in which they were first drawn; each ends with its alternative.
    private(set) var prefixes: [SolutionPrefix] = []
    /// For each draw the place of its step in `prefixes`.
    private(set) var draws: [Int] = []

    /// - Parameters:
    ///   - state: the beginning that all have in common.
    ///   - count: how many are drawn; duplicates are kept once.
    /// - Throws: what the actor's completer throws; `GenerationError.cancelled` when cancelled.
    init(at state: SolutionPrefix, by actor: Actor, count: Int, key: RandomKey, cancellation: Cancellation) throws {
        var sampling = actor.sampling
        sampling.maxTokens -= state.ids.count
        let prompt = try actor.builder.actor(actor.template, problem: state.problem.text).ids + state.ids
        let requests = (0..<count).map { draw in
            var own = key
            own.sample = UInt64(draw)
            return CompletionRequest(prompt: prompt, sampling: sampling, key: own)
        }
        let completions = try actor.completer.complete(requests, cancellation: cancellation, onEvent: nil)
        guard !completions.contains(where: { $0.finish == .cancelled }) else { throw GenerationError.cancelled }
        for completion in completions { try add(completion, to: state, actor) }
    }

    private mutating func add(_ completion: Completion, to state: SolutionPrefix, _ actor: Actor) throws {
        let ids = Array(state.ids) + completion.ids, steps = actor.steps(of: ids, state.problem)
        guard state.step < steps.count else { return }
        let own = steps[state.step].tokens
        if let known = prefixes.firstIndex(where: { $0.ids == ids[..<own.upperBound] }) { return draws.append(known) }
        let text = String(decoding: actor.completer.writtenBytes(ids), as: UTF8.self)
        let solution = Solution(
            id: state.problem.id &* 1000 &+ prefixes.count, problem: state.problem.id, ids: ids,
            logprobs: state.solution.logprobs.map { $0.prefix(state.ids.count) + completion.logprobs }, text: text,
            verdict: state.problem.grade(text),
            finish: completion.finish, actor: state.solution.actor, seed: state.solution.seed)
        draws.append(prefixes.count)
        prefixes.append(
            try SolutionPrefix(problem: state.problem, solution: solution, steps: steps, step: state.step + 1))
    }
}
