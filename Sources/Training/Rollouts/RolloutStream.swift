import Acting
import Checkpoints
import Critics
import Formats
import Generation
import Tokenizers
import Prompts

/// Where a step's rollouts come from.
protocol RolloutStream: AnyObject {
    /// Those that solve, with their present weights.
    var actors: [Actor] { get set }
    /// What each actor's success rate is told as now, for the metrics.
    var rates: [JSONObject.Member] { get }
    /// What belongs into `state.json`.
    var state: JSONObject { get throws }

    /// How many steps a recipe is to take.
    func totalSteps(_ recipe: Recipe) -> Int
    /// The rollouts of step `step`, counted from 0, under the rates known before them.
    func sample(step: Int) throws -> [Rollout]
    /// Takes the outcomes into the running rates, after everything that was told of them has been said.
    func learn(outcomes rollouts: [Rollout])
    /// - Throws: ``TrainingError/damagedRun(file:what:)``.
    func restore(_ state: JSONObject, from folder: String) throws
    /// Tokens of the longest prompt among the first problems.
    var longestPrompt: Int { get }
    /// Tokens of the longest prompt that a critic would read of a problem of which nothing is solved.
    func longestCriticPrompt(_ builder: PromptBuilder, _ template: PromptTemplate) throws -> Int
    /// Tokens of the longest solution.
    var longestSolution: Int { get }
}

extension RolloutStream {
    /// - Throws: ``TrainingError/otherWords(critic:actor:)`` when an actor's ids mean other text to `critic`,
    ///   `GenerationError.lacks` for an actor without ids.
    func checkWords(of critic: Checkpoint) throws {
        for actor in actors {
            let words = try actor.model.tokens(for: "a critic that reads sampled ids").tokenizer
            let agree =
                words.vocabularySize <= critic.tokenizer.vocabularySize
                && (0..<TokenID(words.vocabularySize)).allSatisfy {
                    words.bytes(of: $0) == critic.tokenizer.bytes(of: $0)
                }
            guard agree else { throw TrainingError.otherWords(critic: critic.name, actor: actor.name) }
        }
    }
}
