import Training

/// What `set` changed in this session, and what else counts for the shell's own commands.
public struct SettingValues: Sendable {
    /// By key, as typed; `train` takes those its stage reads as defaults.
    public private(set) var changed: [String: String] = [:]

    public init() {}

    /// - Throws: `TrainingError` for an unknown key or an unfit value.
    public mutating func set(_ key: String, _ value: String) throws {
        let setting = try Settings.find(key)
        try setting.check(value)
        changed[setting.key] = value
    }

    public func isChanged(_ key: String) -> Bool { changed[key] != nil }

    public func text(_ key: String) -> String {
        let setting = Settings.named(key)
        return changed[key] ?? setting?.shellDefault ?? setting?.defaultValue ?? ""
    }

    public func integer(_ key: String) -> Int { Int(text(key)) ?? 0 }
    public func unsigned(_ key: String) -> UInt64 { UInt64(text(key)) ?? 0 }
    public func number(_ key: String) -> Double { Double(text(key)) ?? 0 }
}
