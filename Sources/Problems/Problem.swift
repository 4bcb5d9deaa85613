/// A question with, where known, its reference answer, and the two rules that read a solution of it.
public struct Problem: Sendable, Codable, Equatable, Identifiable {
    /// Given by the workspace, never reused.
    public var id: Int
    public var text: String
    /// Nil when unknown: solutions of this problem then have no outcome.
    public var answer: String?
    /// Where it came from: `FILE:LINE`, `starter:jumps:test`, or `typed`.
    public var source: String
    public var grader: GraderKind
    public var stepRule: StepRule

    public init(
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
