/// Alternative next steps with what they are worth and what each estimator says of them.
package struct RankedState: Codable {
    /// The id of its problem.
    package let problem: Int
    /// For each draw the place of its step.
    package let draws: [Int]
    /// [steps]: success rates.
    package let truths: [Double]
    /// [estimators][runs][steps].
    package let values: [[[Double]]]

    /// A state as it was measured.
    package init(problem: Int, draws: [Int], truths: [Double], values: [[[Double]]]) {
        (self.problem, self.draws, self.truths, self.values) = (problem, draws, truths, values)
    }

    /// What a choice comes to.
    package struct Choice {
        /// Whether it is of the best, as a probability.
        package var hit: Double
        /// Its success rate.
        package var worth: Double
    }

    /// The distinct steps among the first `size` draws, ascending: sums must come out the same each time.
    private func members(pool size: Int) -> [Int] { Set(draws.prefix(size)).sorted() }

    /// Whether it makes a difference which step of the pool is chosen.
    package func asks(pool size: Int) -> Bool { Set(members(pool: size).map { truths[$0] }).count > 1 }

    /// A choice by lot.
    package func blind(pool size: Int) -> Choice { choice(among: members(pool: size), of: members(pool: size)) }

    /// An estimator's choice, averaged over its runs.
    package func mean(of estimator: Int, _ what: KeyPath<Choice, Double>, pool size: Int) -> Double {
        let pool = members(pool: size)
        return values[estimator].map { values in
            let highest = pool.map { values[$0] }.max()
            return choice(among: pool.filter { values[$0] == highest }, of: pool)[keyPath: what]
        }.mean
    }

    private func choice(among chosen: [Int], of pool: [Int]) -> Choice {
        let best = pool.map { truths[$0] }.max()
        return Choice(hit: chosen.map { truths[$0] == best ? 1 : 0 }.mean, worth: chosen.map { truths[$0] }.mean)
    }

    /// The share of pairs of unequal worth that an estimator puts in their order; nil where all are worth the same.
    package func pairs(of estimator: Int) -> Double? {
        let pairs = truths.indices.flatMap { a in truths.indices.filter { truths[a] > truths[$0] }.map { (a, $0) } }
        guard !pairs.isEmpty else { return nil }
        return values[estimator].map { values in
            pairs.map { values[$0] > values[$1] ? 1 : values[$0] == values[$1] ? 0.5 : 0 }.mean
        }.mean
    }
}
