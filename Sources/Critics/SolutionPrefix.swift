import Problems
import Tokenizers

/// A prefix with all that an estimator needs to know of it.
public struct SolutionPrefix: Sendable {
    public let problem: Problem
    public let solution: Solution
    /// All steps of the solution, a partition of its ids.
    public let steps: [Step]
    /// 0 for the bare problem.
    public let step: Int

    /// - Throws: ``CriticsError/noSuchPrefix(prefix:steps:)``.
    public init(problem: Problem, solution: Solution, steps: [Step], step: Int) throws {
        guard (0...steps.count).contains(step), (steps.last?.tokens.upperBound ?? 0) <= solution.ids.count else {
            throw CriticsError.noSuchPrefix(prefix: "\(solution.id).\(step)", steps: steps.count)
        }
        self.problem = problem
        self.solution = solution
        self.steps = steps
        self.step = step
    }

    /// The prefixes scored when none is named, see ``PrefixSelection``.
    public static func selected(
        problem: Problem, solution: Solution, steps: [Step], maximum: Int
    ) throws -> [SolutionPrefix] {
        try PrefixSelection.evenlySpaced(steps: steps.count, maximum: maximum).map {
            try SolutionPrefix(problem: problem, solution: solution, steps: steps, step: $0)
        }
    }

    public var prefix: Prefix { Prefix(solution: solution.id, step: step) }

    /// The ids of the last step alone, offsets into the solution's; empty for the bare problem.
    public var tokens: Range<Int> { step == 0 ? 0..<0 : steps[step - 1].tokens }

    /// The last step alone.
    public var stepText: String { step == 0 ? "" : steps[step - 1].text }

    /// All sampled ids up to and with the last step.
    public var ids: ArraySlice<TokenID> { solution.ids[..<tokens.upperBound] }

    /// Whether nothing is left to write, so that its value is its outcome.
    public var isFullResponse: Bool { !steps.isEmpty && step == steps.count }

    /// What has been written so far, cut before trailing blank space: text cut after a newline would be
    /// tokenised together with what the prompt says next, and would share no trunk with longer prefixes.
    public var text: String {
        String(steps[..<step].map(\.text).joined()[...].trimming(while: \.isWhitespace, leading: false))
    }
}
