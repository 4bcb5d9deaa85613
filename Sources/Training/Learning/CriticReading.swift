import Checkpoints
import Prompts

/// How many tokens a critic reads of a step's solutions at most: what stands before a solution, the solution, what
/// follows it.
struct CriticReading {
    let before: Int, solution: Int, after: Int

    var longest: Int { before + solution + after }

    init(_ stream: any RolloutStream, _ critic: Checkpoint, _ template: PromptTemplate) throws {
        let builder = PromptBuilder(critic)
        let whole = try builder.critic(template, problem: "", solutions: [""], icc: [])[0].ids.count
        do {
            after = whole - (try builder.opening(template, problem: "", icc: []).ids.count)
        } catch PromptsError.noOpening {
            // All of the prompt follows where the template lets nothing stand before the solution.
            after = whole
        }
        before = try stream.longestCriticPrompt(builder, template) - after
        solution = stream.longestSolution
    }
}
