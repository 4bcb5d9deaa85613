import Synchronization

/// Which grader reads a problem's solutions, by its name.
package struct GraderKind: RawRepresentable, Sendable, Codable, Hashable, CaseIterable {
    /// Kept with every problem.
    package let rawValue: String
    /// What does the grading.
    package let grader: any Grader

    /// Mathematical answers: numbers, fractions, percents, units, simple LaTeX (``AnswerGrader``).
    package static let answer = GraderKind("answer", AnswerGrader())
    /// The last line's text, compared after trimming blanks.
    package static let exact = GraderKind("exact", ExactGrader())

    private static let ofTasks = Mutex<[GraderKind]>([])

    /// Those of every program, then those of the tasks it knows.
    package static var allCases: [GraderKind] { [answer, exact] + ofTasks.withLock { $0 } }

    /// A grader under the name that problems keep.
    package init(_ name: String, _ grader: any Grader) { (rawValue, self.grader) = (name, grader) }

    /// Nil for a name that no grader has.
    package init?(rawValue: String) {
        guard let known = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
        self = known
    }

    /// Makes a task's grader known; one of the same name stays as it is.
    static func register(_ kind: GraderKind) {
        ofTasks.withLock { kinds in if !kinds.contains(kind) { kinds.append(kind) } }
    }

    /// Of the same name.
    package static func == (a: GraderKind, b: GraderKind) -> Bool { a.rawValue == b.rawValue }
    package func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }
}
