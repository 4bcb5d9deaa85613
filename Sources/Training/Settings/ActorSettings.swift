extension Settings {
    /// The actor's loss.
    static let actor: [Setting] = [
        Setting(
            "actor.ppo_mini_batch_size", .integer(0...1 << 20), "0",
            "problems, with all their solutions, in one update; 0: all of the step",
            source: "verl (256 there)", stages: StageName.policies),
        Setting(
            "actor.ppo_epochs", .integer(1...1000), "1", "passes over each step's rollouts", paper: "1 (R)",
            grade: .reimplementation, source: "verl",
            stages: StageName.policies),
        Setting(
            "actor.clip_ratio_low", .number(0...1), "0.2",
            "how far the ratio may fall below 1 before a bad token is pushed no further",
            formula: "loss = max(-A ratio, -A clip(ratio, 1 - low, 1 + high))", paper: "0.2 (R)",
            grade: .reimplementation, source: "verl", stages: StageName.policies),
        Setting(
            "actor.clip_ratio_high", .number(0...1e3), "0.2",
            "how far it may rise above 1 before a good token is; 0.28 is DAPO's clip-higher", paper: "0.2 (R)",
            grade: .reimplementation, source: "verl", stages: StageName.policies),
        Setting(
            "actor.clip_ratio_c", .number(1...1e9), "3.0",
            "dual clip: the largest ratio at which a bad token is pushed down",
            formula: "where A < 0: loss at most -A c",
            source: "verl", stages: StageName.policies),
        Setting(
            "actor.loss_agg_mode", .choice(LossAggregation.allCases.map(\.rawValue)), "token-mean",
            "how the losses of a mini-batch's tokens become one",
            formula:
                "token-mean: sum / tokens; seq-mean-token-sum: mean over responses of their sums; seq-mean-token-mean: "
                + "of their means; seq-mean-token-sum-norm: of their sums / rollout.response_length",
            source: "verl", stages: StageName.policies),
        Setting(
            "actor.entropy_coeff", .number(0...1e6), "0", "of the mean entropy, which is taken off the loss",
            source: "verl", stages: StageName.policies),
        Setting(
            "actor.use_kl_loss", .flag, "false",
            "the divergence from the reference, the weights of model.path, in the loss", paper: "0: no divergence (R)",
            grade: .reimplementation, source: "verl", stages: StageName.policies),
        Setting(
            "actor.kl_loss_coef", .number(0...1e6), "0.001", "its coefficient", source: "verl",
            stages: StageName.policies),
        Setting(
            "actor.kl_loss_type", .choice(Divergence.allCases.map(\.rawValue)), "low_var_kl",
            "its estimate; as a loss `kl` regularises nothing, for its gradient is zero on average", source: "verl",
            stages: StageName.policies),
    ]
}
