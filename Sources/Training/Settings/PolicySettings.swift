/// What all methods read in which an actor learns from its own rollouts.
package struct PolicySettings: SettingGroup {
    package let path: String
    package let data: DataSettings
    /// Rollouts to learn from instead of sampling any.
    package let replayed: [String]
    package let validation: ValidationSettings
    /// Held-out problems at most.
    package let maxValidation: Int
    package let rollout: RolloutSettings
    package let actor: ActorSettings
    package let optimiser: OptimiserSettings
    package let trainer: TrainerSettings

    package init(_ read: SettingReader) {
        path = read.modelPath()
        data = DataSettings(read, batch: "4")
        replayed = read(
            "data.rollouts", .files, "",
            "rollouts to learn from instead of sampling any, several files separated by commas, one a step: "
                + "rollouts/STEP.jsonl of any run. Log-probabilities, outcomes and what critics are told are the "
                + "file's",
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
