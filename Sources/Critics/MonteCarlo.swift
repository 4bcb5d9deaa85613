import Compute
import Generation
import Problems
import Tokenizers
import Prompts

/// The truth, measured: the actor continues a prefix many times from its exact sampled ids, and the grader counts.
/// The prefix keeps its place in the actor's token budget; a rollout that the budget cuts off counts as a failure
/// unless ``Options/truncated`` says otherwise.
package final class MonteCarlo: ValueEstimator {
    package struct Options: Sendable, Codable, Equatable {
        /// Fresh continuations of each prefix.
        package var rollouts = 64
        /// The actor's; `maxTokens` bounds the whole response, prefix included.
        package var sampling = Sampling()
        /// What a rollout that the budget cuts off is worth: a failure, unless the grader is to say.
        package var truncated = Actor.Truncation.zero
        package var seed: UInt64 = 0
        package var iteration: UInt64 = 0

        package init() {}
    }

    package let name: String
    package let actor: any Completer
    package let builder: PromptBuilder
    package let template: PromptTemplate
    package let options: Options
    private let grade: @Sendable (_ text: String, _ problem: Problem) -> Verdict

    /// - Parameter grade: reads a whole response to a problem that has an answer; the problem's own grader unless
    ///   given.
    package init(
        name: String = "truth", actor: any Completer, builder: PromptBuilder, template: PromptTemplate,
        options: Options = Options(),
        grade: @escaping @Sendable (_ text: String, _ problem: Problem) -> Verdict = { text, problem in
            problem.grade(text) ?? Verdict(status: .unparsable, extracted: nil)
        }
    ) {
        self.name = name
        self.actor = actor
        self.builder = builder
        self.template = template
        self.options = options
        self.grade = grade
    }

    /// Equal prefixes of one problem, of whichever solutions, share their rollouts.
    /// - Throws: ``CriticsError/rolloutsTooFew(count:)``, ``CriticsError/noAnswer(problem:)``,
    ///   ``CriticsError/contextTooLong(needed:limit:prefix:)``, all before work starts.
    package func values(
        for prefixes: [SolutionPrefix], cancellation: Cancellation, progress: (@Sendable (Int, Int) -> Void)?
    ) throws -> [Valuation] {
        guard options.rollouts > 0 else { throw CriticsError.rolloutsTooFew(count: options.rollouts) }
        let clock = ContinuousClock(), start = clock.now
        var states: [State] = []
        var stateOf: [State.Identity: Int] = [:]
        let places = try prefixes.map { prefix in
            let identity = State.Identity(prefix)
            if let known = stateOf[identity] { return known }
            stateOf[identity] = states.count
            states.append(try state(prefix))
            return states.count - 1
        }
        try roll(&states, cancellation, progress)
        let seconds = (clock.now - start).inSeconds / Double(max(prefixes.count, 1))
        return zip(prefixes, places).compactMap { prefix, place in
            guard let rollouts = states[place].result else { return nil }
            var valuation = Valuation(of: prefix, by: name)
            valuation.rollouts = rollouts
            valuation.value = rollouts.successes / Double(max(rollouts.count, 1))
            (valuation.prompt, valuation.promptIDs) = (states[place].prompt.text, states[place].prompt.ids)
            valuation.seconds = seconds
            return valuation
        }
    }
}

extension MonteCarlo {
    /// A prefix to continue, shared by all equal ones.
    private struct State {
        struct Identity: Hashable {
            var problem: Int
            var ids: [TokenID]
            var isFinished: Bool

            init(_ prefix: SolutionPrefix) {
                problem = prefix.problem.id
                ids = Array(prefix.ids)
                isFinished = prefix.isFullResponse && prefix.solution.finish == .stop
            }
        }

        var identity: Identity
        var problem: Problem
        var prompt: RenderedPrompt
        var budget: Int
        var outcomes: [Double] = []
        var truncated = 0

        /// Nil while no rollout has ended.
        var result: Rollouts? {
            guard !outcomes.isEmpty else { return nil }
            let successes = outcomes.reduce(0, +)
            let known = outcomes[0]
            return Rollouts(
                count: outcomes.count, successes: successes, truncated: truncated,
                interval: identity.isFinished
                    ? Interval(low: known, high: known) : .wilson(successes: successes, trials: outcomes.count))
        }
    }

    private func state(_ prefix: SolutionPrefix) throws -> State {
        guard prefix.problem.answer != nil else { throw CriticsError.noAnswer(problem: prefix.problem.id) }
        let prompt = try builder.actor(template, problem: prefix.problem.text)
        let budget = max(options.sampling.maxTokens - prefix.ids.count, 0)
        try checkContext(prompt.ids.count + prefix.ids.count, budget, limit: actor.contextLength, of: prefix)
        return State(identity: State.Identity(prefix), problem: prefix.problem, prompt: prompt, budget: budget)
    }

    private func roll(
        _ states: inout [State], _ cancellation: Cancellation, _ progress: (@Sendable (Int, Int) -> Void)?
    ) throws {
        var owners: [Int] = []
        var requests: [CompletionRequest] = []
        for index in states.indices {
            if states[index].identity.isFinished {
                settle(
                    &states[index], Completion(ids: [], logprobs: [], bytes: [], finish: .stop), times: options.rollouts
                )
            } else if states[index].budget == 0 {
                settle(
                    &states[index], Completion(ids: [], logprobs: [], bytes: [], finish: .length),
                    times: options.rollouts)
            } else {
                owners += Array(repeating: index, count: options.rollouts)
                requests += (0..<options.rollouts).map { request(states[index], rollout: $0) }
            }
        }
        let total = requests.reduce(0) { $0 + $1.sampling.maxTokens }
        var done = 0
        guard !requests.isEmpty else { return }
        let completions = try actor.complete(requests, cancellation: cancellation) { _ in
            done += 1
            progress?(done, total)
        }
        for (owner, completion) in zip(owners, completions) { settle(&states[owner], completion, times: 1) }
    }

    private func request(_ state: State, rollout: Int) -> CompletionRequest {
        var hash = StableHash(rollout)
        for id in state.identity.ids { hash.add(bytesOf: UInt64(bitPattern: Int64(id))) }
        var sampling = options.sampling
        sampling.maxTokens = state.budget
        return CompletionRequest(
            prompt: state.prompt.ids + state.identity.ids, sampling: sampling,
            key: RandomKey(
                seed: options.seed, purpose: .truth, iteration: options.iteration, problem: UInt64(state.problem.id),
                sample: hash.value))
    }

    private func settle(_ state: inout State, _ completion: Completion, times: Int) {
        guard completion.finish != .cancelled else { return }
        if completion.finish == .length { state.truncated += times }
        let isWorthless = completion.finish == .length && options.truncated != .keep
        state.outcomes += Array(repeating: isWorthless ? 0 : outcome(state, completion), count: times)
    }

    private func outcome(_ state: State, _ completion: Completion) -> Double {
        let before = actor.writtenBytes(state.identity.ids)
        return grade(String(decoding: before + completion.bytes, as: UTF8.self), state.problem).outcome
    }
}
