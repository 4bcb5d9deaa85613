extension Settings {
    /// How actors sample their solutions, in `generate` and in training.
    static let rollout: [Setting] = [
        Setting(
            "rollout.n", .integer(1...4096), "4", "solutions sampled of a problem", paper: "8 (R)", grade: .own,
            source: "verl",
            stages: StageName.rollouts, shell: "4"),
        Setting(
            "rollout.temperature", .number(0...10), "1.0",
            "logits are divided by it before sampling; 0 takes the likeliest token",
            formula: "p(i) = softmax(z / T)(i)", source: "verl", stages: StageName.rollouts, shell: "1.0"),
        Setting(
            "rollout.top_k", .integer(0...1_000_000), "0", "sample among the k likeliest tokens; 0 is off",
            source: "verl (-1 there)",
            stages: StageName.rollouts, shell: "0"),
        Setting(
            "rollout.top_p", .number(0...1), "1.0",
            "sample among the likeliest tokens that hold this probability together; 1 is off",
            source: "verl", stages: StageName.rollouts, shell: "1.0"),
        Setting(
            "rollout.min_p", .number(0...1), "0.0",
            "sample among tokens at least this likely relative to the likeliest; 0 is off", source: "own",
            stages: StageName.rollouts, shell: "0.0"),
        Setting(
            "rollout.response_length", .integer(1...1_000_000), "256",
            "at most this many tokens in a solution, the end token among them; a solution cut off in the shell counts "
                + "as failed",
            source: "verl data.max_response_length", stages: StageName.rollouts, shell: "256"),
        Setting(
            "rollout.truncated", .choice(["zero", "keep", "mask"]), "zero",
            "a solution cut off by the limit: its outcome is 0, or what the grader says, or it is left out of training "
                + "(and still counted)",
            source: "VinePPO zero, verl keep, DAPO mask", stages: StageName.rollouts),
        Setting(
            "rollout.log_freq", .integer(0...1 << 30), "10",
            "steps between rollouts kept in rollouts/STEP.jsonl for `samples`, the first and the last always; 0: none",
            source: "verl trainer.rollout_data_dir keeps every step", stages: StageName.rollouts),
    ]
}
