/// How long a run is, and what it keeps.
package struct TrainerSettings: Sendable {
    /// Blank: the method's name and a number.
    package let name: String
    /// 0: as many as the data gives.
    package let steps: Int
    /// When checkpoints are written.
    package let saving: SavingSettings

    /// - Parameter steps: what `trainer.total_training_steps` begins with.
    init(_ read: SettingReader, steps: String) {
        name = read(
            "trainer.experiment_name", .text, "",
            "the run's name, its folder in runs/; blank: the stage and a number. A run of this name and the same "
                + "settings is gone on with, as `resume` does",
            source: "verl (with its resume_mode=auto)")
        self.steps = read(
            "trainer.total_training_steps", .integer(0...1 << 30), steps,
            "optimiser steps (the others: iterations); 0: as many as the epochs give. With data.rollouts there is one "
                + "for each file, at most these",
            source: "verl")
        saving = SavingSettings(read)
    }
}

/// When a job writes checkpoints.
package struct SavingSettings: SettingGroup {
    /// Steps between checkpoints; 0: only at the end.
    package let every: Int
    /// 0: never by the clock.
    package let minutes: Double
    /// `trainer.max_ckpt_to_keep`.
    package let keep: Int

    /// Declares and reads them.
    package init(_ read: SettingReader) {
        every = read(
            "trainer.save_freq", .integer(0...1 << 30), "100", "steps between checkpoints; 0: only at the end",
            source: "verl (-1 there means never)")
        minutes = read(
            "trainer.save_minutes", .number(0...1e6), "5",
            "minutes after which a checkpoint is written though save_freq asks for none, so that a killed run loses "
                + "no more; longer where saving would take more than a tenth of the time; 0: never. "
                + "It is kept beside the max_ckpt_to_keep others, and goes with the next",
            source: "own")
        keep = read(
            "trainer.max_ckpt_to_keep", .integer(1...1 << 20), "2", "newest checkpoints kept",
            source: "verl max_actor_ckpt_to_keep")
    }
}
