import Acting
import Critics
import Problems

/// What a study of approximation measures at one problem: the truth of each prefix of its solution, and what critics
/// say of them.
struct ApproximationMeasurement: Codable {
    /// What one critic says.
    struct Reading: Codable {
        /// [prefixes]; nil where no chain ended in a score and nothing stands in.
        var values: [Double?]
        var chains: Int
        /// Chains that did not end in a score by themselves.
        var unparsed: Int
        /// Sampled tokens of all chains.
        var tokens: Int
        /// Only where the task has an exact solver: the re-checked operations.
        var check: ChainCheck?

        init(_ valuations: [Valuation], of prefixes: [SolutionPrefix]) {
            let all = valuations.flatMap(\.chains)
            (values, chains) = (valuations.map(\.value), all.count)
            unparsed = all.count { $0.status != .parsed }
            tokens = all.reduce(0) { $0 + $1.ids.count }
            check = zip(valuations, prefixes).reduce(nil) { sum, pair in
                guard let exact = Tasks.read(pair.1.problem.text) else { return sum }
                return pair.0.chains.reduce(sum) { ($0 ?? .empty) + exact.check(chain: $1.text, of: pair.1.text) }
            }
        }
    }

    let problem: Int
    let actor: String
    let succeeded: Bool
    /// Only of a built-in task: how often a line is right by its number of operations.
    let lines: StepTally
    /// [prefixes]; steps written and, as far as is known, left to write; only of a built-in task whether all that is
    /// written is right.
    let written: [Int], left: [Int]
    let isRight: [Bool?]
    /// [prefixes].
    let truths: [MeasuredRate]
    /// [critics][runs].
    let readings: [[Reading]]

    init(
        _ solution: Solution, of problem: Problem, _ prefixes: [SolutionPrefix], truths: [MeasuredRate],
        _ readings: [[Reading]]
    ) {
        let exact = Tasks.read(problem.text)
        lines = exact?.tally(solution.text) ?? StepTally()
        (self.problem, actor, succeeded) = (problem.id, solution.actor.name, solution.outcome == 1)
        (self.truths, self.readings) = (truths, readings)
        isRight = prefixes.map { prefix in exact.map { $0.isRight(prefix.text, steps: prefix.step) } }
        written = prefixes.map(\.step)
        left = prefixes.map { prefix in (exact?.stepCount ?? prefix.steps.count) - prefix.step }
    }
}
