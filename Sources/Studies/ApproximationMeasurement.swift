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
        var check: JumpsCheck?

        init(_ valuations: [Valuation], of prefixes: [SolutionPrefix]) {
            let all = valuations.flatMap(\.chains)
            (values, chains) = (valuations.map(\.value), all.count)
            unparsed = all.count { $0.status != .parsed }
            tokens = all.reduce(0) { $0 + $1.ids.count }
            check = zip(valuations, prefixes).reduce(nil) { sum, pair in
                guard let jumps = Jumps(text: pair.1.problem.text) else { return sum }
                let claims = jumps.claims(in: pair.1.text)
                return pair.0.chains.reduce(sum) { ($0 ?? .exactSoFar) + jumps.check(chain: $1.text, claims: claims) }
            }
        }
    }

    let problem: Int
    let actor: String
    let succeeded: Bool
    /// Only of the starter task: how often a line is right by its number of operations.
    let lines: JumpsLines
    /// [prefixes]; steps written and, as far as is known, left to write; only of the starter task whether all that is
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
        var lines = JumpsLines()
        lines.add(solution.text, of: problem)
        let jumps = Jumps(text: problem.text)
        (self.problem, actor, succeeded) = (problem.id, solution.actor.name, solution.outcome == 1)
        (self.lines, self.truths, self.readings) = (lines, truths, readings)
        isRight = prefixes.map { prefix in jumps.map { $0.isRight(prefix.text, lines: prefix.step) } }
        written = prefixes.map(\.step)
        left = prefixes.map { prefix in (jumps?.groups.count ?? prefix.steps.count) - prefix.step }
    }
}

extension JumpsCheck {
    /// The sum of no checks.
    static var exactSoFar: JumpsCheck {
        var check = JumpsCheck()
        check.isExact = true
        return check
    }
}
