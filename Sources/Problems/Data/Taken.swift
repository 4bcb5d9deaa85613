/// What of a row became the problem and its answer.
package struct Taken: Sendable, Hashable, CustomStringConvertible {
    /// Which part of a member's text the answer is.
    package enum Part: String, Sendable { case whole, afterMark = "after ####", box }

    /// Where an answer stands.
    package struct Answer: Sendable, Hashable, CustomStringConvertible {
        package let member: String
        package let part: Part

        package var description: String {
            switch part {
            case .whole: "`\(member)`"
            case .afterMark: "`\(member)` after its ####"
            case .box: "`\(member)`'s box"
            }
        }
    }

    /// The problem's member, as a path.
    package let problem: String
    /// Nil where there is none.
    package let answer: Answer?

    package var description: String {
        "problem from `\(problem)`, " + (answer.map { "answer from \($0)" } ?? "no answer")
    }
}
