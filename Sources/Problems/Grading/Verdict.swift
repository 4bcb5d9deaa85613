/// What a grader decided about one solution, and what it read to decide so.
package struct Verdict: Sendable, Codable, Equatable {
    /// `unparsable`: no answer could be found in the text, or it could not be read as one; this is not *wrong*.
    package enum Status: String, Sendable, Codable {
        case right, wrong, unparsable
    }

    /// What was decided.
    package var status: Status
    /// The answer as it stands in the solution's text; nil when none was found.
    package var extracted: String?

    /// A decision, and what was read for it.
    package init(status: Status, extracted: String?) {
        self.status = status
        self.extracted = extracted
    }

    /// The reward: 1 when right, else 0.
    package var outcome: Double { status == .right ? 1 : 0 }
}

/// Turns a solution's text and the reference answer into a verdict. Pure, and linear in the length of its input.
package protocol Grader: Sendable {
    /// Whether what `text` (a whole solution) answers is `answer` (a reference, which may itself be marked).
    func grade(_ text: String, answer: String) -> Verdict
}
