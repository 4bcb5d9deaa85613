import Compute
import Critics
import Problems

/// How often actors solve held-out problems: all of them solve the same ones under the same random numbers, and each is set
/// beside the first.
public struct Success: Sendable {
    public struct Options: Sendable {
        /// Solutions of each problem.
        public var samples = 1
        public var seed: UInt64 = 0

        public init() {}
    }

    /// An actor, or several that differ only in the seed they were trained under: their successes are averaged problem by problem.
    public struct Contender: Sendable {
        public let name: String
        public let runs: [Actor]

        public init(name: String, runs: [Actor]) { (self.name, self.runs) = (name, runs) }
    }

    public struct Row: Sendable {
        public let name: String
        public let rate: Double
        /// The same of each run alone.
        public let rates: [Double]
        /// Less the first row's, paired over problems; nil for the first.
        public let againstFirst: PairedDifference?
        /// Tokens of a solution, and the share that was cut off.
        public let length: Double
        public let cutOff: Double
    }

    public let options: Options

    public init(options: Options) { self.options = options }

    /// - Parameter progress: runs of actors done.
    /// - Throws: what solving throws; `GenerationError.cancelled` when cancelled.
    public func run(
        problems: [Problem], actors: [Contender], cancellation: Cancellation, progress: (Int) -> Void
    ) throws -> [Row] {
        let key = RandomKey(seed: options.seed, purpose: .test)
        var rows: [Row] = [], first: [Double]?, done = 0
        for contender in actors {
            let results = try contender.runs.map { actor in
                progress(done)
                done += 1
                return try solved(problems, actor, cancellation)
            }
            let mean = problems.indices.map { place in results.reduce(0) { $0 + $1.rates[place] } / Double(results.count) }
            let solutions = results.flatMap(\.solutions)
            rows.append(
                Row(
                    name: contender.name, rate: mean.mean, rates: results.map(\.rates.mean),
                    againstFirst: try first.map { try PairedDifference(mean, $0, cluster: problems.map(\.id), key: key) },
                    length: solutions.map { Double($0.ids.count) }.mean,
                    cutOff: solutions.map { $0.finish == .length ? 1 : 0 }.mean))
            first = first ?? mean
        }
        progress(done)
        return rows
    }

    /// - Returns: Each problem's share of right solutions.
    private func solved(_ problems: [Problem], _ actor: Actor, _ cancellation: Cancellation) throws -> (rates: [Double], solutions: [Solution]) {
        let orders = problems.flatMap { problem in
            (0..<options.samples).map { sample in
                Actor.Order(
                    problem: problem, key: RandomKey(seed: options.seed, purpose: .sampling, problem: UInt64(problem.id), sample: UInt64(sample)))
            }
        }
        let solutions = try actor.solve(orders, as: actor.snapshot(rate: nil), cancellation: cancellation).map(\.solution)
        let rates = problems.indices.map { place in
            solutions[place * options.samples..<(place + 1) * options.samples].reduce(0) { $0 + ($1.outcome ?? 0) } / Double(options.samples)
        }
        return (rates, solutions)
    }
}
