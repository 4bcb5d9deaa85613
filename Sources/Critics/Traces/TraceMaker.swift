import Acting
import Compute
import Generation
import Problems
import Prompts

/// Makes rows to finetune a critic on: a teacher's chains for prefixes of actors' solutions, kept when their values
/// agree with the measured truth.
package struct TraceMaker: Sendable {
    /// Which chains become rows. Spelled `all` or `within:0.15`. A chain without a score of its own never does.
    package enum Filter: Sendable, Equatable, CustomStringConvertible {
        case all
        /// Whose value is at most this far from the measured truth.
        case within(Double)

        /// Reads `all` or `within:DISTANCE`, a distance in 0...1; nil for anything else.
        package init?(_ text: String) {
            if text == "all" {
                self = .all
                return
            }
            guard text.hasPrefix("within:"), let distance = Double(text.dropFirst(7)), (0...1).contains(distance) else {
                return nil
            }
            self = .within(distance)
        }

        package var description: String {
            switch self {
            case .all: "all"
            case .within(let distance): "within:\(distance)"
            }
        }

        func keeps(_ chain: Chain, truth: Double?) -> Bool {
            guard chain.status == .parsed, let value = chain.value else { return false }
            guard case .within(let distance) = self else { return true }
            return truth.map { abs(value - $0) <= distance } ?? false
        }
    }

    /// One row for `train sft`, with where it came from.
    package struct Row: Sendable, Codable, Equatable {
        /// What the critic reads, before any chat template.
        package var prompt: String
        /// The chain, its score last.
        package var response: String
        /// The chain's, in 0...1.
        package var value: Double
        /// The measured success rate of the prefix.
        package var truth: Double?
        /// How many the truth is the mean of.
        package var rollouts: Int
        /// Who wrote the prefix.
        package var actor: String
    }

    /// What one batch of prefixes gave.
    package struct Yield: Sendable, Codable {
        /// Of the chains that were kept.
        package var rows: [Row] = []
        /// That were different, of one problem.
        package var prefixes = 0
        /// All that the teacher wrote.
        package var chains = 0
        /// Chains that ended in a score by themselves.
        package var parsed = 0

        /// - Parameter icc: what a prefix's prompt tells.
        package init() {}
    }

    /// Writes the chains.
    package let teacher: any ValueEstimator
    /// Says what the prefixes are worth.
    package let truth: MonteCarlo
    /// Which chains become rows.
    package let filter: Filter
    package let builder: any Prompting
    package let template: PromptTemplate
    /// What a prefix's prompt tells, and the teacher was told.
    package let icc: @Sendable (SolutionPrefix) -> ICC

    package init(
        teacher: any ValueEstimator, truth: MonteCarlo, filter: Filter, builder: any Prompting,
        template: PromptTemplate,
        icc: @escaping @Sendable (SolutionPrefix) -> ICC
    ) {
        (self.teacher, self.truth, self.filter) = (teacher, truth, filter)
        (self.builder, self.template, self.icc) = (builder, template, icc)
    }

    /// Rows from the given prefixes of one actor's solutions; equal beginnings of one problem are taken once.
    /// - Throws: what the estimators throw; `GenerationError.cancelled` when cancelled.
    package func rows(from prefixes: [SolutionPrefix], cancellation: Cancellation) throws -> Yield {
        var seen: Set<Beginning> = []
        let fresh = prefixes.filter { seen.insert(Beginning(problem: $0.problem.id, text: $0.text)).inserted }
        let truths = try truth.values(for: fresh, cancellation: cancellation, progress: nil)
        let taught = try teacher.values(for: fresh, cancellation: cancellation, progress: nil)
        if cancellation.isCancelled { throw GenerationError.cancelled }
        var yield = Yield()
        yield.prefixes = fresh.count
        for (prefix, (valuation, truth)) in zip(fresh, zip(taught, truths)) {
            let prompt = builder.row(
                template, problem: prefix.problem.text, solution: prefix.text,
                icc: icc(prefix).values(for: prefix.solution.actor))
            for chain in valuation.chains {
                yield.chains += 1
                yield.parsed += chain.status == .parsed ? 1 : 0
                guard filter.keeps(chain, truth: truth.value) else { continue }
                yield.rows.append(
                    Row(
                        prompt: prompt, response: chain.text.trimmingEnd, value: chain.value ?? 0, truth: truth.value,
                        rollouts: truth.rollouts?.count ?? 0, actor: prefix.solution.actor.name))
            }
        }
        return yield
    }

    private struct Beginning: Hashable {
        var problem: Int
        var text: String
    }
}

extension Prompting {
    /// A critic's prompt as a row of `train sft` holds it: what the chat template, where there is one, then frames.
    func row(_ template: PromptTemplate, problem: String, solution: String, icc: [ICCValue]) -> String {
        let text = template.render(problem: problem, solution: solution, icc: icc)
        return template.form == .chat && !framesChat ? text + "\n" : text
    }
}

extension String {
    /// A chain without the newline that closed its score: the end token follows in training.
    fileprivate var trimmingEnd: String { String(self[...].trimming(while: \.isWhitespace, leading: false)) }
}
