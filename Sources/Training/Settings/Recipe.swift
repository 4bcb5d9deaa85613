import Compute
import Formats

/// A stage with every one of its settings resolved: what a run is made from, and what `recipe.json` keeps.
package struct Recipe: Sendable, Equatable {
    package let stage: StageName
    /// A value for every setting of the stage, as typed.
    package let values: [String: String]
    /// Settings that a kept recipe does not have, as one of an older version may not: their defaults count.
    package private(set) var absent: [String] = []

    /// - Parameters:
    ///   - assignments: `key=value`; later ones win.
    ///   - defaults: what `set KEY VALUE` changed; those of other stages are passed over.
    /// - Throws: ``TrainingError`` for an unknown key (with a suggestion), an unfit value or a missing one.
    package init(stage: StageName, assignments: [String], defaults: [String: String] = [:]) throws {
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
                guard setting.mayBeBlank(stage) else {
                    throw TrainingError.wrongValue(key: setting.key, value: "blank", expected: setting.expected)
                }
                let isReplaced = setting.alternative.map { !(given[$0] ?? "").isEmpty } ?? false
                guard !setting.isRequired || isReplaced else {
                    throw TrainingError.missingKey(setting.key, stage: stage.rawValue)
                }
            } else {
                try setting.check(value)
            }
            values[setting.key] = value
        }
        self.stage = stage
        self.values = values
    }

    /// Whether its stage reads a setting.
    package func reads(_ key: String) -> Bool { values[key] != nil }

    // Values were checked when the recipe was made. A key that its stage does not read is our own mistake, and stops
    // the program: an empty text, 0 or false in its place would train something else under the same name.

    package func text(_ key: String) -> String {
        guard let value = values[key] else { preconditionFailure("the stage \(stage.rawValue) has no setting \(key)") }
        return value
    }

    package func integer(_ key: String) -> Int { parsed(key, Int.init) }
    package func number(_ key: String) -> Double { parsed(key, Double.init) }
    package func numbers(_ key: String) -> [Double] {
        text(key).split(separator: ",").map { part in
            guard let number = Double(part) else { preconditionFailure("\(key)=\(text(key)) is no list of numbers") }
            return number
        }
    }
    package func flag(_ key: String) -> Bool { parsed(key, Bool.init) }
    package func files(_ key: String) -> [String] { text(key).split(separator: ",").map(String.init) }

    /// A choice's value as the type that has a case for each of its names.
    package func choice<Value: RawRepresentable>(_ key: String) -> Value where Value.RawValue == String {
        parsed(key, Value.init)
    }

    private func parsed<Value>(_ key: String, _ parse: (String) -> Value?) -> Value {
        guard let value = parse(text(key)) else { preconditionFailure("\(key)=\(text(key)) is no \(Value.self)") }
        return value
    }

    /// The settings that are not the stage's defaults, in the registry's order: what a `train` command has to say.
    package var changed: [(key: String, value: String)] {
        Settings.all.compactMap { setting in
            guard let value = values[setting.key], value != setting.defaultValue(stage) else { return nil }
            return (setting.key, value)
        }
    }

    /// The settings in the registry's order.
    package var json: JSONValue {
        let members = Settings.all.compactMap { setting in
            values[setting.key].map { (key: setting.key, value: JSONValue.string($0)) }
        }
        return ["stage": .string(stage.rawValue), "settings": .object(JSONObject(members))]
    }

    /// - Throws: ``TrainingError/damagedRun(file:what:)`` or what a fresh recipe would throw.
    package init(json: JSONValue, file: String) throws {
        guard let name = json["stage"]?.asString, let stage = StageName(rawValue: name),
            let settings = json["settings"]?.asObject
        else { throw TrainingError.damagedRun(file: file, what: "it names no stage, or has no settings") }
        var given: [String: String] = [:]
        for (key, value) in settings.members {
            guard let text = value.asString else {
                throw TrainingError.damagedRun(file: file, what: "the setting \(key) is \(value.kind), not a string")
            }
            do {
                given[try Settings.find(key).key] = text
            } catch {
                throw TrainingError.damagedRun(file: file, what: error.inWords)
            }
        }
        try self.init(stage: stage, given: given)
        absent = Settings.of(stage).map(\.key).filter { given[$0] == nil }
    }
}
