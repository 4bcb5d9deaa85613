import Acting
import Checkpoints
import Compute
import Critics
import Foundation
import Generation
import Problems
import Prompts

/// A generative critic: a language model that reads a problem and the beginning of a solution, thinks aloud, and ends
/// with an integer 0...10. A tenth of it is how probable the critic thinks it that the actor will end right.
///
///     let critic = try Critic(at: "starter/critic")
///     let actor = Critic.Actor(name: "actor", parameters: 912_000, successRate: 0.55)
///     let problem = "Start 6\nC2 a+4 b+2\nB3 c*9 d+9 e-4\nA2 f-9 g-5"
///     let value = try critic.value(of: "C6 a b=1\n", problem: problem, by: actor)
///     print(value.chain, value.value ?? .nan)
public struct Critic: Sendable {
    /// Who wrote the solution, as far as the critic is told (In-Context Conditioning).
    public struct Actor: Sendable {
        /// As the critic is to call it.
        public var name: String
        /// Trainable numbers.
        public var parameters: Int
        /// The share of such problems that it solves, in 0...1; nil where nobody has measured it.
        public var successRate: Double?
        /// What it samples at, at least 0.
        public var temperature: Double
        /// How many tokens it writes at most.
        public var maxTokens: Int

        /// An actor by its figures.
        public init(
            name: String, parameters: Int, successRate: Double? = nil, temperature: Double = 1, maxTokens: Int = 256
        ) {
            (self.name, self.parameters, self.successRate) = (name, parameters, successRate)
            (self.temperature, self.maxTokens) = (temperature, maxTokens)
        }
    }

    /// What the critic says.
    public struct Value: Sendable {
        /// In 0...1, the mean over its chains; nil where none of them ended in a score.
        public let value: Double?
        /// Its chains of thought, as written.
        public let chains: [Chain]

        /// The first chain's text.
        public var chain: String { chains.first?.text ?? "" }
    }

    /// One chain of thought.
    public struct Chain: Sendable {
        /// As written, the score's line included.
        public let text: String
        /// 0...10; nil where the chain ended in none.
        public let score: Int?
    }

    private let model: LanguageModel
    private let template: PromptTemplate

    /// - Parameters:
    ///   - path: where the model's files are.
    ///   - template: a Mustache file with the critic's prompt; nil: the one beside the weights.
    /// - Throws: ``Failure``, also for a model that carries no template where none is given.
    public init(at path: String, template: String? = nil) throws(Failure) {
        model = try LanguageModel(at: path)
        let checkpoint = model.checkpoint
        self.template = try Failure.telling {
            if let template {
                let text = try String(contentsOfFile: template, encoding: .utf8)
                let name = URL(fileURLWithPath: template).deletingPathExtension().lastPathComponent
                return try PromptTemplate(name: name, role: .critic, text: text, path: template)
            }
            guard let own = try checkpoint.ownCriticTemplate() else {
                throw Failure(
                    what: "the model carries no critic's prompt", location: path,
                    hint: "give one, such as prompts/critic/default.mustache")
            }
            return own
        }
    }

    /// Rates the beginning of a solution.
    /// - Parameters:
    ///   - solution: what is written so far; empty for the bare problem.
    ///   - problem: as the actor read it.
    ///   - actor: what the critic is told of the solution's author; nil: nothing.
    ///   - samples: chains, at least 1.
    ///   - maxTokens: of a chain.
    ///   - seed: the same words under the same seed give the same chains.
    /// - Throws: ``Failure``, such as for a prompt that is longer than the model's context.
    public func value(
        of solution: String, problem: String, by actor: Actor? = nil, samples: Int = 1, maxTokens: Int = 64,
        seed: UInt64 = 0
    ) throws(Failure) -> Value {
        guard samples > 0, maxTokens > 0 else {
            throw Failure(
                what: "a value needs at least one chain of at least one token", location: nil,
                hint: "raise samples or maxTokens")
        }
        return try Failure.telling {
            var icc = ICC()
            if actor == nil { for field in icc.names { try icc.turn(field, on: false) } }
            var options = GenerativeCritic.Options()
            options.samples = samples
            options.sampling.maxTokens = maxTokens
            options.fallback = .fail
            options.readsDistribution = false
            options.seed = seed
            let judge = GenerativeCritic(
                name: model.name, model: model.writer, builder: PromptBuilder(model.checkpoint), template: template,
                icc: icc, options: options)
            let valuations = try judge.values(
                for: [prefix(solution, of: problem, by: actor)], cancellation: Cancellation(), progress: nil)
            let chains = valuations.flatMap(\.chains).map { Chain(text: $0.text, score: $0.score) }
            return Value(value: valuations.first?.value, chains: chains)
        }
    }

    /// The whole text as one step of a solution without ids.
    private func prefix(_ text: String, of problem: String, by actor: Actor?) throws -> SolutionPrefix {
        let rate = actor?.successRate.map { SuccessRate(value: $0, source: .set) }
        let snapshot = ActorSnapshot(
            name: actor?.name ?? "", parameters: actor?.parameters ?? 0, successRate: rate,
            sampling: Sampling(temperature: actor?.temperature ?? 1, maxTokens: actor?.maxTokens ?? 1))
        let solution = Solution(
            id: 1, problem: 1, ids: [], text: text, finish: .length, actor: snapshot, seed: 0)
        let steps = text.isEmpty ? [] : [Step(index: 1, tokens: 0..<0, bytes: 0..<text.utf8.count, text: text)]
        return try SolutionPrefix(
            problem: Problem(id: 1, text: problem), solution: solution, steps: steps, step: steps.count)
    }
}
