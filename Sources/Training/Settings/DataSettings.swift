extension Settings {
    static let data: [Setting] = [
        Setting(
            "data.train_files", .file, "",
            "what to learn from, several separated by commas. sft: JSON Lines of {\"prompt\", \"response\"}. The "
                + "others: problems, as `problems load` takes them (JSON Lines or starter:jumps:train)",
            source: "verl", required: true, unless: "data.rollouts"),
        Setting(
            "data.rollouts", .file, "",
            "rollouts to learn from instead of sampling any, several files separated by commas, one a step: "
                + "rollouts/STEP.jsonl of any run. Log-probabilities, outcomes and what critics are told are the "
                + "file's",
            source: "own", stages: StageName.policies),
        Setting(
            "data.val_files", .file, "",
            "held out, never learned from: sft measures the loss of its rows, the others how many of its problems the "
                + "actor solves",
            source: "verl", stages: [.sft] + StageName.policies),
        Setting(
            "data.train_max_samples", .integer(1...1 << 24), "10000",
            "problems of a file at most; of starter:jumps that many are drawn", source: "verl (-1, all, there)",
            stages: StageName.rollouts),
        Setting(
            "data.val_max_samples", .integer(1...1 << 24), "200", "held-out problems at most, one solution each",
            source: "verl (-1, all, there)",
            stages: StageName.policies),
        Setting(
            "data.actors", .text, "",
            "the frozen actors whose solutions are rated, several separated by commas: anything `load` takes. Problems "
                + "go to them in turn. With one actor its success rate is a constant, from which nothing is learned",
            paper: "one actor, frozen", source: "own", stages: StageName.critics, required: true),
        Setting(
            "data.prompt_key", .text, "prompt", "a row's member that holds the prompt: text, or a list of messages",
            source: "verl", stages: [.sft]),
        Setting(
            "data.response_key", .text, "response", "a row's member that holds the response to learn", source: "verl",
            stages: [.sft]),
        Setting(
            "data.chat_template", .choice(["auto", "on", "off"]), "auto",
            "wrap prompts in the model's chat template (auto: where it has one); text prompts become one user message",
            source: "own", stages: [.sft]),
        Setting(
            "data.max_length", .integer(0...1 << 24), "0",
            "longest sequence in tokens, prompt and response and end token together; 0: the model's context",
            source: "verl (1024 there)", stages: [.sft]),
        Setting(
            "data.truncation", .choice(["error", "right", "drop"]), "error",
            "what becomes of a longer row: an error, cut at the right, or left out",
            source: "verl", stages: [.sft]),
        Setting(
            "data.train_batch_size", .integer(1...1 << 20), "32",
            "sft: rows in one optimiser step. The others: problems in one iteration, each solved rollout.n times",
            formula:
                "sft: loss = -sum of the response tokens' log-probabilities / number of response tokens in the step",
            paper: "128 prompts x 8 responses in RL (R); not published for SFT",
            source: "verl (256 there); smaller for two cores",
            per: Dictionary(uniqueKeysWithValues: StageName.rollouts.map { ($0, "4") })),
        Setting(
            "data.max_token_len_per_gpu", .integer(1...1 << 24), "4096",
            "tokens in one forward and backward pass; a step runs as many passes as it needs, which changes memory, "
                + "not the result",
            source: "verl (8192 there)"),
        Setting(
            "data.shuffle", .flag, "true", "a new order of the rows each epoch, drawn by data.seed", source: "verl"),
        Setting("data.seed", .integer(0...Int.max), "1", "names every random number of the run", source: "verl"),
    ]
}
