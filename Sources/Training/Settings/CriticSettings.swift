extension Settings {
    /// What a critic reads, writes and earns.
    static let critic: [Setting] = [
        Setting(
            "critic.model.path", .text, "",
            "the critic's weights: anything `load` takes, of a run with two models its critic. genac: a language model "
                + "that writes chains; ppo: any, a value head is added where it has none",
            paper: "genac: the critic of stage 2", grade: .paper, source: "verl", stages: [.genac, .ppo], required: true
        ),
        Setting(
            "critic.num_samples", .integer(1...256), "4", "chains of thought per prefix; the value is their mean",
            paper: "not published", source: "own", stages: StageName.generative, shell: "1"),
        Setting(
            "critic.max_prefixes", .integer(1...10_000), "8",
            "prefixes of a solution rated at most: evenly spaced, the bare problem always, the full response never "
                + "(its value is its outcome). vineppo: the first so many steps, the outcome standing for the rest. "
                + "ppo rates every token; these are what `samples` shows",
            source: "own", stages: StageName.critics + [.genac, .ppo, .vineppo], shell: "16"),
        Setting(
            "critic.response_length", .integer(1...1_000_000), "64", "tokens in a chain at most", paper: "1024 (R)",
            source: "own; smaller for two cores",
            stages: StageName.generative, shell: "160"),
        Setting(
            "critic.temperature", .number(0...10), "1.0",
            "temperature of the chains; 0 takes the likeliest token, from which REINFORCE learns nothing",
            source: "own", stages: StageName.generative, shell: "1.0"),
        Setting(
            "critic.value_readout", .choice(["parsed", "expected"]), "parsed",
            "parsed: the integer the chain ends in. expected: the mean over the distribution of the score token",
            formula: "parsed: v = s / 10; expected: v = sum of p(i) i / 10",
            paper: "the integer 0-10, normalised to [0, 1]", grade: .paper,
            source: "the paper", stages: [], shell: "parsed"),
        Setting(
            "critic.parse_fallback", .choice(["icc", "forced", "fail"]), "icc",
            "the value of a chain that does not end in a score: icc takes the actor's success rate; forced appends the "
                + "cue and reads the distribution; fail leaves the prefix without one. Its REINFORCE reward is 0 in "
                + "any case",
            source: "own", stages: StageName.generative, shell: "forced"),
        Setting(
            "critic.labels", .choice(["outcomes", "steps"]), "outcomes",
            "what a value head learns to say: the solution's outcome, or whether all steps so far are right (only of "
                + "the built-in task, whose solver knows): a control that gives it the supervision chains have",
            source: "own", stages: [.valueHead]),
        Setting(
            "critic.baseline", .choice(["none", "leave_one_out"]), "leave_one_out",
            "what is subtracted from a chain's reward: nothing, or the mean reward of the prefix's other chains (needs "
                + "critic.num_samples of 2 or more)",
            formula: "R = 1 - (r - v)²;  A = R, or R - (sum of the others' R) / (M - 1)", paper: "none: raw reward (R)",
            source: "own: docs/training.md has both measured", stages: StageName.generative),
        Setting(
            "critic.icc.dropout", .number(0...1), "0.15",
            "each ICC field is left out of a rollout's prompts with this probability, so that switching one off stays "
                + "in distribution",
            source: "own", stages: StageName.conditioned),
        Setting(
            "critic.icc.off", .text, "",
            "ICC fields never told, separated by commas (actor, success-rate, infer, sampling)", source: "own",
            stages: StageName.conditioned),
        Setting(
            "critic.icc.momentum", .number(0...1), "0.9",
            "of an actor's running success rate; prompts tell the rate before the step's own outcomes",
            formula: "rate = m rate + (1 - m) mean outcome",
            paper: "a smoothed running average; its constant is not published", source: "own",
            stages: StageName.conditioned),
        Setting(
            "critic.icc.measured_on", .integer(1...100_000), "100",
            "solutions by which an actor's success rate is measured: before a run's first step, and by `load actor` of "
                + "a starter model",
            source: "own", stages: StageName.conditioned, shell: "100"),
        Setting(
            "critic.template", .text, "auto",
            "the prompt template of prompts/critic (auto: the one that the critic carries, else starter for models "
                + "with the starter's words, else default)",
            source: "own", stages: StageName.conditioned),
        Setting(
            "critic.loss_agg_mode", .choice(LossAggregation.allCases.map(\.rawValue)), "token-mean",
            "how the losses of a step's tokens become one",
            formula:
                "token-mean: sum / tokens; seq-mean-token-sum: mean over chains of their sums; seq-mean-token-mean: of "
                + "their means; seq-mean-token-sum-norm: of their sums / critic.response_length",
            source: "verl", stages: StageName.generative),
        Setting(
            "critic.cliprange_value", .number(0...1e9), "0.5",
            "how far a value may move from the one the step began with before its loss stops pulling; 0: plain squared "
                + "error",
            formula: "loss = max((v - R)², (clip(v, v_old - c, v_old + c) - R)²) / 2", source: "verl (0.5 there)",
            stages: StageName.heads),
        Setting(
            "critic.lam", .number(0...1), "1.0",
            "lambda of the returns that a value head is regressed on; the actor's is algorithm.lam (VC-PPO's "
                + "decoupling)",
            formula: "R_t = V_t + sum of (gamma lam)^k delta_{t+k}", source: "VC-PPO (verl has one lambda for both)",
            stages: [.ppo]),
        Setting(
            "critic.ppo_epochs", .integer(1...1000), "1", "updates on each step's prefixes (ppo: tokens)",
            paper: "1 (R)", source: "verl", stages: StageName.heads),
    ]
}
