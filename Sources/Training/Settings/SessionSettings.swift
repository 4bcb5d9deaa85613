extension Settings {
    /// What only the shell's commands read.
    static let session: [Setting] = [
        Setting(
            "seed", .integer(0...Int.max), "0",
            "the seed of every random number; `train` takes it for data.seed once it was set",
            formula:
                "a number is a function of (seed, purpose, iteration, problem, sample), so no batch or order changes "
                + "it",
            source: "own", stages: [], shell: "0"),
        Setting(
            "truth.rollouts", .integer(1...100_000), "32",
            "fresh continuations of each prefix by the actor; their success rate is the Monte Carlo value, with a 95 % "
                + "Wilson interval",
            formula: "v = successes / M", paper: "VinePPO's study takes 256",
            source: "own; 64 or more for measuring errors", stages: [],
            shell: "32"),
    ]
}
