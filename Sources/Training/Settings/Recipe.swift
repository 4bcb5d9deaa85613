import Formats

/// A stage with every one of its settings resolved: what a run is made from, and what `recipe.json` keeps.
public struct Recipe: Sendable, Equatable {
    public let stage: StageName
    /// A value for every setting of the stage, as typed.
    public let values: [String: String]

    /// - Parameters:
    ///   - assignments: `key=value`; later ones win.
    ///   - defaults: what `set KEY VALUE` changed; those of other stages are passed over.
    /// - Throws: ``TrainingError`` for an unknown key (with a suggestion), an unfit value or a missing one.
    public init(stage: StageName, assignments: [String], defaults: [String: String] = [:]) throws {
        var given: [String: String] = [:]
        for (key, value) in defaults {
            let setting = try Settings.find(key)
            if setting.stages.contains(stage) { given[setting.key] = value }
        }
        for assignment in assignments {
            guard let equals = assignment.firstIndex(of: "="), equals != assignment.startIndex else {
                throw TrainingError.notAnAssignment(assignment)
            }
            let setting = try Settings.find(String(assignment[..<equals]), of: stage)
            given[setting.key] = String(assignment[assignment.index(after: equals)...])
        }
        try self.init(stage: stage, given: given)
    }

    private init(stage: StageName, given: [String: String]) throws {
        var values: [String: String] = [:]
        for setting in Settings.all where setting.stages.contains(stage) {
            let value = given[setting.key] ?? setting.defaultValue(stage)
            if value.isEmpty {
                guard setting.mayBeBlank(stage) else { throw TrainingError.wrongValue(key: setting.key, value: "blank", expected: setting.expected) }
                let isReplaced = setting.alternative.map { !(given[$0] ?? "").isEmpty } ?? false
                guard !setting.isRequired || isReplaced else { throw TrainingError.missingKey(setting.key, stage: stage.rawValue) }
            } else {
                try setting.check(value)
            }
            values[setting.key] = value
        }
        self.stage = stage
        self.values = values
    }

    public func text(_ key: String) -> String { values[key] ?? "" }
    public func integer(_ key: String) -> Int { Int(text(key)) ?? 0 }
    public func number(_ key: String) -> Double { Double(text(key)) ?? 0 }
    public func numbers(_ key: String) -> [Double] { text(key).split(separator: ",").compactMap { Double($0) } }
    public func flag(_ key: String) -> Bool { text(key) == "true" }
    public func files(_ key: String) -> [String] { text(key).split(separator: ",").map(String.init) }

    /// The settings that are not the stage's defaults, in the registry's order: what a `train` command has to say.
    public var changed: [(key: String, value: String)] {
        Settings.all.compactMap { setting in
            guard let value = values[setting.key], value != setting.defaultValue(stage) else { return nil }
            return (setting.key, value)
        }
    }

    /// The settings in the registry's order.
    public var json: JSONValue {
        let members = Settings.all.compactMap { setting in
            values[setting.key].map { (key: setting.key, value: JSONValue.string($0)) }
        }
        return ["stage": .string(stage.rawValue), "settings": .object(JSONObject(members))]
    }

    /// - Throws: ``TrainingError/damagedRun(file:what:)`` or what a fresh recipe would throw.
    public init(json: JSONValue, file: String) throws {
        guard let name = json["stage"]?.asString, let stage = StageName(rawValue: name),
            let settings = json["settings"]?.asObject
        else { throw TrainingError.damagedRun(file: file, what: "it names no stage, or has no settings") }
        var given: [String: String] = [:]
        for (key, value) in settings.members {
            guard let text = value.asString else {
                throw TrainingError.damagedRun(file: file, what: "the setting \(key) is \(value.kind), not a string")
            }
            given[try Settings.find(key).key] = text
        }
        try self.init(stage: stage, given: given)
    }
}
