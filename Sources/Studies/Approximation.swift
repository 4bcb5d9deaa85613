import Compute
import Critics
import Generation
import Problems
import Tokenizers

/// How near critics come to the truth (method.md section 5): an actor solves problems, every prefix of its solutions
/// is measured by fresh rollouts, and each critic's squared error is set beside that of the best constant guess.
public struct Approximation: Sendable {
    public struct Options: Sendable {
        public var problems = 100
        /// Fresh rollouts of each prefix, M.
        public var rollouts = 64
        /// Prefixes of a solution at most.
        public var maxPrefixes = 8
        public var sampling = Sampling()
        public var seed: UInt64 = 0

        public init() {}
    }

    /// One critic's figures.
    public struct Row: Sendable {
        public let critic: String
        /// Mean squared error against the true rate, the rollouts' own noise taken off.
        public let error: Double
        public let meanAbsoluteError: Double
        /// This critic's error less the constant guess's, paired over prefixes, drawn by problem.
        public let againstConstant: PairedDifference
        /// The share of chains that did not end in a score by themselves.
        public let parseFailureRate: Double
        /// Only where the task has an exact solver: the re-checked operations.
        public let checks: JumpsCheck?
    }

    public struct Report: Sendable {
        public let problems: Int
        public let prefixes: Int
        public let rollouts: Int
        /// Of the first, unbranched solution of each problem.
        public let successes: Int
        public let successInterval: Interval
        /// The mean of the measured truths: the best constant for these very prefixes.
        public let constant: Double
        public let constantError: Double
        public let rows: [Row]
        /// Only of the starter task: how often a line is right by its number of operations, going on from the digit
        /// the line before it claimed.
        public let lines: [LineCount]
    }

    public struct LineCount: Sendable {
        public let operations: Int
        public let right: Int
        public let total: Int
    }

    public let options: Options

    public init(options: Options) { self.options = options }

    /// - Parameters:
    ///   - solve: one solution of a problem, with its steps.
    ///   - truth: counts fresh rollouts; see ``MonteCarlo``.
    ///   - progress: what is being done, and how far.
    /// - Throws: what the estimators throw; `GenerationError.cancelled` when cancelled.
    public func run(
        problems: [Problem], solve: (Problem) throws -> (solution: Solution, steps: [Step]), truth: MonteCarlo,
        critics: [any ValueEstimator], cancellation: Cancellation, progress: (String, Int, Int) -> Void
    ) throws -> Report {
        var prefixes: [SolutionPrefix] = [], measured: [MeasuredRate] = [], successes = 0
        var lines: [Int: (right: Int, total: Int)] = [:]
        var valuations = critics.map { _ in [Valuation]() }
        for (index, problem) in problems.enumerated() {
            progress("problems", index, problems.count)
            let (solution, steps) = try solve(problem)
            successes += solution.outcome == 1 ? 1 : 0
            Self.count(solution, of: problem, into: &lines)
            let chosen = try SolutionPrefix.selected(
                problem: problem, solution: solution, steps: steps, maximum: options.maxPrefixes)
            let truths = try truth.values(for: chosen, cancellation: cancellation, progress: nil)
            for (place, critic) in critics.enumerated() {
                valuations[place] += try critic.values(for: chosen, cancellation: cancellation, progress: nil)
            }
            if cancellation.isCancelled { throw GenerationError.cancelled }
            prefixes += chosen
            measured += truths.map { MeasuredRate(rate: $0.value ?? 0, rollouts: $0.rollouts?.count ?? 0) }
        }
        progress("problems", problems.count, problems.count)
        let constant = measured.reduce(0) { $0 + $1.rate } / Double(max(1, measured.count))
        let rows = try zip(critics, valuations).map { critic, values in
            try row(critic.name, values, prefixes, measured, constant: constant)
        }
        return Report(
            problems: problems.count, prefixes: prefixes.count, rollouts: options.rollouts, successes: successes,
            successInterval: .wilson(successes: Double(successes), trials: problems.count), constant: constant,
            constantError: try Calibration.meanSquaredError(measured.map { _ in constant }, against: measured), rows: rows,
            lines: lines.keys.sorted().map { size in
                LineCount(operations: size, right: lines[size]?.right ?? 0, total: lines[size]?.total ?? 0)
            })
    }

    private static func count(_ solution: Solution, of problem: Problem, into lines: inout [Int: (right: Int, total: Int)]) {
        guard let jumps = Jumps(text: problem.text) else { return }
        var from: Int? = jumps.start
        for (group, claim) in zip(jumps.groups, jumps.claims(in: solution.text)) {
            guard let digit = from else { return }
            let right = group.reduce(digit) { $1($0) } == claim
            lines[group.count, default: (0, 0)].right += right ? 1 : 0
            lines[group.count, default: (0, 0)].total += 1
            from = claim
        }
    }

    private func row(
        _ name: String, _ valuations: [Valuation], _ prefixes: [SolutionPrefix], _ truths: [MeasuredRate], constant: Double
    ) throws -> Row {
        // A chain without a value is worth what is known without it.
        let values = valuations.map { $0.value ?? constant }
        let chains = valuations.flatMap(\.chains)
        let squares = try zip(values, truths).map { try Calibration.squaredError($0, against: $1) }
        let constants = try truths.map { try Calibration.squaredError(constant, against: $0) }
        return Row(
            critic: name, error: squares.reduce(0, +) / Double(squares.count),
            meanAbsoluteError: zip(values, truths).reduce(0) { $0 + abs($1.0 - $1.1.rate) } / Double(values.count),
            againstConstant: try PairedDifference(
                squares, constants, cluster: prefixes.map(\.problem.id), key: RandomKey(seed: options.seed, purpose: .test)),
            parseFailureRate: chains.isEmpty ? 0 : Double(chains.count { $0.status != .parsed }) / Double(chains.count),
            checks: checks(valuations, prefixes))
    }

    private func checks(_ valuations: [Valuation], _ prefixes: [SolutionPrefix]) -> JumpsCheck? {
        var sum: JumpsCheck?
        for (valuation, prefix) in zip(valuations, prefixes) {
            guard let jumps = Jumps(text: prefix.problem.text) else { continue }
            for chain in valuation.chains {
                sum = (sum ?? .exactSoFar) + jumps.check(chain: chain.text, claims: jumps.claims(in: prefix.text))
            }
        }
        return sum
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
