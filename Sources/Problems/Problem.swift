/// A question with, where known, its reference answer, and the two rules that read a solution of it.
package struct Problem: Sendable, Codable, Equatable, Identifiable {
    /// Given by the workspace, never reused.
    package var id: Int
    /// As actors and critics read it.
    package var text: String
    /// Nil when unknown: solutions of this problem then have no outcome.
    package var answer: String?
    /// Where it came from: `FILE:LINE`, a task's set, or `typed`.
    package var source: String
    /// Reads a solution's answer.
    package var grader: GraderKind
    /// Cuts a solution into steps.
    package var stepRule: StepRule

    /// - Parameter id: 0 for one that the workspace is to number.
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

    /// The verdict on a solution's text; nil when the problem has no reference answer.
    package func grade(_ text: String) -> Verdict? { answer.map { grader.grader.grade(text, answer: $0) } }
}
