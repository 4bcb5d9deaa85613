import Generation
import Problems
import Tokenizers

/// A prefix with all that an estimator needs to know of it.
package struct SolutionPrefix: Sendable {
    /// What is being solved.
    package let problem: Problem
    /// The whole solution that it is the beginning of.
    package let solution: Solution
    /// All steps of the solution, a partition of its ids, or of its text where it has none.
    package let steps: [Step]
    /// 0 for the bare problem.
    package let step: Int

    /// - Throws: ``ActingError/noSuchPrefix(prefix:steps:)``.
    package init(problem: Problem, solution: Solution, steps: [Step], step: Int) throws {
        guard (0...steps.count).contains(step), (steps.last?.tokens.upperBound ?? 0) <= solution.ids.count else {
            throw ActingError.noSuchPrefix(prefix: "\(solution.id).\(step)", steps: steps.count)
        }
        self.problem = problem
        self.solution = solution
        self.steps = steps
        self.step = step
    }

    /// The prefixes scored when none is named, see ``PrefixSelection``.
    package static func selected(
        problem: Problem, solution: Solution, steps: [Step], maximum: Int
    ) throws -> [SolutionPrefix] {
        try PrefixSelection.evenlySpaced(steps: steps.count, maximum: maximum).map {
            try SolutionPrefix(problem: problem, solution: solution, steps: steps, step: $0)
        }
    }

    /// Its name, `2.3`.
    package var prefix: Prefix { Prefix(solution: solution.id, step: step) }

    /// The ids of the last step alone, offsets into the solution's; empty for the bare problem, and where the solution
    /// has none.
    package var tokens: Range<Int> { step == 0 ? 0..<0 : steps[step - 1].tokens }

    /// Where the last step stands: its ``tokens``, or its bytes in the text where the solution has no ids.
    package var place: Range<Int> {
        guard step > 0 else { return 0..<0 }
        return solution.ids.isEmpty ? steps[step - 1].bytes : steps[step - 1].tokens
    }

    /// The last step alone.
    package var stepText: String { step == 0 ? "" : steps[step - 1].text }

    /// All sampled ids up to and with the last step.
    package var ids: ArraySlice<TokenID> { solution.ids[..<tokens.upperBound] }

    /// Exactly what has been written so far: what an actor goes on from. ``text`` is for those that read it.
    package var written: Passage { Passage(text: steps[..<step].map(\.text).joined(), ids: Array(ids)) }

    /// Nothing where what has been written has ids.
    /// - Parameter need: what reads them.
    /// - Throws: ``GenerationError/lacks(model:_:need:)`` where the actor told none.
    package func requireIDs(for need: String) throws {
        guard step > 0, solution.ids.isEmpty else { return }
        throw GenerationError.lacks(model: solution.actor.name, .tokens, need: need)
    }

    /// Whether nothing is left to write, so that its value is its outcome.
    package var isFullResponse: Bool { !steps.isEmpty && step == steps.count }

    /// What has been written so far, cut before trailing blank space: text cut after a newline would be
    /// tokenised together with what the prompt says next, and would share no trunk with longer prefixes.
    package var text: String {
        String(written.text[...].trimming(while: \.isWhitespace, leading: false))
    }
}
