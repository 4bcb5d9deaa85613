import Acting
import Checkpoints
import Critics
import Formats
import Generation
import Prompts
import Tokenizers

/// Where a step's rollouts come from.
protocol RolloutStream: AnyObject {
    /// What each actor's success rate is told as now, for the metrics.
    var rates: [JSONObject.Member] { get }
    /// What belongs into `state.json`.
    var state: JSONObject { get throws }

    /// How many steps are to be taken.
    /// - Parameter asked: 0: as many as there is data for.
    func totalSteps(asked: Int) -> Int
    /// The rollouts of step `step`, counted from 0, under the rates known before them.
    /// - Parameter actors: those that solve, with their present weights, in the order in which they were planned with.
    func sample(step: Int, by actors: [Actor]) throws -> [Rollout]
    /// Takes the outcomes into the running rates, after everything that was told of them has been said.
    func learn(outcomes rollouts: [Rollout])
    /// - Throws: ``TrainingError/damagedRun(file:what:)``, ``TrainingError/dataChanged(file:what:)``.
    func restore(_ state: JSONObject, from folder: String) throws
    /// - Throws: where a solution may stand alone: ``UnfitSetting``, ``TrainingError/badRollout(file:line:what:)``.
    func checkGroups() throws
    /// Tokens of the longest prompt among the first problems.
    var longestPrompt: Int { get }
    /// Tokens of the longest prompt that a critic would read of a problem of which nothing is solved.
    func longestCriticPrompt(_ builder: PromptBuilder, _ template: PromptTemplate) throws -> Int
    /// Tokens of the longest solution.
    var longestSolution: Int { get }
}

extension [Actor] {
    /// - Throws: ``TrainingError/otherWords(critic:actor:)`` when an actor's ids mean other text to `critic`,
    ///   `GenerationError.lacks` for an actor without ids.
    func checkWords(of critic: Checkpoint) throws {
        for actor in self {
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
