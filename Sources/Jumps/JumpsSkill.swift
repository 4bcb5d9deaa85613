import Foundation

/// How often an actor's line is right, by the number of operations it jumps over: what an exact critic needs, beside
/// its own checking, to say what a beginning is worth.
package struct JumpsSkill: Sendable, Codable, Equatable {
    /// `accuracy[n - 1]` is the share of right lines over n operations; the last one stands for longer groups too.
    package var accuracy: [Double]

    /// - Parameter accuracy: as ``accuracy``, each in 0...1.
    package init(accuracy: [Double]) {
        self.accuracy = accuracy
    }

    /// The share of right lines over so many operations; 0 when nothing is known.
    package func accuracy(operations: Int) -> Double {
        guard let last = accuracy.last else { return 0 }
        return operations <= accuracy.count ? accuracy[max(operations, 1) - 1] : last
    }

    /// The chance that a solution beginning with these claims ends right. After a wrong line only another error
    /// can mend the result, one in nine of them.
    package func value(of problem: Jumps, after claims: [Int?]) -> Double {
        let isRight = zip(claims, problem.results).allSatisfy { $0 == $1 }
        return problem.groups.dropFirst(claims.count).reduce(isRight ? 1 : 0) { value, group in
            let accuracy = accuracy(operations: group.count)
            return value * accuracy + (1 - value) * (1 - accuracy) / 9
        }
    }

    /// The share of a difficulty's problems that an actor of this skill solves.
    package func successRate(_ difficulty: JumpsDifficulty) -> Double {
        let sizes = difficulty.operations.map { accuracy(operations: $0) }
        let line = sizes.reduce(0, +) / Double(sizes.count)
        let rates = difficulty.groups.map { pow(line, Double($0)) }
        return rates.reduce(0, +) / Double(rates.count)
    }

    /// The skill an actor with this success rate most likely has, between the measured anchors.
    package static func typical(successRate: Double, difficulty: JumpsDifficulty = .init()) -> JumpsSkill {
        let rates = anchors.map { $0.successRate(difficulty) }
        guard let above = rates.firstIndex(where: { $0 >= successRate }), above > 0 else {
            return successRate >= (rates.last ?? 0) ? anchors[anchors.count - 1] : anchors[0]
        }
        let share = (successRate - rates[above - 1]) / (rates[above] - rates[above - 1])
        return JumpsSkill(
            accuracy: zip(anchors[above - 1].accuracy, anchors[above].accuracy).map { $0 + share * ($1 - $0) })
    }

    /// Line accuracies (1, 2, 3, 4 operations) met by actors on their way through training, worst first
    /// (Benchmarks/LOG.md has the runs).
    static let anchors: [JumpsSkill] = [
        JumpsSkill(accuracy: [0.10, 0.10, 0.10, 0.10]),
        JumpsSkill(accuracy: [0.90, 0.35, 0.15, 0.10]),
        JumpsSkill(accuracy: [0.99, 0.80, 0.30, 0.12]),
        JumpsSkill(accuracy: [0.995, 0.97, 0.60, 0.15]),
        JumpsSkill(accuracy: [1.0, 0.995, 0.85, 0.25]),
        JumpsSkill(accuracy: [1.0, 1.0, 0.97, 0.5]),
        JumpsSkill(accuracy: [1.0, 1.0, 1.0, 1.0]),
    ]
}
