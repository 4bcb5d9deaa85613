/// What a grader decided about one solution, and what it read to decide so.
package struct Verdict: Sendable, Codable, Equatable {
    /// `unparsable`: no answer could be found in the text, it could not be read as one, or nobody computes it here (an
    /// integral); this is not *wrong*.
    package enum Status: String, Sendable, Codable {
        case right, wrong, unparsable
        /// A program that grades did not say in time; this is not *wrong* either.
        case timedOut = "timed out"
        /// It said that it cannot tell; nor is this.
        case undecided

        /// Whether it says what a solution is worth.
        package var hasOutcome: Bool { self != .timedOut && self != .undecided }
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

    /// The reward: 1 when right, else 0; nil where nobody knows.
    package var outcome: Double? { status.hasOutcome ? status == .right ? 1 : 0 : nil }
}

/// A verdict, and how it was reached.
package struct GradingReport: Sendable, Equatable {
    /// What was decided.
    package var verdict: Verdict
    /// Where the answer was found; nil where the grader does not say.
    package var found: String?
    /// How it was compared with the reference; nil where it was not, or the grader does not say.
    package var compared: String?
    /// What it cost, in steps of reading and evaluating.
    package var steps: Int

    /// Of one that says no more than its verdict, unless told otherwise.
    package init(verdict: Verdict, found: String? = nil, compared: String? = nil, steps: Int = 0) {
        (self.verdict, self.found, self.compared, self.steps) = (verdict, found, compared, steps)
    }
}

/// Turns a solution's text and the reference answer into a verdict. Pure, and bounded in time whatever the text.
package protocol Grader: Sendable {
    /// Whether what `text` (a whole solution) answers is `answer` (a reference, which may itself be marked).
    func grade(_ text: String, answer: String) -> Verdict
    /// The same verdict, and how it was reached.
    func report(_ text: String, answer: String) -> GradingReport
}

extension Grader {
    /// Of a grader that says no more than its verdict.
    package func report(_ text: String, answer: String) -> GradingReport {
        GradingReport(verdict: grade(text, answer: answer))
    }
}
