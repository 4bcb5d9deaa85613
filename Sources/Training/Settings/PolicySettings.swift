/// What all methods read in which an actor learns from its own rollouts.
package struct PolicySettings: SettingGroup {
    /// `model.path`: whose weights learn.
    package let path: String
    /// Problems and batches.
    package let data: DataSettings
    /// Rollouts to learn from instead of sampling any.
    package let replayed: [String]
    /// Held-out problems.
    package let validation: ValidationSettings
    /// Held-out problems at most.
    package let maxValidation: Int
    /// How solutions are sampled.
    package let rollout: RolloutSettings
    /// The loss.
    package let actor: ActorSettings
    /// `actor.optim.…`.
    package let optimiser: OptimiserSettings
    /// How long, and what is saved.
    package let trainer: TrainerSettings

    /// Declares and reads them.
    package init(_ read: SettingReader) {
        path = read.modelPath()
        data = DataSettings(read, batch: "4")
        replayed = read(
            "data.rollouts", .files, "",
            "rollouts to learn from instead of sampling any, several files separated by commas, one a step: "
                + "rollouts/STEP.jsonl of any run. Log-probabilities, outcomes and what critics are told are the "
                + "file's; reward.command is not asked again",
            source: "own")
        validation = ValidationSettings(read, every: "20")
        maxValidation = read(
            "data.val_max_samples", .integer(1...1 << 24), "200", "held-out problems at most, one solution each",
            source: "verl (-1, all, there)")
        rollout = RolloutSettings(read)
        actor = ActorSettings(read)
        optimiser = OptimiserSettings(read, of: .actor)
        trainer = TrainerSettings(read, steps: "200")
    }
}
