/// What a grader decided about one solution, and what it read to decide so.
package struct Verdict: Sendable, Codable, Equatable {
    /// `unparsable`: no answer could be found in the text, or it could not be read as one; this is not *wrong*.
    package enum Status: String, Sendable, Codable {
        case right, wrong, unparsable
    }

    package var status: Status
    /// The answer as it stands in the solution's text; nil when none was found.
    package var extracted: String?

    package init(status: Status, extracted: String?) {
        self.status = status
        self.extracted = extracted
    }

    /// The reward: 1 when right, else 0.
    package var outcome: Double { status == .right ? 1 : 0 }
}

/// Which grader reads a problem's solutions.
package enum GraderKind: String, Sendable, Codable, CaseIterable {
    /// Mathematical answers: numbers, fractions, percents, units, simple LaTeX (`AnswerGrader`).
    case answer
    /// The last line's text, compared after trimming blanks.
    case exact
    /// The digit of a starter solution's last line, which must be the last group's (`A4 e f=5`).
    case jumps
}

/// Turns a solution's text and the reference answer into a verdict. Pure, and linear in the length of its input.
package protocol Grader: Sendable {
    func grade(_ text: String, answer: String) -> Verdict
}
