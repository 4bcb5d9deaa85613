import Acting
import Compute
import Problems
import Workspace

/// An actor that draws solutions for a command: under its options, with what is known of it as the command begins.
struct Drawing {
    let workspace: Workspace
    let console: Console
    let actor: Actor
    let snapshot: ActorSnapshot
    let seed: UInt64
    /// `--seed` was given: a problem's samples are counted from 0, whatever was drawn before.
    let countsFromZero: Bool

    init(_ context: CommandContext, _ options: SamplingOptions) throws {
        (workspace, console) = (context.workspace, context.console)
        let model = try context.models.model(.actor)
        var actor = try context.solving.actor(model)
        actor.sampling = try options.sampling(context.settings.sampling)
        self.actor = actor
        seed = try context.settings.seed(given: options.seed)
        countsFromZero = options.seed != nil
        snapshot = try context.solving.snapshot(of: model, actor.sampling)
    }

    /// What names the random numbers of one of a problem's samples.
    func key(_ problem: Problem, _ sample: UInt64) -> RandomKey {
        RandomKey(seed: seed, purpose: .sampling, problem: UInt64(problem.id), sample: sample)
    }

    /// The numbers of the next samples of problems, one for each, which may be the same problem.
    func nextSamples(_ problems: [Problem]) throws -> [UInt64] {
        guard !problems.isEmpty else { return [] }
        return try workspace.nextSamples(problems.map { ($0.id, 1) }, seed: seed).map(\.lowerBound)
    }

    /// Gives out the numbers 0..<count of problems under the seed: what is drawn without a given one comes after them.
    func markDrawn(_ count: Int, of problems: [Problem]) throws {
        try workspace.markDrawn(count, of: Array(Swift.Set(problems.map(\.id))), seed: seed)
    }

    /// The numbers under which a command draws `count` samples of a problem.
    func samples(_ count: Int, of problem: Problem) throws -> Range<UInt64> {
        guard countsFromZero else { return try workspace.nextSamples([(problem.id, count)], seed: seed)[0] }
        try markDrawn(count, of: [problem])
        return 0..<UInt64(count)
    }

    /// Those of an actor's earlier draws that `samples` may repeat.
    func mayRepeat(_ samples: Range<UInt64>, of problem: Problem) throws -> [Solution] {
        guard countsFromZero else { return [] }
        return try workspace.solutions.drawn(samples, of: problem.id, seed: seed).filter {
            ($0.actor.name, $0.actor.parameters) == (snapshot.name, snapshot.parameters)
                && $0.actor.sampling == snapshot.sampling
        }
    }

    /// Keeps solutions under new ids, with their steps.
    @discardableResult
    func keep(_ solutions: [(solution: Solution, problem: Problem)]) throws -> [Solution] {
        try workspace.keep(
            solutions.map { (solution: $0.solution, steps: try actor.steps(of: $0.solution, $0.problem)) })
    }
}
