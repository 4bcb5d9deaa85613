/// A question with, where known, its reference answer, and the two rules that read a solution of it.
package struct Problem: Sendable, Codable, Equatable, Identifiable {
    /// Given by the workspace, never reused.
    package var id: Int
    package var text: String
    /// Nil when unknown: solutions of this problem then have no outcome.
    package var answer: String?
    /// Where it came from: `FILE:LINE`, `starter:jumps:test`, or `typed`.
    package var source: String
    package var grader: GraderKind
    package var stepRule: StepRule

    package init(
        id: Int, text: String, answer: String? = nil, source: String = "typed",
        grader: GraderKind = .answer, stepRule: StepRule = .vine
    ) {
        self.id = id
        self.text = text
        self.answer = answer
        self.source = source
        self.grader = grader
        self.stepRule = stepRule
    }
}
