/// A question with, where known, its reference answer, and the two rules that read a solution of it.
package struct Problem: Sendable, Codable, Equatable, Identifiable {
    /// Given by the workspace, never reused.
    package var id: Int
    /// As people and critics read it, and actors that read no chat.
    package var text: String
    /// The messages that the actor is to answer, where they are more than one of the user's; ``text`` says them too.
    package var conversation: Conversation?
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
        id: Int, text: String, conversation: Conversation? = nil, answer: String? = nil, source: String = "typed",
        grader: GraderKind = .answer, stepRule: StepRule = .vine
    ) {
        self.id = id
        self.text = text
        self.conversation = conversation
        self.answer = answer
        self.source = source
        self.grader = grader
        self.stepRule = stepRule
    }

    /// The verdict on a solution's text; nil when the problem has no reference answer.
    package func grade(_ text: String) -> Verdict? { answer.map { grader.grader.grade(text, answer: $0) } }
}
