import Problems
import Prompts

/// Training rows of the starter models: the task's rows put into the templates they are later asked under. The
/// model's end token follows the response.
package enum StarterCorpus {
    package struct Row: Sendable, Codable, Equatable {
        package var prompt: String
        package var response: String
    }

    /// - Parameter template: `prompts/actor/starter`.
    package static func actor(_ row: JumpsCorpus.ActorRow, template: PromptTemplate) -> Row {
        Row(prompt: template.render(problem: row.problem.text, solution: ""), response: row.response)
    }

    /// - Parameters:
    ///   - template: `prompts/critic/starter`.
    ///   - icc: the fields to tell, such as those that dropout has left.
    ///   - actor: who the beginning is said to be by; its success rate becomes the row's.
    package static func critic(
        _ row: JumpsCorpus.CriticRow, template: PromptTemplate, icc: ICC, actor: ActorSnapshot
    ) -> Row {
        var actor = actor
        actor.successRate = SuccessRate(value: row.successRate, source: .set)
        let solution = String(row.beginning[...].trimming(while: \.isWhitespace, leading: false))
        return Row(
            prompt: template.render(problem: row.problem.text, solution: solution, icc: icc.values(for: actor)),
            response: row.response)
    }
}
