import ArgumentParser
import Generation

/// Options of sampling, shared by `generate` and `branch`; what is not given comes from the settings `rollout.*`.
struct SamplingOptions: ParsableArguments {
    @Option(name: .customShort("n"), help: ArgumentHelp("How many solutions (rollout.n).", valueName: "count"))
    var count: Int?

    @Option(help: ArgumentHelp("0 takes the likeliest token (rollout.temperature).", valueName: "number"))
    var temperature: Double?

    @Option(help: ArgumentHelp("Sample among the likeliest with this probability together.", valueName: "number"))
    var topP: Double?

    @Option(help: ArgumentHelp("Sample among the k likeliest tokens; 0 is off.", valueName: "count"))
    var topK: Int?

    @Option(
        help: ArgumentHelp("Sample among tokens at least this likely relative to the likeliest.", valueName: "number"))
    var minP: Double?

    @Option(help: ArgumentHelp("Tokens in a whole solution at most (rollout.response_length).", valueName: "count"))
    var maxTokens: Int?

    @Option(help: ArgumentHelp("Text that ends a solution; may be given several times.", valueName: "text"))
    var stop: [Text] = []

    @Option(
        help: ArgumentHelp(
            "Draw samples 0 to n-1 under this seed, whatever was drawn before (default: the setting seed, and the "
                + "numbers after those drawn).", valueName: "number"))
    var seed: Int?

    @Flag(help: "Have the critic rate each step as it ends; solutions are then written one after another.")
    var score = false

    func count(_ settings: SettingValues) throws -> Int {
        let count = count ?? settings.integer("rollout.n")
        try RangeCheck.require("-n", count, in: 1...4096)
        return count
    }

    func sampling(_ standard: Sampling) throws -> Sampling {
        var sampling = standard
        if let temperature {
            sampling.temperature = try checked("--temperature", temperature, 0...10)
            guard temperature == 0 || temperature >= Sampling.temperatures.lowerBound else {
                throw ShellError.refused(
                    "--temperature cannot be \(temperature)",
                    hint: "0 takes the likeliest token; else it goes from 1e-6 to 10")
            }
        }
        if let topP { sampling.topP = try checked("--top-p", topP, 0...1) }
        if let topK { sampling.topK = Int(try checked("--top-k", Double(topK), 0...1e6)) }
        if let minP { sampling.minP = try checked("--min-p", minP, 0...1) }
        if let maxTokens { sampling.maxTokens = Int(try checked("--max-tokens", Double(maxTokens), 1...1e6)) }
        if !stop.isEmpty { sampling.stop = stop.map(\.string) }
        return sampling
    }

    private func checked(_ option: String, _ value: Double, _ range: ClosedRange<Double>) throws -> Double {
        try RangeCheck.require(option, value, in: range)
        return value
    }
}
