extension Settings {
    static let trainer: [Setting] = [
        Setting(
            "trainer.total_epochs", .integer(1...1 << 20), "1", "passes over the rows, unless trainer.total_training_steps is set", source: "verl",
            stages: [.sft]),
        Setting(
            "trainer.total_training_steps", .integer(0...1 << 30), "0", "optimiser steps (critics: iterations); 0: as many as the epochs give",
            source: "verl", per: [.criticRL: "200", .valueHead: "200"]),
        Setting("trainer.save_freq", .integer(0...1 << 30), "100", "steps between checkpoints; 0: only at the end", source: "verl (-1 there means never)"),
        Setting(
            "trainer.test_freq", .integer(0...1 << 30), "100", "steps between measurements of data.val_files; 0: only at the end", source: "verl",
            stages: [.sft]),
        Setting("trainer.max_ckpt_to_keep", .integer(1...1 << 20), "2", "newest checkpoints kept", source: "verl max_actor_ckpt_to_keep"),
    ]
}
