/// What is learned from, and in which portions.
package struct DataSettings: Sendable {
    /// `data.train_files`.
    package let trainFiles: [String]
    /// Problems in one iteration; sft: rows in one optimiser step.
    package let batch: Int
    /// Tokens in one forward and backward pass at most.
    package let passTokens: Int
    /// `data.shuffle`.
    package let isShuffled: Bool
    /// `data.seed`: names every random number of the run.
    package let seed: UInt64

    /// - Parameter batch: what `data.train_batch_size` begins with.
    init(_ read: SettingReader, batch: String) {
        trainFiles = read(
            "data.train_files", .files, "",
            "what to learn from, several separated by commas. sft: JSON Lines of {\"prompt\", \"response\"}. The "
                + "others: problems, as `problems load` takes them (JSON Lines or starter:jumps:train)",
            source: "verl", required: true, unless: "data.rollouts")
        self.batch = read(
            "data.train_batch_size", .integer(1...1 << 20), batch,
            "sft: rows in one optimiser step. The others: problems in one iteration, each solved rollout.n times",
            formula:
                "sft: loss = -sum of the response tokens' log-probabilities / number of response tokens in the step",
            paper: "128 prompts x 8 responses in RL (R); not published for SFT",
            source: "verl (256 there); smaller for two cores")
        passTokens = read(
            "data.max_token_len_per_gpu", .integer(1...1 << 24), "4096",
            "tokens in one forward and backward pass; a step runs as many passes as it needs, which changes memory, "
                + "and the last digits only where a problem's rollouts do not fit into one",
            source: "verl (8192 there)")
        isShuffled = read(
            "data.shuffle", .flag, "true", "a new order of the rows each epoch, drawn by data.seed", source: "verl")
        seed = read("data.seed", .seed, "1", "names every random number of the run", source: "verl")
    }
}

/// What is held out, and how often it is measured.
package struct ValidationSettings: Sendable {
    /// `data.val_files`; none: nothing is measured.
    package let files: [String]
    /// Steps between measurements; 0: only at the end.
    package let every: Int

    /// - Parameter every: what `trainer.test_freq` begins with.
    init(_ read: SettingReader, every: String) {
        files = read(
            "data.val_files", .files, "",
            "held out, never learned from: sft measures the loss of its rows, the others how many of its problems the "
                + "actor solves",
            source: "verl")
        self.every = read(
            "trainer.test_freq", .integer(0...1 << 30), every,
            "steps between measurements of data.val_files; 0: only at the end", source: "verl")
    }

    func isDue(_ step: Int, of total: Int) -> Bool { step == total || (every > 0 && step % every == 0) }
}

extension SettingReader {
    /// The model that a method trains in the first place.
    func modelPath() -> String {
        self(
            "model.path", .text, "",
            "the model to train: anything `load` takes; of a run with two models its actor, in the critics' stages its "
                + "critic",
            source: "verl actor_rollout_ref.model.path, critic.model.path", required: true)
    }
}
