/// Every setting there is. Names are verl's where verl has the thing (method.md section 6).
public enum Settings {
    public static let all: [Setting] = model + data + optimiser + trainer

    /// Other spellings of a key.
    static let aliases = ["model": "model.path", "seed": "data.seed", "optim.lr": "actor.optim.lr"]

    public static func named(_ key: String) -> Setting? {
        let key = aliases[key] ?? key
        return all.first { $0.key == key }
    }

    /// The setting, or an error that suggests the likeliest one.
    public static func find(_ key: String) throws -> Setting {
        if let setting = named(key) { return setting }
        throw TrainingError.unknownKey(key, suggestion: nearest(to: key))
    }

    /// What `explain KEY` prints.
    public static func explain(_ key: String) throws -> String { try find(key).explanation }

    /// The key meant by a misspelt one: the same last part, or few letters apart.
    static func nearest(to key: String) -> String? {
        let last = key.split(separator: ".").last.map(String.init) ?? key
        let ranked = all.map { setting -> (String, Int) in
            let tail = setting.key.split(separator: ".").last.map(String.init) ?? setting.key
            return (setting.key, min(editDistance(key, setting.key), editDistance(last, tail) + 1))
        }
        guard let best = ranked.min(by: { $0.1 < $1.1 }), best.1 <= max(2, key.count / 4) else { return nil }
        return best.0
    }

    private static let model: [Setting] = [
        Setting(
            "model.path", .text, "", "the model to train: anything `load` takes",
            source: "verl actor_rollout_ref.model.path", required: true),
        Setting(
            "model.init", .choice(["weights", "random"]), "weights",
            "start from the weights found there, or from new ones of the same shape",
            formula: "random: matrices N(0, 0.64 / hidden), biases 0, norms 1, drawn by data.seed",
            source: "own; Benchmarks/LOG.md has the reason for the spread"),
    ]

    private static let data: [Setting] = [
        Setting(
            "data.train_files", .file, "", "JSON Lines to learn from, several separated by commas: {\"prompt\", \"response\"} rows",
            source: "verl", stages: [.sft], required: true),
        Setting("data.val_files", .file, "", "JSON Lines whose loss is measured, never learned", source: "verl", stages: [.sft]),
        Setting("data.prompt_key", .text, "prompt", "a row's member that holds the prompt: text, or a list of messages", source: "verl", stages: [.sft]),
        Setting("data.response_key", .text, "response", "a row's member that holds the response to learn", source: "verl", stages: [.sft]),
        Setting(
            "data.chat_template", .choice(["auto", "on", "off"]), "auto",
            "wrap prompts in the model's chat template (auto: where it has one); text prompts become one user message",
            source: "own"),
        Setting(
            "data.max_length", .integer(0...1 << 24), "0", "longest sequence in tokens, prompt and response and end token together; 0: the model's context",
            source: "verl (1024 there)", stages: [.sft]),
        Setting(
            "data.truncation", .choice(["error", "right", "drop"]), "error", "what becomes of a longer row: an error, cut at the right, or left out",
            source: "verl"),
        Setting(
            "data.train_batch_size", .integer(1...1 << 20), "32", "rows in one optimiser step",
            formula: "loss = -sum of the response tokens' log-probabilities / number of response tokens in the step",
            paper: "128 prompts x 8 responses in RL; not published for SFT", source: "verl (256 there); smaller for two cores"),
        Setting(
            "data.max_token_len_per_gpu", .integer(1...1 << 24), "4096",
            "tokens in one forward and backward pass; a step runs as many passes as it needs, which changes memory, not the result",
            source: "verl (8192 there)"),
        Setting("data.shuffle", .flag, "true", "a new order of the rows each epoch, drawn by data.seed", source: "verl"),
        Setting("data.seed", .integer(0...Int.max), "1", "names every random number of the run", source: "verl"),
    ]

    private static let optimiser: [Setting] = [
        Setting(
            "actor.optim.lr", .number(0...1e3), "1e-5", "peak learning rate of AdamW",
            formula: "w = w (1 - lr wd) - lr m' / (sqrt(v') + 1e-8)", paper: "1e-6 for the actor in RL (R)",
            source: "verl's SFT default; 1e-3 suits models of under a million parameters"),
        Setting(
            "actor.optim.weight_decay", .number(0...1e3), "0.01", "decoupled weight decay, on every parameter",
            paper: "0.01 (R)", grade: .reimplementation, source: "verl"),
        Setting(
            "actor.optim.betas", .numbers(2, 0...0.999999), "0.9,0.999", "decay of AdamW's two running means",
            formula: "m = b1 m + (1 - b1) g;  v = b2 v + (1 - b2) g²;  m' = m / (1 - b1^t);  v' = v / (1 - b2^t)", source: "verl"),
        Setting(
            "actor.optim.lr_warmup_steps", .integer(0...1 << 30), "0", "steps over which the rate rises from 0; the first step's rate is 0, as in verl",
            formula: "lr t / warmup, t = 0, 1, …", source: "verl"),
        Setting(
            "actor.optim.lr_scheduler_type", .choice(["constant", "cosine"]), "constant", "the rate after the warm-up",
            formula: "cosine: lr (min + (1 - min) (1 + cos(pi (t - warmup) / (total - warmup))) / 2)", source: "verl"),
        Setting("actor.optim.min_lr_ratio", .number(0...1), "0.0", "where the cosine ends, as a share of the peak", source: "verl"),
        Setting(
            "actor.grad_clip", .number(0...1e9), "1.0", "largest Euclidean norm of the whole gradient; 0: unlimited",
            formula: "g = g min(1, clip / (|g| + 1e-6))", source: "verl"),
    ]

    private static let trainer: [Setting] = [
        Setting("trainer.total_epochs", .integer(1...1 << 20), "1", "passes over the rows, unless trainer.total_training_steps is set", source: "verl"),
        Setting("trainer.total_training_steps", .integer(0...1 << 30), "0", "optimiser steps; 0: as many as the epochs give", source: "verl"),
        Setting("trainer.save_freq", .integer(0...1 << 30), "100", "steps between checkpoints; 0: only at the end", source: "verl (-1 there means never)"),
        Setting("trainer.test_freq", .integer(0...1 << 30), "100", "steps between measurements of data.val_files; 0: only at the end", source: "verl"),
        Setting("trainer.max_ckpt_to_keep", .integer(1...1 << 20), "2", "newest checkpoints kept", source: "verl max_actor_ckpt_to_keep"),
    ]
}

/// Least single-letter insertions, deletions and replacements that turn one text into the other.
func editDistance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a.utf8), Array(b.utf8))
    var row = Array(0...b.count)
    for i in a.indices {
        var corner = row[0]
        row[0] = i + 1
        for j in b.indices {
            let change = corner + (a[i] == b[j] ? 0 : 1)
            corner = row[j + 1]
            row[j + 1] = min(change, row[j] + 1, corner + 1)
        }
    }
    return row[b.count]
}
