/// What a setting's text stands for: how it is described and checked, and the typed value that it is read as.
package struct SettingType<Value: Sendable>: Sendable {
    let kind: Setting.Kind
    let parse: @Sendable (String) -> Value?
}

extension SettingType<Int> {
    static func integer(_ range: ClosedRange<Int>) -> Self { Self(kind: .integer(range)) { Int($0) } }
}

extension SettingType<UInt64> {
    /// A number from 0 on that names random numbers.
    static var seed: Self { Self(kind: .integer(0...Int.max)) { UInt64($0) } }
}

extension SettingType<Double> {
    static func number(_ range: ClosedRange<Double>) -> Self { Self(kind: .number(range)) { Double($0) } }
}

extension SettingType<[Double]> {
    /// Exactly `count` numbers with a comma between.
    static func numbers(_ count: Int, _ range: ClosedRange<Double>) -> Self {
        Self(kind: .numbers(count, range)) { text in
            let numbers = text.split(separator: ",").compactMap { Double($0) }
            return numbers.count == count ? numbers : nil
        }
    }
}

extension SettingType<Bool> {
    static var flag: Self { Self(kind: .flag) { Bool($0) } }
}

extension SettingType<String> {
    static var text: Self { Self(kind: .text) { $0 } }
}

extension SettingType<[String]> {
    /// Several texts, or files, separated by commas.
    static var texts: Self { Self(kind: .text, parse: Self.split) }
    static var files: Self { Self(kind: .file, parse: Self.split) }

    private static let split: @Sendable (String) -> [String]? = { $0.split(separator: ",").map(String.init) }
}

extension SettingType where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
    /// One of a type's cases, by name.
    static var choice: Self { Self(kind: .choice(Value.allCases.map(\.rawValue))) { Value(rawValue: $0) } }
}

/// Declares settings and reads them, in one expression each: what is declared is read, and what is read is declared.
///
///     epochs = read("actor.ppo_epochs", .integer(1...1000), "1", "passes over each step's rollouts", source: "verl")
///
/// Listings, `explain`, completion and recipes are made of the declarations; a run's values are read by the same
/// initialiser.
package final class SettingReader {
    /// By key, checked; nil for defaults.
    private let values: [String: String]?
    private(set) var declared: [Setting] = []

    init(_ values: [String: String]?) { self.values = values }

    /// - Parameters:
    ///   - defaultValue: as it would be typed; empty when there is none.
    ///   - formula: how it enters.
    ///   - paper: the paper's value, where one is known.
    ///   - source: whose name and default it is.
    ///   - alternative: the setting that, given, makes this one needless.
    ///   - shell: what the shell's own commands begin with, where they know it.
    func callAsFunction<Value>(
        _ key: String, _ type: SettingType<Value>, _ defaultValue: String, _ meaning: String, formula: String? = nil,
        paper: String? = nil, grade: Grade = .own, source: String, required: Bool = false,
        unless alternative: String? = nil, shell: String? = nil
    ) -> Value {
        declared.append(
            Setting(
                key, type.kind, defaultValue, meaning, formula: formula, paper: paper, grade: grade, source: source,
                required: required, unless: alternative, shell: shell))
        let text: String
        if let values {
            guard let value = values[key] else { preconditionFailure("the recipe has no setting \(key)") }
            text = value
        } else {
            text = defaultValue
        }
        guard let value = type.parse(text) else { preconditionFailure("\(key)=\(text) is no \(Value.self)") }
        return value
    }
}

/// Settings that belong together: a method's own, composed of groups that several methods read.
package protocol SettingGroup: Sendable {
    init(_ read: SettingReader)
}

extension SettingGroup {
    /// Its settings, those of its groups among them.
    static var declared: [Setting] {
        let reader = SettingReader(nil)
        _ = Self(reader)
        return reader.declared
    }

    /// With every setting at its default.
    package static var defaults: Self { Self(SettingReader(nil)) }
}
