/// Which of a run's two models is meant: the name of its directory in a checkpoint, and of its settings.
package enum ModelRole: String, Sendable, CaseIterable { case actor, critic }

/// How a model's weights move.
package struct OptimiserSettings: Sendable {
    /// `optim.lr`.
    package let peak: Double
    /// AdamW's constants.
    package let adamW: AdamW.Options
    /// `optim.lr_warmup_steps`.
    package let warmupSteps: Int
    /// `optim.lr_scheduler_type`.
    package let shape: Schedule.Shape
    /// Where the cosine ends, as a share of the peak, in 0...1.
    package let floor: Double
    /// The largest norm of the whole gradient; 0: unlimited.
    package let clip: Double

    init(_ read: SettingReader, of role: ModelRole) {
        let model = role.rawValue
        peak = read(
            "\(model).optim.lr", .number(0...1e3), "1e-5", "peak learning rate of AdamW",
            formula: "w = w (1 - lr wd) - lr m' / (sqrt(v') + 1e-8)",
            paper: role == .actor ? "1e-6 for the actor in RL (R)" : "not published for the critic",
            source: "verl; models of about a million parameters want 1e-4 to 1e-3")
        adamW = AdamW.Options(read, model: model)
        warmupSteps = read(
            "\(model).optim.lr_warmup_steps", .integer(0...1 << 30), "0",
            "steps over which the rate rises from 0; the first step's rate is 0, as in verl",
            formula: "lr t / warmup, t = 0, 1, …", source: "verl")
        shape = read(
            "\(model).optim.lr_scheduler_type", .choice, "constant",
            "the rate after the warm-up",
            formula: "cosine: lr (min + (1 - min) (1 + cos(pi (t - warmup) / (total - warmup))) / 2)",
            source: "verl")
        floor = read(
            "\(model).optim.min_lr_ratio", .number(0...1), "0.0", "where the cosine ends, as a share of the peak",
            source: "verl")
        clip = read(
            "\(model).grad_clip", .number(0...1e9), "1.0",
            "largest Euclidean norm of the whole gradient; 0: unlimited",
            formula: "g = g min(1, clip / (|g| + 1e-6))", source: "verl")
    }

    func schedule(totalSteps: Int) -> Schedule {
        Schedule(peak: peak, shape: shape, warmupSteps: warmupSteps, totalSteps: totalSteps, floor: floor)
    }
}

extension AdamW.Options {
    fileprivate init(_ read: SettingReader, model: String) {
        self.init()
        weightDecay = read(
            "\(model).optim.weight_decay", .number(0...1e3), "0.01", "decoupled weight decay, on every parameter",
            paper: "0.01 (R)", grade: .reimplementation, source: "verl")
        let betas = read(
            "\(model).optim.betas", .numbers(2, 0...0.999999), "0.9,0.999", "decay of AdamW's two running means",
            formula: "m = b1 m + (1 - b1) g;  v = b2 v + (1 - b2) g²;  m' = m / (1 - b1^t);  v' = v / (1 - b2^t)",
            source: "verl")
        (beta1, beta2) = (betas[0], betas[1])
    }
}
