import Compute
import Critics
import Generation
import Problems
import Tokenizers

/// How near critics come to the truth (method.md section 5): actors solve problems in turn, every prefix of their
/// solutions is measured by fresh rollouts, and each critic's squared error is set beside that of the best constant guess
/// and of a rival.
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

    /// An actor whose solutions are rated.
    public struct Subject: Sendable {
        public let actor: Actor
        /// What critics are told of it, measured on other problems.
        public let snapshot: ActorSnapshot
        /// Counts fresh rollouts of it.
        public let truth: MonteCarlo

        public init(actor: Actor, snapshot: ActorSnapshot, truth: MonteCarlo) {
            (self.actor, self.snapshot, self.truth) = (actor, snapshot, truth)
        }

        /// Its solution of a problem under a study's seed: the same in every study.
        func solved(_ problem: Problem, seed: UInt64, _ cancellation: Cancellation) throws -> Actor.Solved {
            let key = RandomKey(seed: seed, purpose: .sampling, problem: UInt64(problem.id))
            return try actor.solve([.init(problem: problem, key: key)], as: snapshot, cancellation: cancellation)[0]
        }
    }

    /// A critic, or several that differ only in the seed they were trained under: their squared errors are averaged
    /// prefix by prefix.
    public struct Contender: Sendable {
        public let name: String
        public let runs: [any ValueEstimator]
        /// The place of an earlier contender that it is set beside; its own: none; nil: the one before.
        public let rival: Int?

        public init(name: String, runs: [any ValueEstimator], rival: Int? = nil) { (self.name, self.runs, self.rival) = (name, runs, rival) }
    }

    /// One critic's figures.
    public struct Row: Sendable {
        public let critic: String
        /// Mean squared error against the true rate, the rollouts' own noise taken off.
        public let error: Double
        /// The same of each run alone.
        public let errors: [Double]
        public let meanAbsoluteError: Double
        /// This critic's error less the constant guess's, paired over prefixes, drawn by problem.
        public let againstConstant: PairedDifference
        /// The same less its rival's; nil for one without.
        public let againstRival: PairedDifference?
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
        /// Only of the starter task: how often a line is right by its number of operations.
        public let lines: JumpsLines
    }

    public let options: Options

    public init(options: Options) { self.options = options }

    /// - Parameter progress: problems done.
    /// - Throws: what the estimators throw; `GenerationError.cancelled` when cancelled.
    public func run(
        problems: [Problem], subjects: [Subject], critics: [Contender], cancellation: Cancellation, progress: (Int) -> Void
    ) throws -> Report {
        var prefixes: [SolutionPrefix] = [], measured: [MeasuredRate] = [], successes = 0
        var lines = JumpsLines()
        var valuations = critics.map { $0.runs.map { _ in [Valuation]() } }
        for (index, problem) in problems.enumerated() where !subjects.isEmpty {
            progress(index)
            let subject = subjects[index % subjects.count]
            let solved = try subject.solved(problem, seed: options.seed, cancellation)
            successes += solved.solution.outcome == 1 ? 1 : 0
            lines.add(solved.solution.text, of: problem)
            var solution = solved.solution
            solution.id = problem.id
            let chosen = try SolutionPrefix.selected(
                problem: problem, solution: solution, steps: solved.steps, maximum: options.maxPrefixes)
            let truths = try subject.truth.values(for: chosen, cancellation: cancellation, progress: nil)
            for (place, critic) in critics.enumerated() {
                for (run, estimator) in critic.runs.enumerated() {
                    valuations[place][run] += try estimator.values(for: chosen, cancellation: cancellation, progress: nil)
                }
            }
            if cancellation.isCancelled { throw GenerationError.cancelled }
            prefixes += chosen
            measured += truths.map { MeasuredRate(rate: $0.value ?? 0, rollouts: $0.rollouts?.count ?? 0) }
        }
        progress(problems.count)
        let constant = measured.reduce(0) { $0 + $1.rate } / Double(max(1, measured.count))
        return Report(
            problems: problems.count, prefixes: prefixes.count, rollouts: options.rollouts, successes: successes,
            successInterval: .wilson(successes: Double(successes), trials: problems.count), constant: constant,
            constantError: try Calibration.meanSquaredError(measured.map { _ in constant }, against: measured),
            rows: try rows(critics, valuations, prefixes, measured, constant: constant), lines: lines)
    }

    private func rows(
        _ critics: [Contender], _ valuations: [[[Valuation]]], _ prefixes: [SolutionPrefix], _ truths: [MeasuredRate], constant: Double
    ) throws -> [Row] {
        let clusters = prefixes.map(\.problem.id), key = RandomKey(seed: options.seed, purpose: .test)
        let constants = try truths.map { try Calibration.squaredError(constant, against: $0) }
        var means: [[Double]] = []
        return try zip(critics, valuations).enumerated().map { place, pair in
            let (critic, runs) = pair
            // A chain without a value is worth what is known without it.
            let values = runs.map { $0.map { $0.value ?? constant } }
            let squares = try values.map { try zip($0, truths).map { try Calibration.squaredError($0, against: $1) } }
            let mean = truths.indices.map { index in squares.reduce(0) { $0 + $1[index] } / Double(squares.count) }
            let chains = runs.flatMap { $0 }.flatMap(\.chains)
            let rival = means.indices.contains(critic.rival ?? place - 1) ? means[critic.rival ?? place - 1] : nil
            defer { means.append(mean) }
            return Row(
                critic: critic.name, error: mean.mean, errors: squares.map(\.mean),
                meanAbsoluteError: values.flatMap { zip($0, truths).map { abs($0 - $1.rate) } }.mean,
                againstConstant: try PairedDifference(mean, constants, cluster: clusters, key: key),
                againstRival: try rival.map { try PairedDifference(mean, $0, cluster: clusters, key: key) },
                parseFailureRate: chains.isEmpty ? 0 : Double(chains.count { $0.status != .parsed }) / Double(chains.count),
                checks: runs.compactMap { checks($0, prefixes) }.reduce(nil) { sum, next in sum.map { $0 + next } ?? next })
        }
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
