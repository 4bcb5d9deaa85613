/// The actor's loss and what its tokens earn.
package struct ActorSettings: SettingGroup {
    /// Problems, with all their solutions, in one update; 0: all of the step.
    package let miniBatch: Int
    /// `actor.ppo_epochs`, at least 1.
    package let epochs: Int
    /// The clipped loss, with what keeps near a reference and choices open.
    package let objective: PolicyObjective
    /// `actor.loss_agg_mode`.
    package let aggregation: LossAggregation
    /// What the KL takes off the reward, where it does.
    package let rewards: TokenRewards

    /// Declares and reads them.
    package init(_ read: SettingReader) {
        miniBatch = read(
            "actor.ppo_mini_batch_size", .integer(0...1 << 20), "0",
            "problems, with all their solutions, in one update; 0: all of the step",
            source: "verl (256 there)")
        epochs = read(
            "actor.ppo_epochs", .integer(1...1000), "1", "passes over each step's rollouts", paper: "1 (R)",
            grade: .reimplementation, source: "verl")
        objective = PolicyObjective(read)
        aggregation = read(
            "actor.loss_agg_mode", .choice, "token-mean",
            "how the losses of a mini-batch's tokens become one",
            formula:
                "token-mean: sum / tokens; seq-mean-token-sum: mean over responses of their sums; seq-mean-token-mean: "
                + "of their means; seq-mean-token-sum-norm: of their sums / rollout.response_length",
            source: "verl")
        rewards = TokenRewards(read)
    }

    /// Whether a reference is asked for, in the loss or in the reward.
    var wantsReference: Bool { objective.divergence != nil || rewards.divergence != nil }
}

extension PolicyLoss {
    fileprivate init(_ read: SettingReader) {
        self.init(
            low: read(
                "actor.clip_ratio_low", .number(0...1), "0.2",
                "how far the ratio may fall below 1 before a bad token is pushed no further",
                formula: "loss = max(-A ratio, -A clip(ratio, 1 - low, 1 + high))", paper: "0.2 (R)",
                grade: .reimplementation, source: "verl"),
            high: read(
                "actor.clip_ratio_high", .number(0...1e3), "0.2",
                "how far it may rise above 1 before a good token is; 0.28 is DAPO's clip-higher", paper: "0.2 (R)",
                grade: .reimplementation, source: "verl"),
            dual: read(
                "actor.clip_ratio_c", .number(1...1e9), "3.0",
                "dual clip: the largest ratio at which a bad token is pushed down",
                formula: "where A < 0: loss at most -A c",
                source: "verl"))
    }
}

extension PolicyObjective {
    fileprivate init(_ read: SettingReader) {
        let isNear = read(
            "actor.use_kl_loss", .flag, "false",
            "the divergence from the reference, the weights of model.path, in the loss", paper: "0: no divergence (R)",
            grade: .reimplementation, source: "verl")
        let divergence: Divergence = read(
            "actor.kl_loss_type", .choice, "low_var_kl",
            "its estimate; as a loss `kl` regularises nothing, for its gradient is zero on average", source: "verl")
        self.init(
            loss: PolicyLoss(read), divergence: isNear ? divergence : nil,
            divergenceCoefficient: read(
                "actor.kl_loss_coef", .number(0...1e6), "0.001", "its coefficient", source: "verl"),
            entropyCoefficient: read(
                "actor.entropy_coeff", .number(0...1e6), "0", "of the mean entropy, which is taken off the loss",
                source: "verl"))
    }
}

extension TokenRewards {
    fileprivate init(_ read: SettingReader) {
        let isPaid = read(
            "algorithm.use_kl_in_reward", .flag, "false",
            "every token's reward less its divergence from the reference, the weights of model.path",
            paper: "0: no divergence (R)",
            grade: .reimplementation, source: "verl")
        let divergence: Divergence = read(
            "algorithm.kl_penalty", .choice, "kl", "the divergence in the reward",
            formula: "kl: log p - log q; abs: its size; mse: its square / 2; low_var_kl: q/p - log(q/p) - 1",
            source: "verl")
        self.init(
            divergence: isPaid ? divergence : nil,
            coefficient: read(
                "algorithm.kl_ctrl.kl_coef", .number(0...1e6), "0.001", "its coefficient", source: "verl"))
    }
}
