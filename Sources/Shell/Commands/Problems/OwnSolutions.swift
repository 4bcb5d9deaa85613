import Formats
import Generation
import Problems

/// Solutions whose text a person wrote.
enum OwnSolutions {
    /// - Parameter original: the solution whose actor's snapshot it takes; nil: the actor as it is now.
    static func keep(
        _ text: String, by author: Author, problem: Problem, _ context: CommandContext, like original: Solution?
    ) throws -> Outcome {
        let model = try context.models.model(.actor), actor = try context.solving.actor(model)
        let snapshot = try original?.actor ?? context.solving.snapshot(of: model, context.settings.sampling)
        let tokens = actor.model as? any TokenModel
        let ids = tokens?.tokenizer.encode(text, recognisingSpecials: false, continuing: true) ?? []
        let solution = Solution(
            id: 0, problem: problem.id, ids: ids, text: text,
            verdict: try actor.verdict(on: text, of: problem, context.console.cancellation), finish: .stop,
            actor: snapshot, seed: 0,
            author: author)
        let kept = try context.workspace.keep([(solution: solution, steps: actor.steps(of: solution, problem))])
        return Outcome([("solutions", .array(kept.map(\.json)))]) { page in
            for solution in kept {
                let status = solution.status?.rawValue ?? "not graded"
                page.line("solution \(solution.id): \(solution.tokenCount) tokens, \(status), \(solution.origin)")
            }
        }
    }
}
