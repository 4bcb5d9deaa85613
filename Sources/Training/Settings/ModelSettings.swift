extension Settings {
    static let model: [Setting] = [
        Setting(
            "model.path", .text, "",
            "the model to train: anything `load` takes; of a run with two models its actor, in the critics' stages its "
                + "critic",
            source: "verl actor_rollout_ref.model.path, critic.model.path", required: true),
        Setting(
            "model.init", .choice(["weights", "random"]), "weights",
            "start from the weights found there, or from new ones of the same shape",
            formula: "random: matrices N(0, 1 / hidden), biases 0, norms 1, drawn by data.seed",
            source: "own; Benchmarks/LOG.md has the reason for the spread", stages: [.sft]),
    ]
}
