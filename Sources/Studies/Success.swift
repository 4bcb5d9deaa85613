import Acting
import Compute
import Critics
import Problems

/// How often actors solve held-out problems: all of them solve the same ones under the same random numbers, and each is
/// set beside the first. Of several sets of problems the mean over the sets counts.
package struct Success: Sendable {
    /// How problems are solved.
    package struct Options: Sendable {
        /// Solutions of each problem.
        package var samples = 1
        /// The same for all actors, so that differences are paired.
        package var seed: UInt64 = 0

        package init() {}
    }

    /// An actor, or several that differ only in the seed they were trained under: their successes are averaged problem
    /// by problem.
    package struct Contender: Sendable {
        /// As tables and pictures call it.
        package let name: String
        /// One actor for each training seed.
        package let runs: [Actor]

        /// One contender.
        package init(name: String, runs: [Actor]) { (self.name, self.runs) = (name, runs) }
    }

    /// One actor's figures on one set of problems, or over all sets.
    package struct Figures: Sendable {
        /// The share of right solutions, in 0...1.
        package let rate: Double
        /// 95 %, drawn by problem.
        package let interval: Interval
        /// Each run's rate alone.
        package let rates: [Double]
        /// Less the first actor's, paired over problems; nil for the first.
        package let againstFirst: PairedDifference?
    }

    /// One contender's figures.
    package struct Row: Sendable {
        /// As tables and pictures call it.
        package let name: String
        /// [sets].
        package let sets: [Figures]
        /// Every set counts alike.
        package let mean: Figures
        /// Tokens of a solution, and the share that was cut off.
        package let length: Double
        /// The share of solutions that the token limit truncated, in 0...1.
        package let cutOff: Double
    }

    /// All contenders on the same problems.
    package struct Report: Sendable {
        /// The sets' names.
        package let sets: [String]
        /// [sets]: how many each has.
        package let problems: [Int]
        /// One of each contender, in their order.
        package let rows: [Row]
    }

    /// As they were given.
    package let options: Options

    /// A study that has not run.
    package init(options: Options) { self.options = options }

    /// What one run of an actor did on one set of problems.
    private struct Measurement: Codable {
        /// [problems]: shares of right solutions.
        var rates: [Double]
        /// Tokens of all solutions, and how many were cut off.
        var tokens: Int
        var cutOff: Int
    }

    /// - Parameters:
    ///   - log: keeps what each run of an actor did on each set; nil: nothing is kept.
    ///   - progress: runs of actors done, each set counted.
    /// - Throws: what solving throws; `GenerationError.cancelled` when cancelled.
    package func run(
        sets: [(name: String, problems: [Problem])], actors: [Contender], log: StudyLog? = nil,
        cancellation: Cancellation, progress: (Int) -> Void
    ) throws -> Report {
        var done = 0
        /// [actors][sets][runs].
        let measured = try actors.map { contender in
            try sets.map { set in
                try contender.runs.enumerated().map { run, actor in
                    progress(done)
                    done += 1
                    return try log.kept("\(contender.name)/\(run)/\(set.name)") {
                        try measure(set.problems, actor, cancellation)
                    }
                }
            }
        }
        progress(done)
        let rows = try actors.indices.map {
            try row(actors[$0].name, measured[$0], beside: $0 > 0 ? measured[0] : nil, sets.map(\.problems.count))
        }
        return Report(sets: sets.map(\.name), problems: sets.map(\.problems.count), rows: rows)
    }

    private func row(_ name: String, _ measured: [[Measurement]], beside first: [[Measurement]]?, _ counts: [Int])
        throws -> Row
    {
        func means(_ runs: [Measurement]) -> [Double] {
            (runs.first?.rates ?? []).indices.map { problem in runs.map { $0.rates[problem] }.mean }
        }
        let own = measured.map(means), other = first.map { $0.map(means) }
        let all = measured.flatMap { $0 },
            solutions = counts.reduce(0, +) * options.samples * (measured.first?.count ?? 1)
        return Row(
            name: name,
            sets: try measured.indices.map { set in
                try figures([own[set]], [measured[set].map(\.rates.mean)], beside: other.map { [$0[set]] })
            },
            mean: try figures(own, measured.map { $0.map(\.rates.mean) }, beside: other),
            length: Double(all.reduce(0) { $0 + $1.tokens }) / Double(solutions),
            cutOff: Double(all.reduce(0) { $0 + $1.cutOff }) / Double(solutions))
    }

    /// - Parameters:
    ///   - own: [sets][problems].
    ///   - runs: [sets][runs].
    private func figures(_ own: [[Double]], _ runs: [[Double]], beside other: [[Double]]?) throws -> Figures {
        let key = RandomKey(seed: options.seed, purpose: .test)
        // A problem of a small set weighs as much more as makes the sets weigh alike; problems of different sets are
        // different ones.
        let total = own.joined().count
        let weights = own.flatMap { set in set.map { _ in Double(total) / Double(own.count * set.count) } }
        func weighted(_ rates: [[Double]]) -> [Double] { zip(rates.joined(), weights).map { $0 * $1 } }
        let mine = weighted(own), problems = Array(0..<total)
        let alone = try PairedDifference(mine, mine.map { _ in 0 }, cluster: problems, key: key)
        return Figures(
            rate: alone.mean, interval: alone.interval,
            rates: (runs.first ?? []).indices.map { run in runs.map { $0[run] }.mean },
            againstFirst: try other.map { try PairedDifference(mine, weighted($0), cluster: problems, key: key) })
    }

    private func measure(_ problems: [Problem], _ actor: Actor, _ cancellation: Cancellation) throws -> Measurement {
        let orders = problems.flatMap { problem in
            (0..<options.samples).map { sample in
                Actor.Order(
                    problem: problem,
                    key: RandomKey(
                        seed: options.seed, purpose: .sampling, problem: UInt64(problem.id), sample: UInt64(sample)))
            }
        }
        let solutions = try actor.solve(orders, as: actor.snapshot(rate: nil), cancellation: cancellation).map(
            \.solution)
        let rates = problems.indices.map { place in
            solutions[place * options.samples..<(place + 1) * options.samples].reduce(0) { $0 + ($1.outcome ?? 0) }
                / Double(options.samples)
        }
        return Measurement(
            rates: rates, tokens: solutions.reduce(0) { $0 + $1.ids.count },
            cutOff: solutions.count { $0.finish == .length })
    }
}
