import Acting
import Critics
import Foundation
import Generation
import Problems
import Prompts

extension Session {
    /// A loaded model as one that solves, under the settings `rollout.*`.
    func actor(_ model: LoadedModel) throws -> Actor {
        Actor(
            name: model.name, parameters: model.parameters, model: try model.text(for: "an actor"),
            builder: model.builder,
            template: try template(model, .actor), sampling: sampling)
    }

    /// Measures how often an actor is right on a set of problems; a starter model's own task unless told otherwise.
    func measure(_ model: LoadedModel, on set: String?, _ context: CommandContext) throws {
        let standard = model.measured == nil && model.speaksStarter ? Self.starterSet : nil
        guard set != "none", let set = set ?? standard else { return }
        let problems = try answered(
            problemSet(set, limit: settings.integer("critic.icc.measured_on"), seed: Self.measuringSeed), of: set,
            context,
            why: "a success rate needs answers to compare with")
        let bar = context.progress("measuring \(model.name)", unit: "problems", total: problems.count)
        defer { bar.finish() }
        model.measured = try actor(model).measure(problems, seed: seed, cancellation: context.cancellation)
    }

    private static let starterSet = "starter:jumps:train"
    /// Problems that nothing else draws.
    static let measuringSeed: UInt64 = 1_000_003

    /// What is known of the actor now, to be frozen with what it samples: what was measured when it was loaded, and all
    /// graded solutions it sampled whole since; the outcomes to come are not in it.
    func snapshot(of model: LoadedModel, _ sampling: Sampling) throws -> ActorSnapshot {
        var snapshot = ActorSnapshot(name: model.name, parameters: model.parameters, sampling: sampling)
        var outcomes = try workspace.solutions.outcomes(of: snapshot)
        if let measured = model.measured {
            outcomes.right += measured.rate * Double(measured.rollouts)
            outcomes.count += measured.rollouts
        }
        if outcomes.count > 0 {
            snapshot.successRate = SuccessRate(
                value: outcomes.right / Double(outcomes.count), source: .measured(outcomes.count))
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
            throw ShellError.refused(
                "no problem is chosen", hint: "`problem \"TEXT\" --answer A`, or `problems load FILE` and `problem N`")
        }
        return problem
    }
}

extension Solution {
    /// An actor drew it. A text without ids can only have come from a model that tells none.
    var wasSampled: Bool { logprobs != nil || ids.isEmpty }

    /// How many tokens it has; `-` where its model told none.
    var tokenCount: String { ids.isEmpty && !text.isEmpty ? "-" : String(ids.count) }
}
