/// What of a row became the problem and its answer.
package struct Taken: Sendable, Hashable, CustomStringConvertible {
    /// Which part of a member's text the answer is.
    package enum Part: String, Sendable { case whole, afterMark = "after ####", box }

    /// Where an answer stands.
    package struct Answer: Sendable, Hashable {
        package let member: String
        package let part: Part
    }

    /// The problem's member, as a path.
    package let problem: String
    /// Nil where there is none.
    package let answer: Answer?

    package var description: String {
        guard let answer else { return "problem from `\(problem)`, no answer" }
        let place =
            switch answer.part {
            case .whole: "`\(answer.member)`"
            case .afterMark: "`\(answer.member)` after its ####"
            case .box: "`\(answer.member)`'s box"
            }
        return "problem from `\(problem)`, answer from \(place)"
    }
}
