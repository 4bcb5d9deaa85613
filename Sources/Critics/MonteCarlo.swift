import Acting
import Compute
import Generation
import Problems
import Prompts
import Tokenizers

/// The truth, measured: the actor continues a prefix many times, from its exact sampled ids where it has any, and the
/// problem's grader counts. The prefix keeps its place in the actor's token budget; a rollout that the budget cuts off
/// counts as a failure unless ``Options/truncated`` says otherwise.
package final class MonteCarlo: ValueEstimator {
    /// How it measures.
    package struct Options: Sendable, Codable, Equatable {
        /// Fresh continuations of each prefix.
        package var rollouts = 64
        /// What a rollout that the budget cuts off is worth: a failure, unless the grader is to say.
        package var truncated = Actor.Truncation.zero
        /// Of the rollouts' random numbers.
        package var seed: UInt64 = 0
        /// Of a training run: each draws rollouts of its own.
        package var iteration: UInt64 = 0

        package init() {}
    }

    /// Kept in its valuations.
    package let name: String
    /// Who continues; its token limit bounds a whole response, prefix included.
    package let actor: Actor
    package let options: Options

    package init(name: String = "truth", actor: Actor, options: Options = Options()) {
        (self.name, self.actor, self.options) = (name, actor, options)
    }

    /// Equal prefixes of one problem, of whichever solutions, share their rollouts.
    /// - Throws: ``CriticsError/rolloutsTooFew(count:)``, ``CriticsError/noAnswer(problem:)``,
    ///   ``CriticsError/tooLong(_:)``, all before work starts; what the actor throws.
    package func values(
        for prefixes: [SolutionPrefix], cancellation: Cancellation, progress: (@Sendable (Int, Int) -> Void)?
    ) throws -> [Valuation] {
        guard options.rollouts > 0 else { throw CriticsError.rolloutsTooFew(count: options.rollouts) }
        let clock = ContinuousClock(), start = clock.now
        var states: [State] = []
        var stateOf: [State.Identity: Int] = [:]
        let places = try prefixes.map { prefix in
            guard actor.grades(prefix.problem) else { throw CriticsError.noAnswer(problem: prefix.problem.id) }
            let identity = State.Identity(prefix)
            if let known = stateOf[identity] { return known }
            stateOf[identity] = states.count
            states.append(State(prefix, ending: order(prefix, rollout: 0).ending(within: actor.sampling.maxTokens)))
            return states.count - 1
        }
        let requests = try actor.requests(states.map { order($0.prefix, rollout: 0) })
        let needed = requests.map { $0.ids.count + max($0.sampling.maxTokens, 0) }
        try checkContext(prefixes, needed: places.map { needed[$0] }, limit: actor.model.contextLength)
        try roll(&states, cancellation, progress)
        let seconds = (clock.now - start).inSeconds / Double(max(prefixes.count, 1))
        return zip(prefixes, places).compactMap { prefix, place in
            guard let rollouts = states[place].result else { return nil }
            var valuation = Valuation(of: prefix, by: name)
            valuation.rollouts = rollouts
            valuation.value = rollouts.successes / Double(max(rollouts.count, 1))
            (valuation.prompt, valuation.promptIDs) = (requests[place].prompt.text, requests[place].prompt.ids)
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
            /// Only of a prefix without ids.
            var text: String
            var isFinished: Bool

            init(_ prefix: SolutionPrefix) {
                let written = prefix.written
                (problem, ids, text) = (prefix.problem.id, written.ids, written.ids.isEmpty ? written.text : "")
                isFinished = prefix.isFullResponse && prefix.solution.finish == .stop
            }
        }

        let prefix: SolutionPrefix
        /// Why nothing is left to continue: then one grading stands for all rollouts.
        let ending: FinishReason?
        var outcomes: [Double] = []
        var truncated = 0

        init(_ prefix: SolutionPrefix, ending: FinishReason?) { (self.prefix, self.ending) = (prefix, ending) }

        /// Nil while no rollout has ended.
        var result: Rollouts? {
            guard let known = outcomes.first else { return nil }
            let successes = outcomes.reduce(0, +)
            return Rollouts(
                count: outcomes.count, successes: successes, truncated: truncated,
                interval: ending == .stop
                    ? Interval(low: known, high: known) : .wilson(successes: successes, trials: outcomes.count))
        }

        /// - Parameter times: how many rollouts it stands for.
        mutating func settle(_ rollout: Solution, times: Int) {
            guard rollout.finish != .cancelled, let outcome = rollout.outcome else { return }
            if rollout.finish == .length { truncated += times }
            outcomes += Array(repeating: outcome, count: times)
        }
    }

    /// So many rollouts are ordered at a time: a cancellation is seen before each part, and what waits takes no memory.
    private static let atOnce = 4096

    private func roll(
        _ states: inout [State], _ cancellation: Cancellation, _ progress: (@Sendable (Int, Int) -> Void)?
    ) throws {
        let all = states.indices.flatMap { state in
            (0..<(states[state].ending == nil ? options.rollouts : 1)).map { (state: state, rollout: $0) }
        }
        let total = states.reduce(0) { sum, state in
            guard state.ending == nil else { return sum }
            return sum + options.rollouts * (actor.sampling.maxTokens - state.prefix.ids.count)
        }
        var done = 0
        for start in stride(from: 0, to: all.count, by: Self.atOnce) where !cancellation.isCancelled {
            let part = all[start..<min(start + Self.atOnce, all.count)]
            let rollouts = try actor.write(
                part.map { order(states[$0.state].prefix, rollout: $0.rollout) }, as: actor.snapshot(rate: nil),
                truncated: options.truncated, cancellation: cancellation,
                onEvent: { _ in
                    done += 1
                    progress?(done, total)
                })
            for (one, rollout) in zip(part, rollouts) {
                states[one.state].settle(rollout, times: states[one.state].ending == nil ? 1 : options.rollouts)
            }
        }
    }

    private func order(_ prefix: SolutionPrefix, rollout: Int) -> Actor.Order {
        var hash = StableHash(rollout)
        let written = prefix.written
        for id in written.ids { hash.add(bytesOf: UInt64(bitPattern: Int64(id))) }
        if written.ids.isEmpty { for byte in written.text.utf8 { hash.add(bytesOf: UInt64(byte)) } }
        let key = RandomKey(
            seed: options.seed, purpose: .truth, iteration: options.iteration, problem: UInt64(prefix.problem.id),
            sample: hash.value)
        return Actor.Order(from: prefix, key: key)
    }
}
