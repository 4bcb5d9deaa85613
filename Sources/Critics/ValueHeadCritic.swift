import Acting
import Compute
import Generation
import Problems
import Prompts
import Tokenizers

/// A value head. It reads the critic template's opening, which is all that the prompt says
/// before the solution, and then the solution's sampled ids, and says what it expects before each action.
///
/// The value of a prefix is read at its last token, the opening's last one for the bare problem: the position before
/// the next action. Values are the head's raw numbers, see ``Valuation/value``. After a finished solution's last token
/// there is no next action; that value is given like the others, but advantages take 0 there.
package final class ValueHeadCritic: Critic {
    /// Kept in its valuations.
    package let name: String
    package let model: any ValueModel
    package let builder: PromptBuilder
    /// Of which the opening is read.
    package let template: PromptTemplate
    /// What the opening tells of the actor.
    package let icc: ICC

    /// - Parameter icc: what the opening tells of the actor.
    package init(
        name: String, model: any ValueModel, builder: PromptBuilder, template: PromptTemplate, icc: ICC = ICC()
    ) {
        self.name = name
        self.model = model
        self.builder = builder
        self.template = template
        self.icc = icc
    }

    /// What is read before the solution's ids, under the fields of the actor that sampled it.
    package func opening(_ problem: Problem, _ solution: Solution) throws -> Passage {
        let opening = try builder.opening(template, problem: problem.text, icc: icc.values(for: solution.actor))
        guard !opening.ids.isEmpty else {
            throw PromptsError.noOpening(template: template.path ?? template.name, reason: "its opening has no token")
        }
        return opening
    }

    /// Those that stand before the solution.
    package func told(_ icc: [ICCValue]) -> [ICCValue] { template.told(icc, opening: true) }

    package func prompts(for prefixes: [SolutionPrefix]) throws -> [Passage] {
        try zip(prefixes, openings(of: prefixes)).map { prefix, opening in
            Passage(text: opening.text + model.tokenizer.decode(prefix.ids), ids: opening.ids + prefix.ids)
        }
    }

    /// Each prefix's opening; those of one solution follow each other and share it.
    private func openings(of prefixes: [SolutionPrefix]) throws -> [Passage] {
        var last: (prefix: SolutionPrefix, opening: Passage)?
        return try prefixes.map { prefix in
            if let last, last.prefix.problem == prefix.problem, last.prefix.solution == prefix.solution {
                return last.opening
            }
            let opening = try opening(prefix.problem, prefix.solution)
            last = (prefix, opening)
            return opening
        }
    }

    /// All prefixes in one pass; those of one solution are positions of one sequence.
    package func values(
        for prefixes: [SolutionPrefix], cancellation: Cancellation, progress: (@Sendable (Int, Int) -> Void)?
    ) throws -> [Valuation] {
        let clock = ContinuousClock(), start = clock.now
        let openings = try self.openings(of: prefixes)
        for prefix in prefixes { try prefix.requireIDs(for: "a value head") }
        let needed = zip(prefixes, openings).map { $1.ids.count + $0.ids.count }
        try checkContext(prefixes, needed: needed, limit: model.contextLength)
        var sequences: [(ids: [TokenID], positions: [Int])] = []
        var sequenceOf: [[TokenID]: Int] = [:]
        let places = zip(prefixes, openings).map { prefix, opening in
            let whole = opening.ids + prefix.solution.ids
            let sequence = sequenceOf[whole] ?? sequences.count
            if sequence == sequences.count {
                sequenceOf[whole] = sequence
                sequences.append((whole, []))
            }
            sequences[sequence].positions.append(opening.ids.count + prefix.ids.count - 1)
            return (sequence, sequences[sequence].positions.count - 1)
        }
        let values: [[Float]]
        do {
            values = try model.values(sequences, cancellation: cancellation, progress: progress)
        } catch GenerationError.cancelled {
            return []
        }
        let seconds = (clock.now - start).inSeconds / Double(max(prefixes.count, 1))
        return prefixes.indices.map { index in
            let (prefix, opening) = (prefixes[index], openings[index])
            var valuation = Valuation(of: prefix, by: name)
            valuation.value = Double(values[places[index].0][places[index].1])
            valuation.prompt = opening.text + model.tokenizer.decode(prefix.ids)
            valuation.promptIDs = opening.ids + prefix.ids
            valuation.icc = icc.values(for: prefix.solution.actor)
            valuation.seconds = seconds
            return valuation
        }
    }

    /// The value before each of a solution's tokens, and last the one after all of them: `[i]` is that of the state
    /// in which `i` tokens have been written.
    package func tokenValues(of solution: Solution, problem: Problem, cancellation: Cancellation) throws -> [Float] {
        let opening = try opening(problem, solution).ids
        let ids = opening + solution.ids
        if let limit = model.contextLength, ids.count > limit {
            throw CriticsError.tooLong([
                TooLong(solution: solution.id, step: nil, needed: ids.count, limit: limit)
            ])
        }
        let sequence = (ids: ids, positions: Array(opening.count - 1..<ids.count))
        return try model.values([sequence], cancellation: cancellation, progress: nil).first ?? []
    }
}
