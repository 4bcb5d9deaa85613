import Compute
import Critics
import Foundation
import Problems

/// How many of some solutions are right.
struct Tally {
    var right = 0
    /// Those with an outcome.
    var graded = 0
    /// Those without: of a problem without an answer, or not graded in time.
    var ungraded = 0

    init() {}

    init(_ outcomes: [Double?]) {
        (right, graded) = (outcomes.count { $0 == 1 }, outcomes.count { $0 != nil })
        ungraded = outcomes.count - graded
    }

    static func + (left: Tally, right: Tally) -> Tally {
        var sum = left
        sum.right += right.right
        sum.graded += right.graded
        sum.ungraded += right.ungraded
        return sum
    }

    /// The 95 % interval of the share of right ones among several problems' solutions. Solutions of one problem are
    /// right together, so whole problems are drawn (a percentile bootstrap). Where that says nothing, because it is one
    /// problem or all are alike, it is Wilson's: of its solutions, or of as many tries as there are problems.
    static func interval(_ problems: [Tally]) throws -> Interval {
        let graded = problems.filter { $0.graded > 0 }, sum = graded.reduce(Tally(), +)
        if graded.count < 2 { return .wilson(successes: Double(sum.right), trials: sum.graded) }
        if sum.right == 0 || sum.right == sum.graded {
            return .wilson(successes: sum.right == 0 ? 0 : Double(graded.count), trials: graded.count)
        }
        let outcomes = graded.flatMap { one in (0..<one.graded).map { $0 < one.right ? 1.0 : 0 } }
        let clusters = graded.enumerated().flatMap { Array(repeating: $0.offset, count: $0.element.graded) }
        return try PairedDifference(
            outcomes, Array(repeating: 0, count: outcomes.count), cluster: clusters,
            key: RandomKey(seed: 0, purpose: .pool)
        ).interval
    }
}
