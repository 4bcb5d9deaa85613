import Formats
import Generation
import Problems
import Training

/// Solutions that a run's actors sampled.
enum SampledSolutions {
    static func keep(_ path: String, _ context: CommandContext) throws -> Outcome {
        let rows = try SampledRow.read(path)
        let problems = try context.workspace.keep(rows.map(\.row.problem))
        let drafts = try zip(rows, problems).map { one, problem in
            let actor =
                try context.models.all.first { $0.name == one.row.solution.actor.name } ?? context.models.writer(nil)
            let words = try actor.text(for: "a run's rollouts").tokens(for: "a run's rollouts")
            guard one.row.solution.ids.allSatisfy({ $0 >= 0 && $0 < words.tokenizer.vocabularySize }) else {
                throw ShellError.invalid(
                    what: "\(actor.name) does not have the tokens of the solution", location: "\(path):\(one.line)",
                    hint: "load the actor that sampled it, as `load actor SOURCE --as \(one.row.solution.actor.name)`")
            }
            var solution = one.row.solution
            solution.problem = problem.id
            solution.author = .rollouts(path)
            let steps = StepSplitter.split(
                solution.ids, tokenizer: words.tokenizer, ends: words.endTokens, rule: problem.stepRule)
            return (solution: solution, steps: steps)
        }
        context.current.problem = problems.last ?? context.current.problem
        let ofProblems = try Swift.Set(problems.map(\.id)).map(context.workspace.solutions.of(problem:))
        let known = Dictionary(grouping: ofProblems.joined(), by: \.problem)
        let fresh = drafts.filter { draft in
            known[draft.solution.problem]?.contains { $0.isSameSample(as: draft.solution) } != true
        }
        let kept = try context.workspace.keep(fresh), passed = drafts.count - fresh.count
        return Outcome([("solutions", .array(kept.map(\.json))), ("known", .int(passed))]) { page in
            if passed > 0 { page.line("\(passed) of its \(drafts.count) solutions are kept already") }
            guard let first = kept.first, let last = kept.last else {
                return passed > 0 ? () : page.line("\(path) holds no rollouts")
            }
            page.line(
                "solutions \(first.id)-\(last.id), of \(Swift.Set(kept.map(\.problem)).count) problems; `score "
                    + "\(last.id)` rates them under the numbers they were sampled with"
            )
        }
    }
}

extension Solution {
    /// Whether both are one draw: the same tokens of the same actor, sampled for the same problem under the same
    /// numbers.
    fileprivate func isSameSample(as other: Solution) -> Bool {
        problem == other.problem && sample == other.sample && ids == other.ids && logprobs == other.logprobs
            && actor == other.actor
    }
}
