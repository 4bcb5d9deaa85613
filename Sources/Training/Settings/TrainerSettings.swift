extension Settings {
    static let trainer: [Setting] = [
        Setting(
            "trainer.experiment_name", .text, "",
            "the run's name, its folder in runs/; blank: the stage and a number. A run of this name and the same "
                + "settings is gone on with, as `resume` does",
            source: "verl (with its resume_mode=auto)"),
        Setting(
            "trainer.total_epochs", .integer(1...1 << 20), "1",
            "passes over the rows, unless trainer.total_training_steps is set", source: "verl",
            stages: [.sft]),
        Setting(
            "trainer.total_training_steps", .integer(0...1 << 30), "0",
            "optimiser steps (the others: iterations); 0: as many as the epochs give. With data.rollouts there is one "
                + "for each file, at most these",
            source: "verl", per: Dictionary(uniqueKeysWithValues: StageName.rollouts.map { ($0, "200") })),
        Setting(
            "trainer.save_freq", .integer(0...1 << 30), "100", "steps between checkpoints; 0: only at the end",
            source: "verl (-1 there means never)"),
        Setting(
            "trainer.save_minutes", .number(0...1e6), "5",
            "minutes after which a checkpoint is written though save_freq asks for none, so that a killed run loses "
                + "no more; longer where saving would take more than a tenth of the time; 0: never. "
                + "It is kept beside the max_ckpt_to_keep others, and goes with the next",
            source: "own"),
        Setting(
            "trainer.test_freq", .integer(0...1 << 30), "100",
            "steps between measurements of data.val_files; 0: only at the end", source: "verl",
            stages: [.sft] + StageName.policies,
            per: Dictionary(uniqueKeysWithValues: StageName.policies.map { ($0, "20") })),
        Setting(
            "trainer.critic_warmup", .integer(0...1 << 30), "0", "first steps in which the critic alone learns",
            source: "verl; VC-PPO pretrains its values so",
            stages: [.genac, .ppo]),
        Setting(
            "trainer.max_ckpt_to_keep", .integer(1...1 << 20), "2", "newest checkpoints kept",
            source: "verl max_actor_ckpt_to_keep"),
    ]
}
