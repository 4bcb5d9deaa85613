import Compute
import Formats

/// A method with every one of its settings resolved: what a run is made from, and what `recipe.json` keeps.
package struct Recipe: Sendable, Equatable {
    /// What is trained by.
    package let method: Method
    /// A value for every setting of the method, as typed.
    package let values: [String: String]
    /// Settings that a kept recipe does not have, as one of an older version may not: their defaults count.
    package private(set) var absent: [String] = []

    /// - Parameters:
    ///   - assignments: `key=value`; later ones win.
    ///   - defaults: what `set KEY VALUE` changed; those of other methods are passed over.
    /// - Throws: ``TrainingError`` for an unknown key (with a suggestion), an unfit value or a missing one.
    package init(method: Method, assignments: [String], defaults: [String: String] = [:]) throws {
        var given: [String: String] = [:]
        for (key, value) in defaults {
            let setting = try Settings.find(key)
            if setting.methods.contains(method.name) { given[setting.key] = value }
        }
        for assignment in assignments {
            guard let equals = assignment.firstIndex(of: "="), equals != assignment.startIndex else {
                throw TrainingError.notAnAssignment(assignment)
            }
            let setting = try Settings.find(String(assignment[..<equals]), of: method)
            given[setting.key] = String(assignment[assignment.index(after: equals)...])
        }
        try self.init(method: method, given: given)
    }

    private init(method: Method, given: [String: String]) throws {
        var values: [String: String] = [:]
        for setting in SettingOrder.sorted(method.settings) {
            let value = given[setting.key] ?? setting.defaultValue
            if value.isEmpty {
                guard setting.mayBeBlank else {
                    throw TrainingError.wrongValue(key: setting.key, value: "blank", expected: setting.expected)
                }
                let isReplaced = setting.alternative.map { !(given[$0] ?? "").isEmpty } ?? false
                guard !setting.isRequired || isReplaced else {
                    throw TrainingError.missingKey(setting.key, stage: method.name)
                }
            } else {
                try setting.check(value)
            }
            values[setting.key] = value
        }
        (self.method, self.values) = (method, values)
    }

    /// Its settings as typed values.
    /// - Precondition: the group is the method's own, or one that the method's is composed of: a key that the method
    ///   does not read is our own mistake, and stops the program.
    package func settings<Group: SettingGroup>(_ group: Group.Type = Group.self) -> Group {
        Group(SettingReader(values))
    }

    /// A setting as it was typed.
    /// - Precondition: the method reads it.
    package func text(_ key: String) -> String {
        guard let value = values[key] else { preconditionFailure("the method \(method.name) has no setting \(key)") }
        return value
    }

    /// The settings that are not the method's defaults, in the listings' order: what a `train` command has to say.
    package var changed: [(key: String, value: String)] {
        SettingOrder.sorted(method.settings).map { ($0.key, $0.defaultValue) }.compactMap { key, standard in
            text(key) == standard ? nil : (key, text(key))
        }
    }

    /// The settings in the listings' order.
    package var json: JSONValue {
        let members = SettingOrder.sorted(method.settings).map { (key: $0.key, value: JSONValue.string(text($0.key))) }
        return ["stage": .string(method.name), "settings": .object(JSONObject(members))]
    }

    /// - Throws: ``TrainingError/damagedRun(file:what:)`` or what a fresh recipe would throw.
    package init(json: JSONValue, file: String) throws {
        guard let name = json["stage"]?.asString, let method = Method.named(name),
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
        try self.init(method: method, given: given)
        absent = SettingOrder.sorted(method.settings).map(\.key).filter { given[$0] == nil }
    }
}
