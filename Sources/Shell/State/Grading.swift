import Problems
import Tokenizers

extension GraderKind {
    var grader: any Grader {
        switch self {
        case .answer: AnswerGrader()
        case .exact: ExactGrader()
        case .jumps: JumpsGrader()
        }
    }
}

extension Problem {
    /// What its grader says of a solution's text; nil without a reference answer.
    func verdict(on text: String) -> Verdict? {
        answer.map { grader.grader.grade(text, answer: $0) }
    }
}

enum Steps {
    /// A solution's steps by its problem's rule. An end token adds no text to the last one.
    static func cut(_ ids: [TokenID], tokenizer: Tokenizer, ends: Swift.Set<TokenID>, rule: StepRule) -> [Step] {
        StepSplitter.split(ids.map { ends.contains($0) ? [] : tokenizer.bytes(of: $0) }, rule: rule)
    }
}
