import Acting
import Critics
import Foundation
import Generation
import Compute
import Problems
import Prompts
import Workspace

/// How loaded models solve problems: under which template and settings, and what is known of each as an actor.
final class Solving {
    private let templates: Templates
    private let settings: SettingValues
    private let workspace: Workspace
    /// Kept running from one command to the next.
    private var rewardCommand: RewardCommand?

    init(_ templates: Templates, _ settings: SettingValues, _ workspace: Workspace) {
        (self.templates, self.settings, self.workspace) = (templates, settings, workspace)
    }

    /// A loaded model as one that solves, under the settings `rollout.*`.
    func actor(_ model: LoadedModel) throws -> Actor {
        Actor(
            name: model.name, parameters: model.parameters, model: try model.text(for: "an actor"),
            builder: model.builder,
            template: try templates.template(model, .actor), sampling: settings.sampling, reward: reward)
    }

    /// The program that grades, by the settings `reward.*`; nil where there is none.
    var reward: RewardCommand? {
        let command = settings.text("reward.command"), seconds = settings.number("reward.timeout")
        if rewardCommand?.command != command || rewardCommand?.seconds != seconds {
            rewardCommand = RewardCommand.named(command, seconds: seconds)
        }
        return rewardCommand
    }

    /// Measures how often an actor is right on a set of problems: a task's own model on that task, unless told
    /// otherwise.
    func measure(_ model: LoadedModel, on set: String?, of sets: ProblemSets, _ console: Console) throws {
        let standard = model.measured == nil ? model.ownTask?.trainingSet.description : nil
        guard set != "none", let set = set ?? standard else { return }
        let all = try sets.problems(set, limit: settings.integer("critic.icc.measured_on"), seed: Self.measuringSeed)
        let problems = try graded(all, of: set, sets, console, why: "a success rate needs answers to compare with")
        let bar = console.progress("measuring \(model.name)", unit: "problems", total: problems.count)
        defer { bar.finish() }
        let rate = try actor(model).measure(problems, seed: settings.seed, cancellation: console.cancellation)
        model.takeRate(rate, measuredOn: set)
    }

    /// Those of a set's problems whose solutions have outcomes: all where a program grades them.
    func graded(_ problems: [Problem], of set: String, _ sets: ProblemSets, _ console: Console, why: String) throws
        -> [Problem]
    {
        try reward != nil ? problems : sets.answered(problems, of: set, console, why: why)
    }

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

    /// The built-in task that can be solved exactly.
    var exactTask: any ExactlySolvedTask {
        get throws {
            guard let task = Tasks.all.lazy.compactMap({ $0 as? any ExactlySolvedTask }).first else {
                throw ShellError.refused("no built-in task has an exact critic")
            }
            return task
        }
    }

    /// How often an actor's steps are right, counted on solutions that nothing else draws.
    func tally(_ actor: Actor, at task: any ExactlySolvedTask, _ difficulty: Difficulty = Difficulty()) throws
        -> StepTally
    {
        let problems = task.trainingSet.problems(count: 200, difficulty: difficulty, seed: Self.measuringSeed + 1)
        let orders = problems.map {
            Actor.Order(problem: $0, key: RandomKey(seed: settings.seed, purpose: .pool, problem: UInt64($0.id)))
        }
        let tally = try actor.solve(orders, as: actor.snapshot(rate: nil)).reduce(StepTally()) { sum, solved in
            sum + (task.read(solved.problem.text)?.tally(solved.solution.text) ?? StepTally())
        }
        guard !tally.counts.isEmpty else {
            throw ShellError.refused(
                "\(actor.name) wrote no line of the built-in task's form",
                hint: "its skill cannot be measured; use a model as the teacher")
        }
        return tally
    }
}

extension Solution {
    /// An actor drew it. A text without ids can only have come from a model that tells none.
    var wasSampled: Bool { logprobs != nil || ids.isEmpty }

    /// How many tokens it has; `-` where its model told none.
    var tokenCount: String { ids.isEmpty && !text.isEmpty ? "-" : String(ids.count) }
}
