import Generation
import Problems

extension Session {
    /// What is known of the actor now, to be frozen with what it samples: its rate is measured over all graded
    /// solutions it sampled whole so far, so the outcomes to come are not in it.
    func snapshot(of actor: LoadedModel, _ sampling: Sampling) throws -> ActorSnapshot {
        var snapshot = ActorSnapshot(name: actor.name, parameters: actor.checkpoint.parameters, sampling: sampling)
        // The same seed draws the same solution again in another session: that is no new evidence.
        var draws: Swift.Set<String> = []
        let outcomes = try workspace.solutions.all().filter { solution in
            solution.actor.name == snapshot.name && solution.actor.parameters == snapshot.parameters
                && solution.logprobs != nil && solution.branch == nil
                && draws.insert("\(solution.problem) \(solution.seed) \(solution.sample) \(solution.actor.sampling)").inserted
        }.compactMap(\.outcome)
        if !outcomes.isEmpty {
            snapshot.successRate = SuccessRate(value: outcomes.reduce(0, +) / Double(outcomes.count), source: .measured(outcomes.count))
        }
        return snapshot
    }

    /// The settings `rollout.*`.
    var sampling: Sampling {
        Sampling(
            temperature: settings.number("rollout.temperature"), topK: settings.integer("rollout.top_k"),
            topP: settings.number("rollout.top_p"), minP: settings.number("rollout.min_p"),
            maxTokens: settings.integer("rollout.response_length"))
    }

    /// The sample numbers of the next `count` solutions of a problem: never the same twice in a session.
    func nextSamples(_ count: Int, of problem: Int) -> Range<UInt64> {
        let first = samplesDrawn[problem] ?? 0
        samplesDrawn[problem] = first + UInt64(count)
        return first..<(first + UInt64(count))
    }

    func currentProblem() throws -> Problem {
        guard let problem else {
            throw ShellError.refused("no problem is chosen", hint: "`problem \"TEXT\" --answer A`, or `problems load FILE` and `problem N`")
        }
        return problem
    }
}
