import Generation
import Training

/// What `set` changed in this session, and what else counts for the shell's own commands.
package final class SettingValues {
    /// By key, as typed; `train` takes those its stage reads as defaults.
    package private(set) var changed: [String: String] = [:]

    /// Nothing is changed yet.
    package init() {}

    /// - Throws: `TrainingError` for an unknown key or an unfit value.
    package func set(_ key: String, _ value: String) throws {
        let setting = try Settings.find(key)
        try setting.check(value)
        changed[setting.key] = value
    }

    /// The seed of every random number.
    package var seed: UInt64 { unsigned("seed") }

    /// What a command's `--seed` says, else ``seed``.
    /// - Throws: ``ShellError/refused(_:hint:)``.
    func seed(given: Int?) throws -> UInt64 {
        guard let given else { return seed }
        try RangeCheck.require("--seed", given, in: 0...Int.max)
        return UInt64(given)
    }

    /// The settings `rollout.*` of how tokens are drawn.
    var sampling: Sampling {
        Sampling(
            temperature: number("rollout.temperature"), topK: integer("rollout.top_k"), topP: number("rollout.top_p"),
            minP: number("rollout.min_p"), maxTokens: integer("rollout.response_length"))
    }

    /// Whether `set` gave it a value.
    package func isChanged(_ key: String) -> Bool { changed[key] != nil }

    /// - Precondition: The setting exists: a misspelt one would otherwise read as nothing.
    package func text(_ key: String) -> String {
        guard let setting = Settings.named(key) else { preconditionFailure("there is no setting \(key)") }
        return changed[key] ?? setting.shellDefault ?? setting.defaultValue
    }

    /// A whole number.
    package func integer(_ key: String) -> Int { value(key, Int.init) }
    /// A whole number that is not negative.
    package func unsigned(_ key: String) -> UInt64 { value(key) { UInt64($0) } }
    /// Any number.
    package func number(_ key: String) -> Double { value(key, Double.init) }

    /// One of a setting's words.
    package func choice<Choice: RawRepresentable>(_ key: String) -> Choice where Choice.RawValue == String {
        value(key, Choice.init(rawValue:))
    }

    /// Values were checked when they were set, so what cannot be read is a mistake in the program.
    private func value<Value>(_ key: String, _ read: (String) -> Value?) -> Value {
        let text = text(key)
        guard let value = read(text) else { preconditionFailure("\(key) is \"\(text)\", which is no \(Value.self)") }
        return value
    }
}
