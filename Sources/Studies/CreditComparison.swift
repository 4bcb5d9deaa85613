import Acting
import Compute
import Critics
import Generation
import Problems
import Training

/// What each credit assignment would push the steps of one rollout by: the same tokens, the same outcome, and nothing
/// but the credit different. Advantages are as they are before whitening, which moves and scales a whole step's alike.
package struct CreditComparison: Sendable {
    /// What the credits with values need; one that is nil is left out.
    package struct Judges: Sendable {
        /// A generative critic.
        package var genac: (any ValueEstimator)?
        /// A value head.
        package var ppo: ValueHeadCritic?
        /// Fresh continuations by the actor.
        package var vineppo: MonteCarlo?

        /// Those that are there.
        package init(genac: (any ValueEstimator)? = nil, ppo: ValueHeadCritic? = nil, vineppo: MonteCarlo? = nil) {
            (self.genac, self.ppo, self.vineppo) = (genac, ppo, vineppo)
        }
    }

    /// What the advantages are made with.
    package struct Options: Sendable {
        /// Discount of a token (ppo) or a step (genac), in 0...1.
        package var gamma = 1.0
        /// Over steps for genac, over tokens for ppo.
        package var lambda = 0.95
        /// States of the solution at most.
        package var maxPrefixes = 8

        package init() {}
    }

    /// A rollout, and the scores of the other solutions of its problem.
    package struct Subject: Sendable {
        /// The rollout.
        package let solved: Actor.Solved
        /// What it came to, in 0...1: a rollout that nobody graded cannot be compared.
        package let outcome: Double
        /// Outcomes of the problem's other solutions, each in 0...1.
        package let others: [Double]

        /// A rollout and its group.
        package init(solved: Actor.Solved, outcome: Double, others: [Double]) {
            (self.solved, self.outcome, self.others) = (solved, outcome, others)
        }
    }

    /// What one method says of every segment.
    package struct Column: Sendable {
        /// Whose credit it is.
        package let method: Method
        /// V of the state each segment begins in; nil for methods without values.
        package let values: [Double]?
        /// [segments], means over their tokens.
        package let advantages: [Double]
    }

    /// The methods side by side.
    package struct Report: Sendable {
        /// Offsets of the solution's ids: what lies between two rated states.
        package let segments: [Range<Int>]
        /// In the order in which the methods are listed; those without a judge are missing.
        package let columns: [Column]
    }

    private let judges: Judges
    private let options: Options

    /// A comparison that has not run.
    package init(judges: Judges, options: Options) { (self.judges, self.options) = (judges, options) }

    /// - Throws: what the judges throw; `GenerationError.cancelled` when cancelled.
    package func run(_ subject: Subject, cancellation: Cancellation) throws -> Report {
        let solved = subject.solved, outcome = subject.outcome
        let prefixes = try SolutionPrefix.selected(
            problem: solved.problem, solution: solved.solution, steps: solved.steps, maximum: options.maxPrefixes)
        let starts = prefixes.map(\.tokens.upperBound), count = solved.solution.ids.count
        var rewards = [Double](repeating: 0, count: count)
        if count > 0 { rewards[count - 1] = outcome }
        let segments = zip(starts, starts.dropFirst() + [count]).map { $0..<max($0, $1) }
        func column(_ method: Method, _ values: [Double]?, _ tokens: [Double]) -> Column {
            Column(method: method, values: values, advantages: segments.map { tokens[$0].mean })
        }
        var columns: [Column] = []
        for (method, judge, lambda) in [(Method.genac, judges.genac, options.lambda), (.vineppo, judges.vineppo, 0)] {
            guard let values = try judge?.values(for: prefixes, cancellation: cancellation, progress: nil) else {
                continue
            }
            guard !cancellation.isCancelled else { throw GenerationError.cancelled }
            let known = try values.map { try $0.known }
            let advantages = StateAdvantages(
                starts: starts, values: known, rewards: rewards, gamma: options.gamma, lambda: lambda)
            columns.append(column(method, known, advantages.tokens))
        }
        if let head = judges.ppo {
            let values = try head.tokenValues(of: solved.solution, problem: solved.problem, cancellation: cancellation)
                .prefix(count).map(Double.init)
            guard !cancellation.isCancelled else { throw GenerationError.cancelled }
            let tokens = GeneralisedAdvantage.advantages(
                rewards: rewards, values: values, gamma: options.gamma, lambda: options.lambda)
            columns.append(column(.ppo, starts.map { values[$0] }, tokens))
        }
        for (method, baseline) in [(Method.grpo, GroupBaseline.mean(scaled: true)), (.rloo, .others)]
        where !subject.others.isEmpty {
            let advantage = baseline.advantages([outcome] + subject.others)[0]
            columns.append(column(method, nil, rewards.map { _ in advantage }))
        }
        return Report(
            segments: segments, columns: Method.all.compactMap { method in columns.first { $0.method == method } }
        )
    }
}
