import Problems
import Prompts

/// Training rows of the starter models, put into the templates they are later asked under. The model's end token
/// follows the response.
extension JumpsCorpus.ActorRow {
    /// - Parameter template: `prompts/actor/starter`.
    package func prompt(_ template: PromptTemplate) -> String {
        template.render(problem: problem.text, solution: "")
    }
}

extension JumpsCorpus.CriticRow {
    /// - Parameters:
    ///   - template: `prompts/critic/starter`.
    ///   - icc: the fields to tell, such as those that dropout has left.
    ///   - actor: who the beginning is said to be by; its success rate becomes the row's.
    package func prompt(_ template: PromptTemplate, icc: ICC, actor: ActorSnapshot) -> String {
        var actor = actor
        actor.successRate = SuccessRate(value: successRate, source: .set)
        let solution = String(beginning[...].trimming(while: \.isWhitespace, leading: false))
        return template.render(problem: problem.text, solution: solution, icc: icc.values(for: actor))
    }
}
