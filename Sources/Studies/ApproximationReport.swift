import Acting
import Compute
import Critics
import Problems

/// What a study of approximation found.
package struct ApproximationReport: Sendable {
    /// One critic's figures; those of several runs are means over them.
    package struct Row: Sendable {
        /// The contender's name.
        package let critic: String
        /// Mean squared error against the true rate, the rollouts' own noise taken off, with its interval drawn by
        /// problem.
        package let error: PairedDifference
        /// The same of each run alone.
        package let errors: [Double]
        /// Mean |v - p̂|, in 0...1; the rollouts' own noise is in it.
        package let meanAbsoluteError: Double
        /// Correlation of values with measured rates, -1...1.
        package let pearson: Double
        /// The same of their ranks.
        package let spearman: Double
        /// How well values tell right beginnings from wrong ones; nil where nobody knows which are right.
        package let detection: Double?
        /// This critic's error less the constant guess's, paired over prefixes, drawn by problem.
        package let againstConstant: PairedDifference
        /// The same less its rival's; nil for one without.
        package let againstRival: PairedDifference?
        /// The share of chains that did not end in a score by themselves.
        package let parseFailureRate: Double
        /// Sampled tokens of the chains of one prefix.
        package let tokens: Double
        /// Only where the task has an exact solver: the re-checked operations.
        package let checks: ChainCheck?
        /// Tenths of 0...1 that values fell into: their mean, the mean truth, how many.
        package let reliability: [(value: Double, truth: Double, count: Int)]
    }

    /// Problems that were measured.
    package let problems: Int
    /// Problems beside these whose solution, with all that is read and thought of it, is longer than a critic can read.
    package let leftOut: Int
    /// Prefixes of all solutions.
    package let prefixes: Int
    /// M, fresh rollouts of each prefix.
    package let rollouts: Int
    /// Of the first, unbranched solution of each problem.
    package let successes: Int
    /// 95 %, Wilson, of `successes` in `problems`.
    package let successInterval: Interval
    /// The mean of the measured truths: the best constant for these very prefixes.
    package let constant: Double
    /// Mean squared error of `constant`, the rollouts' noise taken off.
    package let constantError: Double
    /// The error of who knows whether a beginning is right, and then looks up how often such beginnings of other
    /// problems succeed: by actor, right or wrong, and steps left. Nil where nobody knows.
    package let tableError: Double?
    /// One of each contender, in their order.
    package let rows: [Row]
    /// Only of a built-in task: how often a line is right by its number of operations.
    package let lines: StepTally

    init(
        _ measurements: [ApproximationMeasurement], _ critics: [Approximation.Contender],
        _ options: Approximation.Options, leftOut: Int
    ) throws {
        let truths = measurements.flatMap(\.truths), rates = truths.map(\.rate)
        (problems, self.leftOut) = (measurements.count, leftOut)
        prefixes = truths.count
        rollouts = options.rollouts
        successes = measurements.count { $0.succeeded }
        successInterval = .wilson(successes: Double(successes), trials: measurements.count)
        constant = rates.mean
        constantError = try Calibration.meanSquaredError(rates.map { [constant] _ in constant }, against: truths)
        tableError = try OutcomeTable(measurements)?.error(of: measurements)
        lines = measurements.reduce(StepTally()) { $0 + $1.lines }
        let figures = try Figures(
            measurements, critics, constant: constant, key: RandomKey(seed: options.seed, purpose: .test))
        rows = try critics.indices.map(figures.row)
    }
}

/// The figures of one critic after the other.
private struct Figures {
    let measurements: [ApproximationMeasurement]
    let truths: [MeasuredRate]
    let clusters: [Int]
    let constant: Double
    let constants: [Double]
    let key: RandomKey
    let critics: [Approximation.Contender]
    /// [critic, run, prefix]; a chain without a value is worth what is known without it.
    let values: [[[Double]]]
    /// [critic, run, prefix]
    let squares: [[[Double]]]
    /// [critic, prefix]: the mean over runs.
    let errors: [[Double]]

    init(
        _ measurements: [ApproximationMeasurement], _ critics: [Approximation.Contender], constant: Double,
        key: RandomKey
    ) throws {
        (self.measurements, self.critics, self.constant, self.key) = (measurements, critics, constant, key)
        truths = measurements.flatMap(\.truths)
        clusters = measurements.flatMap { measurement in measurement.truths.map { _ in measurement.problem } }
        constants = try truths.map { try Calibration.squaredError(constant, against: $0) }
        values = critics.enumerated().map { place, critic in
            critic.runs.indices.map { run in
                measurements.flatMap { $0.readings[place][run].values }.map { $0 ?? constant }
            }
        }
        squares = try values.map { [truths] runs in
            try runs.map { try zip($0, truths).map { try Calibration.squaredError($0, against: $1) } }
        }
        errors = squares.map { [truths] runs in truths.indices.map { index in runs.map { $0[index] }.mean } }
    }

    func row(_ place: Int) throws -> ApproximationReport.Row {
        let critic = critics[place], values = values[place], squares = squares[place], mean = errors[place]
        let rates = truths.map(\.rate),
            readings = critic.runs.indices.flatMap { run in measurements.map { $0.readings[place][run] } }
        let other = critic.rival(at: place, of: critics.count).map { errors[$0] }
        let chains = readings.reduce(0) { $0 + $1.chains }
        return ApproximationReport.Row(
            critic: critic.name, error: try PairedDifference(mean, mean.map { _ in 0 }, cluster: clusters, key: key),
            errors: squares.map(\.mean),
            meanAbsoluteError: values.flatMap { zip($0, rates).map { abs($0 - $1) } }.mean,
            pearson: values.map { Agreement.pearson($0, rates) }.mean,
            spearman: values.map { Agreement.spearman($0, rates) }.mean,
            detection: detection(values),
            againstConstant: try PairedDifference(mean, constants, cluster: clusters, key: key),
            againstRival: try other.map { try PairedDifference(mean, $0, cluster: clusters, key: key) },
            parseFailureRate: Double(readings.reduce(0) { $0 + $1.unparsed }) / Double(max(chains, 1)),
            tokens: Double(readings.reduce(0) { $0 + $1.tokens }) / Double(truths.count * critic.runs.count),
            checks: readings.compactMap(\.check).reduce(nil) { sum, next in sum.map { $0 + next } ?? next },
            reliability: reliability(values.flatMap { Array(zip($0, rates)) }))
    }

    /// Of beginnings with something written.
    private func detection(_ values: [[Double]]) -> Double? {
        let isRight = measurements.flatMap(\.isRight), written = measurements.flatMap(\.written)
        let known = isRight.indices.filter { isRight[$0] != nil && written[$0] > 0 }
        let areas = values.compactMap { values in
            Agreement.areaUnderCurve(known.map { values[$0] }, isRight: known.map { isRight[$0] == true })
        }
        return areas.isEmpty ? nil : areas.mean
    }

    private func reliability(_ pairs: [(Double, Double)]) -> [(value: Double, truth: Double, count: Int)] {
        (0..<10).compactMap { tenth in
            let own = pairs.filter { Int(max(0, min($0.0, 0.999)) * 10) == tenth }
            return own.isEmpty ? nil : (own.map(\.0).mean, own.map(\.1).mean, own.count)
        }
    }
}

/// How often beginnings succeed, by actor, whether all is right so far, and steps left.
private struct OutcomeTable {
    private struct Cell: Hashable {
        var actor: String
        var isRight: Bool
        var left: Int
    }

    private var sums: [Cell: (sum: Double, count: Int)] = [:]

    /// Nil where nobody knows which beginnings are right.
    init?(_ measurements: [ApproximationMeasurement]) {
        guard !measurements.isEmpty, measurements.allSatisfy({ !$0.isRight.contains(nil) }) else { return nil }
        for measurement in measurements {
            for (cell, truth) in Self.cells(measurement) {
                sums[cell, default: (0, 0)].sum += truth.rate
                sums[cell, default: (0, 0)].count += 1
            }
        }
    }

    private static func cells(_ measurement: ApproximationMeasurement) -> [(Cell, MeasuredRate)] {
        measurement.truths.indices.map { index in
            let cell = Cell(
                actor: measurement.actor, isRight: measurement.isRight[index] == true, left: measurement.left[index])
            return (cell, measurement.truths[index])
        }
    }

    /// Mean squared error, each problem looked up in what the others have shown; one half where they have shown
    /// nothing.
    func error(of measurements: [ApproximationMeasurement]) throws -> Double {
        try measurements.flatMap { measurement in
            let own = Self.cells(measurement)
            return try own.map { cell, truth in
                let mine = own.filter { $0.0 == cell }, all = sums[cell] ?? (0, 0)
                let count = all.count - mine.count, sum = all.sum - mine.reduce(0) { $0 + $1.1.rate }
                return try Calibration.squaredError(count > 0 ? sum / Double(count) : 0.5, against: truth)
            }
        }.mean
    }
}
