import Checkpoints
import Prompts

/// What a stage may load beside its recipe.
package struct Resources {
    /// Turns a model source (`starter:NAME`, `run:ID`, a path) into a checkpoint; of a run that has two models the one
    /// named.
    package typealias Loader = @Sendable (String, ModelRole) throws -> Checkpoint

    var load: Loader
    /// Prompt templates: the shell's for a new run, the run's own copies for one that goes on.
    var prompts: PromptLibrary
    /// Bytes that a stage may use; nil asks the system.
    var availableMemory: Int?
    /// The machines that train together.
    var world = World.alone

    /// A model that writes: an actor, or a critic's or another model's weights to train as one.
    /// - Parameter role: which of a run's models is meant, where it has two.
    /// - Throws: ``TrainingError/noWords(model:)`` for a value head.
    func languageModel(_ source: String, as role: ModelRole = .actor) throws -> Checkpoint {
        let checkpoint = try load(source, role)
        guard !checkpoint.isValueModel else { throw TrainingError.noWords(model: source) }
        return checkpoint
    }

    /// What `critic.template` names; `auto` is the template of a run that goes on, else the one that the critic
    /// carries, else its kind's.
    func criticTemplate(_ name: String, for checkpoint: Checkpoint) throws -> PromptTemplate {
        guard name == "auto" else { return try prompts.load(.critic, name) }
        guard !prompts.isOfRun else { return try prompts.only(.critic) }
        return try checkpoint.ownCriticTemplate() ?? prompts.load(.critic, checkpoint.standardTemplate)
    }

    /// - Throws: ``TrainingError/noMemory(needed:available:)``.
    func memory(for bytes: Int) throws -> MemoryEstimate {
        try MemoryEstimate(bytes: bytes, available: availableMemory)
    }
}
