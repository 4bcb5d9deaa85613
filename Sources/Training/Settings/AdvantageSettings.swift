/// Settings that more than one way of making advantages reads.
extension SettingReader {
    func gamma() -> Double {
        self(
            "algorithm.gamma", .number(0...1), "1.0",
            "discount from one state to the next (ppo: tokens; genac, vineppo: steps)", source: "verl")
    }

    func lambda() -> Double {
        self(
            "algorithm.lam", .number(0...1), "0.95",
            "lambda of the generalised advantages; it counts states: tokens in ppo, steps in genac",
            formula: "A_k = delta_k + gamma lam A_{k+1},  delta_k = r_k + gamma V_{k+1} - V_k", paper: "not published",
            source: "own (verl 1.0)")
    }

    /// Prefixes of a solution that are rated at most.
    func maxPrefixes() -> Int {
        self(
            "critic.max_prefixes", .integer(1...10_000), "8",
            "prefixes of a solution rated at most: evenly spaced, the bare problem always, the full response never "
                + "(its value is its outcome). vineppo: the first so many steps, the outcome standing for the rest. "
                + "ppo rates every token; these are what `samples` shows",
            source: "own", shell: "16")
    }

    /// The critic that is trained beside an actor.
    func criticPath() -> String {
        self(
            "critic.model.path", .text, "",
            "the critic's weights: anything `load` takes, of a run with two models its critic. genac: a language model "
                + "that writes chains; ppo: any, a value head is added where it has none",
            paper: "genac: the critic of stage 2", grade: .paper, source: "verl", required: true)
    }

    func criticWarmup() -> Int {
        self(
            "trainer.critic_warmup", .integer(0...1 << 30), "0", "first steps in which the critic alone learns",
            source: "verl; VC-PPO pretrains its values so")
    }
}
