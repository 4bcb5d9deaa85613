import Checkpoints
import Compute
import Transformer

extension Checkpoint {
    /// Its words with its weights, as a model in this process that writes and scores. Each call makes one that has
    /// nothing in memory yet.
    /// - Parameters:
    ///   - weights: others of its shape, as a learner has them; nil: its own.
    ///   - priority: commands take the cores from jobs; a job's own rollouts do not.
    package func textModel(_ weights: Model? = nil, priority: Cores.Priority = .interactive) -> any ScoringModel {
        completer(weights, priority: priority)
    }

    /// As a model in this process that says what it expects; nil without a value head.
    package func valueModel() -> (any ValueModel)? {
        valueHead.map { LocalValueModel(completer(nil, priority: .interactive), head: $0) }
    }

    private func completer(_ weights: Model?, priority: Cores.Priority) -> LocalCompleter {
        LocalCompleter(
            name: name, model: weights ?? model, tokenizer: tokenizer, endTokens: endTokens, priority: priority)
    }
}
