import Acting
import Compute
import Critics
import Formats
import Generation
import Problems

/// How well critics choose among next steps (method.md section 5): at a state of an actor's solution several next steps
/// are drawn, the truth of each is measured by fresh rollouts that no estimator has seen, and each critic's first
/// choice is looked up in it. A pool of n is the first n draws, duplicates dropped; one whose steps are all worth the
/// same asks nothing and is left out. Ties are shared: a critic that cannot tell two steps apart has half a choice in
/// each.
package struct Ranking: Sendable {
    /// Draws in a pool, ascending.
    package static let poolSizes = [2, 4, 8, 16]
    /// Distinct steps that a state must have in all.
    package static let fewest = 3

    /// One critic's choices.
    package struct Row: Sendable {
        /// The contender's name.
        package let name: String
        /// For each size of pool the share of first choices that are of the best.
        package let top1: [Double]
        /// Their intervals.
        package let top1Intervals: [Interval]
        /// The same less its rival's; empty for one without.
        package let againstRival: [PairedDifference]
        /// The share of pairs of unequal worth that are put in their order.
        package let pairs: Double
        /// True success rate of the steps chosen from the largest pools.
        package let chosen: Double
    }

    /// All critics' choices at the same states.
    package struct Report: Sendable {
        /// M, fresh rollouts of each step.
        package let rollouts: Int
        /// States with at least `fewest` distinct steps, and for each size of pool those whose steps differ in worth.
        package let states: Int
        /// [pool sizes]: pools whose steps differ in worth.
        package let pools: [Int]
        /// For each size of pool how often a blind choice is of the best, and what it is worth in the largest.
        package let chance: [Double]
        /// The mean success rate of a step chosen blindly from the largest pool, in 0...1.
        package let blind: Double
        /// One of each contender, in their order.
        package let rows: [Row]
    }

    private let seed: UInt64
    private let rollouts: Int

    /// - Parameter rollouts: M, only to be reported.
    package init(rollouts: Int, seed: UInt64) { (self.rollouts, self.seed) = (rollouts, seed) }

    /// One state of each problem.
    /// - Parameters:
    ///   - log: keeps each problem's measurement; nil: nothing is kept.
    ///   - part: what the study calls these problems, where it has several sets of them.
    ///   - progress: problems done.
    /// - Throws: what the estimators throw; `GenerationError.cancelled` when cancelled; ``NothingToRank``.
    package func run(
        problems: [Problem], subjects: [Approximation.Subject], critics: [Approximation.Contender],
        log: StudyLog? = nil,
        part: String = "", cancellation: Cancellation, progress: (Int) -> Void
    ) throws -> Report {
        var states: [RankedState] = []
        for (index, problem) in problems.enumerated() where !subjects.isEmpty {
            progress(index)
            states += try log.kept("\(part)/\(problem.id)") {
                let state = try readable {
                    try self.state(of: problem, subjects[index % subjects.count], critics, cancellation)
                }
                if cancellation.isCancelled { throw GenerationError.cancelled }
                return [state].compactMap { $0 }
            }
        }
        progress(problems.count)
        guard Self.poolSizes.allSatisfy({ size in states.contains { $0.asks(pool: size) } }) else {
            throw NothingToRank(problems: problems.count, states: states.count)
        }
        return try report(states, critics)
    }

    /// Nil for a state that is longer than a critic can read.
    private func readable(_ state: () throws -> RankedState?) throws -> RankedState? {
        do {
            return try state()
        } catch let error as CriticsError where error.isTooLong {
            return nil
        }
    }

    private func state(
        of problem: Problem, _ subject: Approximation.Subject, _ critics: [Approximation.Contender],
        _ cancellation: Cancellation
    ) throws -> RankedState? {
        let solved = try subject.solved(problem, seed: seed, cancellation)
        let pick = RandomKey(seed: seed, purpose: .pool, problem: UInt64(problem.id))
        guard solved.steps.count > 1 else { return nil }
        let state = try SolutionPrefix(
            problem: problem, solution: solved.solution, steps: solved.steps,
            step: pick.index(below: solved.steps.count, UInt64.max))
        let most = Self.poolSizes.max() ?? 1
        let drawn = try Alternatives(at: state, by: subject.actor, count: most, key: pick, cancellation: cancellation)
        guard drawn.prefixes.count >= Self.fewest, drawn.draws.count == most else { return nil }
        let truths = try subject.truth.values(for: drawn.prefixes, cancellation: cancellation, progress: nil)
        let values = try critics.map { critic in
            try critic.runs.map { try $0.values(for: drawn.prefixes, cancellation: cancellation, progress: nil) }
        }
        if cancellation.isCancelled { throw GenerationError.cancelled }
        return RankedState(
            problem: problem.id, draws: drawn.draws, truths: try truths.map { try $0.known },
            values: try values.map { try $0.map { try $0.map { try $0.known } } })
    }

    private func report(_ states: [RankedState], _ critics: [Approximation.Contender]) throws -> Report {
        let key = RandomKey(seed: seed, purpose: .test)
        let pools = Self.poolSizes.map { size in states.filter { $0.asks(pool: size) } }
        let largest = Self.poolSizes.count - 1
        let everyHit = critics.indices.map { place in
            zip(Self.poolSizes, pools).map { size, states in states.map { $0.mean(of: place, \.hit, pool: size) } }
        }
        let rows = try critics.indices.map { place -> Row in
            let hits = everyHit[place], rival = critics[place].rival(at: place, of: critics.count)
            return Row(
                name: critics[place].name, top1: hits.map(\.mean),
                top1Intervals: try zip(hits, pools).map { hits, states in
                    try PairedDifference(hits, hits.map { _ in 0 }, cluster: states.map(\.problem), key: key).interval
                },
                againstRival: try rival.map { rival in
                    try hits.indices.map {
                        try PairedDifference(hits[$0], everyHit[rival][$0], cluster: pools[$0].map(\.problem), key: key)
                    }
                } ?? [],
                pairs: states.compactMap { $0.pairs(of: place) }.mean,
                chosen: pools[largest].map { $0.mean(of: place, \.worth, pool: Self.poolSizes[largest]) }.mean)
        }
        return Report(
            rollouts: rollouts, states: states.count, pools: pools.map(\.count),
            chance: zip(Self.poolSizes, pools).map { size, states in states.map { $0.blind(pool: size).hit }.mean },
            blind: pools[largest].map { $0.blind(pool: Self.poolSizes[largest]).worth }.mean, rows: rows)
    }
}

/// No state of any problem asks what a critic would choose.
package struct NothingToRank: GenacError {
    package let what: String
    package let location: String? = nil
    package let hint: String? = "give more problems, or an actor that solves some of them and samples warmer"

    init(problems: Int, states: Int) {
        what =
            "of \(problems) problems \(states) have a state with \(Ranking.fewest) different next steps, and in some "
            + "size of pool none differ in worth"
    }
}
