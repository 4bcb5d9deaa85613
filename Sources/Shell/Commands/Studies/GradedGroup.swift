import Acting
import Compute
import Problems
import Training

/// What a kept rollout and the other solutions of its problem came to: what `reward.command` says where it is set, else
/// what they were sampled with. Nobody knows of one that was not graded in time.
struct GradedGroup {
    let outcome: Double
    /// Of those that somebody graded.
    let others: [Double]
    /// How many others nobody graded in time.
    let timedOut: Int

    /// - Throws: ``ShellError`` where the rollout itself was not graded in time; what grading throws.
    init(_ row: SampledRow, number: Int, _ others: [SampledRow], _ context: CommandContext) throws {
        let reward = context.solving.reward, cancellation = context.console.cancellation
        func outcome(of row: SampledRow) throws -> Double? {
            // A solution that was cut off is worth what its run made of that.
            let isCutOff = row.solution.finish == .length && row.solution.outcome != nil
            guard let reward, !isCutOff else { return row.solution.outcome }
            guard let verdict = try reward.verdict(on: row.solution.text, of: row.problem, cancellation) else {
                throw ShellError.interrupted
            }
            return row.solution.finish == .length ? verdict.outcome.map { _ in 0 } : verdict.outcome
        }
        guard let own = try outcome(of: row) else {
            throw ShellError.refused(
                "rollout \(number) has no outcome: it was not graded in time, or the program could not tell",
                hint: reward == nil
                    ? "name another with --rollout, or `set reward.command PROGRAM` to have them graded now"
                    : "raise reward.timeout, or name another with --rollout")
        }
        let found = try others.map(outcome)
        self.outcome = own
        self.others = found.compactMap { $0 }
        timedOut = found.count { $0 == nil }
    }

    /// What cannot be shown, and why.
    var missing: [String] {
        let late = timedOut > 0 ? ["\(timedOut) other solutions of the problem, not graded"] : []
        guard others.isEmpty else { return late }
        let why = timedOut > 0 ? "no other solution was graded" : "the file has no other solution of the problem"
        return late + ["grpo and rloo: \(why)"]
    }
}
