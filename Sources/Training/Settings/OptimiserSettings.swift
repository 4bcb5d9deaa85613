extension Settings {
    /// - Parameter model: whose: `actor` or `critic`.
    static func optimiser(_ model: String, stages: [StageName]) -> [Setting] {
        [
            Setting(
                "\(model).optim.lr", .number(0...1e3), "1e-5", "peak learning rate of AdamW",
                formula: "w = w (1 - lr wd) - lr m' / (sqrt(v') + 1e-8)",
                paper: model == "actor" ? "1e-6 for the actor in RL (R)" : "not published for the critic",
                source: "verl; models of about a million parameters want 1e-4 to 1e-3", stages: stages),
            Setting(
                "\(model).optim.weight_decay", .number(0...1e3), "0.01", "decoupled weight decay, on every parameter",
                paper: "0.01 (R)", grade: .reimplementation, source: "verl", stages: stages),
            Setting(
                "\(model).optim.betas", .numbers(2, 0...0.999999), "0.9,0.999", "decay of AdamW's two running means",
                formula: "m = b1 m + (1 - b1) g;  v = b2 v + (1 - b2) g²;  m' = m / (1 - b1^t);  v' = v / (1 - b2^t)",
                source: "verl",
                stages: stages),
            Setting(
                "\(model).optim.lr_warmup_steps", .integer(0...1 << 30), "0",
                "steps over which the rate rises from 0; the first step's rate is 0, as in verl",
                formula: "lr t / warmup, t = 0, 1, …", source: "verl", stages: stages),
            Setting(
                "\(model).optim.lr_scheduler_type", .choice(["constant", "cosine"]), "constant",
                "the rate after the warm-up",
                formula: "cosine: lr (min + (1 - min) (1 + cos(pi (t - warmup) / (total - warmup))) / 2)",
                source: "verl", stages: stages),
            Setting(
                "\(model).optim.min_lr_ratio", .number(0...1), "0.0", "where the cosine ends, as a share of the peak",
                source: "verl", stages: stages),
            Setting(
                "\(model).grad_clip", .number(0...1e9), "1.0",
                "largest Euclidean norm of the whole gradient; 0: unlimited",
                formula: "g = g min(1, clip / (|g| + 1e-6))", source: "verl", stages: stages),
        ]
    }
}
