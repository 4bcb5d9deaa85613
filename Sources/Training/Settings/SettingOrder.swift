/// The order in which listings, docs/training.md and recipes name settings. Methods declare theirs in an order of their
/// own, so it is said here; a setting that is not named follows its section's others.
package enum SettingOrder {
    private static let sections: [(prefix: String, names: String)] = [
        ("", "seed truth.rollouts"),
        ("model.", "path init"),
        (
            "data.",
            """
            train_files rollouts val_files train_max_samples val_max_samples actors prompt_key response_key \
            chat_template max_length truncation train_batch_size max_token_len_per_gpu shuffle seed
            """
        ),
        ("rollout.", "n temperature top_k top_p min_p response_length truncated log_freq"),
        ("reward.", "command timeout"),
        (
            "algorithm.",
            """
            gamma lam adaptive_lam norm_adv_by_std_in_grpo mc_rollouts use_kl_in_reward kl_penalty kl_ctrl.kl_coef
            """
        ),
        (
            "actor.",
            """
            ppo_mini_batch_size ppo_epochs clip_ratio_low clip_ratio_high clip_ratio_c loss_agg_mode entropy_coeff \
            use_kl_loss kl_loss_coef kl_loss_type \(optimiser)
            """
        ),
        (
            "critic.",
            """
            model.path num_samples max_prefixes response_length temperature value_readout parse_fallback labels \
            baseline icc.dropout icc.off icc.momentum icc.measured_on template loss_agg_mode cliprange_value lam \
            ppo_epochs \(optimiser)
            """
        ),
        (
            "trainer.",
            """
            experiment_name total_epochs total_training_steps save_freq save_minutes test_freq critic_warmup \
            max_ckpt_to_keep
            """
        ),
    ]

    private static let optimiser = """
        optim.lr optim.weight_decay optim.betas optim.lr_warmup_steps optim.lr_scheduler_type optim.min_lr_ratio \
        grad_clip
        """

    private static let ranks: [String: Int] = {
        let keys = sections.flatMap { section in section.names.split(separator: " ").map { section.prefix + $0 } }
        return Dictionary(uniqueKeysWithValues: keys.enumerated().map { ($1, $0) })
    }()

    /// Keys that are named.
    package static var named: Set<String> { Set(ranks.keys) }

    static func sorted(_ settings: [Setting]) -> [Setting] {
        func section(_ key: String) -> Int {
            sections.lastIndex { !$0.prefix.isEmpty && key.hasPrefix($0.prefix) } ?? 0
        }
        // A key without a rank comes last in its section; the sort is stable, so several keep their order.
        return settings.enumerated().sorted { a, b in
            let (x, y) = (a.element.key, b.element.key)
            return (section(x), ranks[x] ?? .max, a.offset) < (section(y), ranks[y] ?? .max, b.offset)
        }.map(\.element)
    }
}
