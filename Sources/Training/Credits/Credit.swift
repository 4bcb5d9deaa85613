import Acting
import Critics
import Formats
import Prompts

/// Credit assignment: what each token of a step's rollouts is pushed by. GenAC, PPO, VinePPO and the group baselines
/// differ in this, and in the critic that comes with it; everything else of `PolicyStage` is shared.
protocol Credit: AnyObject {
    /// Whether advantages are whitened over the whole step before they are used.
    var isWhitened: Bool { get }
    /// Updates that its critic has made since the run began.
    var updates: Int { get }
    /// The prompt templates that its critic reads.
    var templates: [PromptTemplate] { get }
    /// - Parameters:
    ///   - rollouts: those that are learned from.
    ///   - rewards: [rollouts][tokens].
    ///   - actor: the one that sampled them, with its present weights.
    ///   - step: counted from 0.
    func assign(_ rollouts: [Rollout], rewards: [[Double]], actor: Actor, step: Int) throws -> Assignment
    /// Writes its critic into a checkpoint's folder.
    /// - Returns: What belongs into `state.json`.
    func save(to folder: String) throws -> JSONObject
    func restore(_ state: JSONObject, from folder: String) throws
}

/// What a credit made of a step's rollouts.
struct Assignment {
    /// [rollouts][tokens], before whitening.
    var advantages: [[Double]]
    /// [rollouts][prefixes]: what its critic said, for the record.
    var judged: [[JudgedPrefix]]
    /// The critic's update on these rollouts; nil where there is none to train.
    var update: (() throws -> CriticUpdate)?
    /// 1 - Var(R - V) / Var(R) over all states, where that is more than the record holds.
    var explainedVariance: Double?
}

extension Credit {
    var templates: [PromptTemplate] { [] }
    var updates: Int { 0 }

    func save(to folder: String) throws -> JSONObject { JSONObject() }

    func restore(_ state: JSONObject, from folder: String) throws {}
}

extension Recipe {
    var gamma: Double { number("algorithm.gamma") }
    var lambda: Double { number("algorithm.lam") }
}

extension Rollout {
    /// Its prefixes as states, and what a critic that rates none of them leaves in the record.
    var states: [Int] { prefixes.map(\.tokens.upperBound) }

    func unjudged(target: Double) -> [JudgedPrefix] {
        prefixes.map { JudgedPrefix(prefix: $0, prompt: nil, value: nil, target: target, promptIDs: []) }
    }
}
