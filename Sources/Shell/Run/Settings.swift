import Compute
import Training

/// Where a default comes from (method.md): the paper, a second-hand report of it, or our own choice.
public enum Grade: String, Sendable {
    case paper = "P", reported = "R", ours = "O"

    public var meaning: String {
        switch self {
        case .paper: "stated by the paper"
        case .reported: "reported by a reimplementation of the paper"
        case .ours: "our choice, nothing is published"
        }
    }
}

/// One named setting: what it may be, what it means, and why its default is what it is.
public struct Setting: Sendable {
    public enum Kind: Sendable {
        case integer(ClosedRange<Int>)
        case number(ClosedRange<Double>)
        case choice([String])
    }

    public var key: String
    public var kind: Kind
    public var standard: String
    public var meaning: String
    public var formula: String?
    public var paper: String?
    public var grade: Grade

    /// - Throws: ``ShellError/refused(_:hint:)`` saying what the value may be.
    func check(_ value: String) throws {
        switch kind {
        case .integer(let range):
            guard let number = Int(value), range.contains(number) else { throw refusal(value, "a whole number from \(range.lowerBound) to \(range.upperBound)") }
        case .number(let range):
            guard let number = Double(value), number.isFinite, range.contains(number) else { throw refusal(value, "a number from \(range.lowerBound) to \(range.upperBound)") }
        case .choice(let choices):
            guard choices.contains(value) else { throw refusal(value, choices.joined(separator: ", ")) }
        }
    }

    private func refusal(_ value: String, _ allowed: String) -> ShellError {
        .refused("\(key) cannot be \(value)", hint: "it may be: \(allowed)")
    }
}

/// The shell's settings: those that were set, else their defaults.
public struct Settings: Sendable {
    private var changed: [String: String] = [:]

    public init() {}

    public static func find(_ key: String) throws -> Setting {
        if let setting = all.first(where: { $0.key == key }) { return setting }
        let near = DidYouMean.nearest(to: key, in: all.map(\.key) + Training.Settings.all.map(\.key))
        throw ShellError.refused("there is no setting \(key)", hint: near.map { "did you mean \($0)? `settings` lists all" } ?? "`settings` lists all")
    }

    public mutating func set(_ key: String, _ value: String) throws {
        try Self.find(key).check(value)
        changed[key] = value
    }

    public func isChanged(_ key: String) -> Bool { changed[key] != nil }

    public func text(_ key: String) -> String { changed[key] ?? Self.all.first { $0.key == key }?.standard ?? "" }
    public func integer(_ key: String) -> Int { Int(text(key)) ?? 0 }
    public func unsigned(_ key: String) -> UInt64 { UInt64(text(key)) ?? 0 }
    public func number(_ key: String) -> Double { Double(text(key)) ?? 0 }

    public static let all: [Setting] = [
        Setting(
            key: "seed", kind: .integer(0...Int.max), standard: "0",
            meaning: "The seed of every random number. A number is a function of (seed, purpose, iteration, problem, sample), so no batch or order changes it.",
            grade: .ours),
        Setting(
            key: "rollout.n", kind: .integer(1...4096), standard: "4", meaning: "Solutions that `generate` samples of a problem.",
            paper: "8 responses to each of 128 prompts", grade: .reported),
        Setting(
            key: "rollout.temperature", kind: .number(0...10), standard: "1.0", meaning: "Logits are divided by it before sampling; 0 takes the likeliest token.",
            formula: "p(i) = softmax(z / T)(i)", grade: .ours),
        Setting(key: "rollout.top_k", kind: .integer(0...1_000_000), standard: "0", meaning: "Sample among the k likeliest tokens; 0 is off.", grade: .ours),
        Setting(key: "rollout.top_p", kind: .number(0...1), standard: "1.0", meaning: "Sample among the likeliest tokens that hold this probability together; 1 is off.", grade: .ours),
        Setting(key: "rollout.min_p", kind: .number(0...1), standard: "0.0", meaning: "Sample among tokens at least this likely relative to the likeliest; 0 is off.", grade: .ours),
        Setting(
            key: "rollout.response_length", kind: .integer(1...1_000_000), standard: "256",
            meaning: "At most this many tokens in a solution, the end token among them. A solution cut off here counts as failed.", grade: .ours),
        Setting(
            key: "critic.num_samples", kind: .integer(1...256), standard: "1", meaning: "Chains of thought per prefix; the value is their mean.", grade: .ours),
        Setting(
            key: "critic.max_prefixes", kind: .integer(1...10_000), standard: "16",
            meaning: "At most this many prefixes of a solution are scored when none is named: evenly spaced, the bare problem always, the full response never (its value is its outcome).",
            grade: .ours),
        Setting(
            key: "critic.response_length", kind: .integer(1...1_000_000), standard: "160", meaning: "At most this many tokens in a critic's chain.",
            paper: "1024", grade: .reported),
        Setting(key: "critic.temperature", kind: .number(0...10), standard: "1.0", meaning: "Temperature of the critic's chains; 0 takes the likeliest token.", grade: .ours),
        Setting(
            key: "critic.value_readout", kind: .choice(["parsed", "expected"]), standard: "parsed",
            meaning: "parsed: the integer the chain ends in. expected: the mean over the distribution of the score token.",
            formula: "parsed: v = s / 10; expected: v = sum over i of p(i) * i / 10", paper: "the integer 0-10, normalised to [0, 1]", grade: .paper),
        Setting(
            key: "critic.parse_fallback", kind: .choice(["forced", "icc", "fail"]), standard: "forced",
            meaning: "When a chain does not end in a score: forced appends the cue and reads the distribution; icc takes the actor's success rate; fail leaves the prefix without a value.",
            grade: .ours),
        Setting(
            key: "truth.rollouts", kind: .integer(1...100_000), standard: "32",
            meaning: "Fresh continuations of each prefix by the actor; their success rate is the Monte Carlo value, with a 95 % Wilson interval.",
            formula: "v = successes / M", paper: "64 or more are advised for measuring error", grade: .ours),
    ]
}
