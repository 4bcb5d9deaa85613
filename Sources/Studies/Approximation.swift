import Acting
import Compute
import Critics
import Generation
import Problems

/// How near critics come to the truth (method.md section 5): actors solve problems in turn, every prefix of their
/// solutions is measured by fresh rollouts, and each critic's squared error is set beside that of the best constant
/// guess and of a rival.
package struct Approximation: Sendable {
    /// What is measured, beside problems and critics.
    package struct Options: Sendable {
        /// Fresh rollouts of each prefix, M.
        package var rollouts = 64
        /// Prefixes of a solution at most.
        package var maxPrefixes = 8
        /// Of solutions and fresh rollouts alike.
        package var seed: UInt64 = 0

        package init() {}
    }

    /// An actor whose solutions are rated.
    package struct Subject: Sendable {
        /// Who solves the problems.
        package let actor: Actor
        /// What critics are told of it, measured on other problems.
        package let snapshot: ActorSnapshot
        /// Counts fresh rollouts of it.
        package let truth: MonteCarlo

        /// An actor, what is told of it, and what counts its rollouts.
        package init(actor: Actor, snapshot: ActorSnapshot, truth: MonteCarlo) {
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
    package struct Contender: Sendable {
        /// As tables and pictures call it.
        package let name: String
        /// One estimator for each training seed.
        package let runs: [any ValueEstimator]
        /// The place of the contender that it is set beside; its own: none; nil: the one before.
        package var rival: Int?

        /// One contender; `rival` is a place among the contenders.
        package init(name: String, runs: [any ValueEstimator], rival: Int? = nil) {
            (self.name, self.runs, self.rival) = (name, runs, rival)
        }

        /// Whom it is set beside, when it stands at `place` of `count`.
        func rival(at place: Int, of count: Int) -> Int? {
            let rival = self.rival ?? place - 1
            return rival != place && (0..<count).contains(rival) ? rival : nil
        }
    }

    /// As they were given.
    package let options: Options

    /// A study that has not run.
    package init(options: Options) { self.options = options }

    /// - Parameters:
    ///   - log: keeps each problem's measurement; nil: nothing is kept.
    ///   - part: what the study calls these problems, where it has several sets of them.
    ///   - progress: problems done.
    /// - Throws: what the estimators throw; `GenerationError.cancelled` when cancelled.
    package func run(
        problems: [Problem], subjects: [Subject], critics: [Contender], log: StudyLog? = nil, part: String = "",
        cancellation: Cancellation, progress: (Int) -> Void
    ) throws -> ApproximationReport {
        var measurements: [ApproximationMeasurement] = [], tooLong: CriticsError?
        for (index, problem) in problems.enumerated() where !subjects.isEmpty {
            progress(index)
            do {
                measurements.append(
                    try log.kept("\(part)/\(problem.id)") {
                        try measure(problem, subjects[index % subjects.count], critics, cancellation)
                    })
            } catch let error as CriticsError where error.isTooLong {
                // What one critic cannot read is left out for all, so that they are compared on the same prefixes.
                tooLong = error
            }
        }
        progress(problems.count)
        if measurements.isEmpty, let tooLong { throw tooLong }
        return try ApproximationReport(measurements, critics, options, leftOut: problems.count - measurements.count)
    }

    private func measure(
        _ problem: Problem, _ subject: Subject, _ critics: [Contender], _ cancellation: Cancellation
    ) throws -> ApproximationMeasurement {
        let solved = try subject.solved(problem, seed: options.seed, cancellation)
        var solution = solved.solution
        solution.id = problem.id
        let prefixes = try SolutionPrefix.selected(
            problem: problem, solution: solution, steps: solved.steps, maximum: options.maxPrefixes)
        let truths = try subject.truth.values(for: prefixes, cancellation: cancellation, progress: nil)
        let readings = try critics.map { critic in
            try critic.runs.map { run in
                ApproximationMeasurement.Reading(
                    try run.values(for: prefixes, cancellation: cancellation, progress: nil), of: prefixes)
            }
        }
        if cancellation.isCancelled { throw GenerationError.cancelled }
        return ApproximationMeasurement(
            solution, of: problem, prefixes, truths: try truths.map { try $0.measured }, readings)
    }
}

extension Valuation {
    /// What Monte Carlo measured.
    fileprivate var measured: MeasuredRate {
        get throws {
            guard let rollouts else { throw CriticsError.noValue(prefix: "\(prefix)", estimator: estimator) }
            return MeasuredRate(rate: try known, rollouts: rollouts.count)
        }
    }
}
