import Critics

/// What only the shell's commands read.
struct ShellSettings: SettingGroup {
    init(_ read: SettingReader) {
        _ = read(
            "seed", .integer(0...Int.max), "0",
            "the seed of every random number; `train` takes it for data.seed once it was set",
            formula:
                "a number is a function of (seed, purpose, iteration, problem, sample), so no batch or order changes "
                + "it",
            source: "own", shell: "0")
        _ = read(
            "truth.rollouts", .integer(1...100_000), "32",
            "fresh continuations of each prefix by the actor; their success rate is the Monte Carlo value, with a 95 % "
                + "Wilson interval",
            formula: "v = successes / M", paper: "VinePPO's study takes 256",
            source: "own; 64 or more for measuring errors",
            shell: "32")
        let _: GenerativeCritic.Readout = read(
            "critic.value_readout", .choice, "parsed",
            "parsed: the integer the chain ends in. expected: the mean over the distribution at the integer's place, "
                + "which `score` and `generate --score` take where the model tells it: one chain errs no more so "
                + "than eight parsed ones. Studies and training take parsed unless it is set",
            formula: "parsed: v = s / 10; expected: v = sum of p(i) i / 10",
            paper: "the integer 0-10, normalised to [0, 1]", grade: .paper,
            source: "the paper; the shell's is ours, as measured (docs/measurements.md)", shell: "expected")
    }
}
