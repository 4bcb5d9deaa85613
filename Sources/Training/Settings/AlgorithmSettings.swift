extension Settings {
    /// How rollouts become advantages.
    static let algorithm: [Setting] = [
        Setting(
            "algorithm.gamma", .number(0...1), "1.0",
            "discount from one state to the next (ppo: tokens; genac, vineppo: steps)", source: "verl",
            stages: [.genac, .ppo, .vineppo]),
        Setting(
            "algorithm.lam", .number(0...1), "0.95",
            "lambda of the generalised advantages; it counts states: tokens in ppo, steps in genac",
            formula: "A_k = delta_k + gamma lam A_{k+1},  delta_k = r_k + gamma V_{k+1} - V_k", paper: "not published",
            source: "own (verl 1.0)",
            stages: [.genac, .ppo]),
        Setting(
            "algorithm.adaptive_lam", .flag, "false",
            "a lambda for each response by its length l, instead of algorithm.lam",
            formula: "lam = max(0, 1 - 1 / (0.05 l))", source: "VAPO", stages: [.ppo]),
        Setting(
            "algorithm.norm_adv_by_std_in_grpo", .flag, "true",
            "divide by the group's standard deviation; false with actor.loss_agg_mode=seq-mean-token-sum-norm is "
                + "Dr.GRPO",
            formula: "A = (r - mean) / (std + 1e-6), or r - mean", source: "verl", stages: [.grpo]),
        Setting(
            "algorithm.mc_rollouts", .integer(1...100_000), "9",
            "fresh continuations of each step by which vineppo measures its value; equal beginnings share them",
            formula: "V(s) = successes / K;  A_k = r_k + V(s_{k+1}) - V(s_k)", source: "VinePPO", stages: [.vineppo]),
        Setting(
            "algorithm.use_kl_in_reward", .flag, "false",
            "every token's reward less its divergence from the reference, the weights of model.path",
            paper: "0: no divergence (R)",
            grade: .reimplementation, source: "verl", stages: StageName.policies),
        Setting(
            "algorithm.kl_penalty", .choice(Divergence.allCases.map(\.rawValue)), "kl", "the divergence in the reward",
            formula: "kl: log p - log q; abs: its size; mse: its square / 2; low_var_kl: q/p - log(q/p) - 1",
            source: "verl", stages: StageName.policies),
        Setting(
            "algorithm.kl_ctrl.kl_coef", .number(0...1e6), "0.001", "its coefficient", source: "verl",
            stages: StageName.policies),
    ]
}
