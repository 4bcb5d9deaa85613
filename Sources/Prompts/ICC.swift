import Compute
import Foundation
import Generation
import Problems

/// In-Context Conditioning: what the critic's prompt says about the actor whose solution it rates. Each field
/// is a sentence of the prompt that can be switched off, and whose value can be set; what is not set comes
/// from the ``ActorSnapshot`` kept with the solution, so that an old solution is always read as it was made.
package struct ICC: Sendable, Codable, Equatable {
    /// The fields every template may use, in the order they are shown.
    package enum Field: String, Sendable, Codable, CaseIterable {
        case actor
        case successRate = "success-rate"
        case infer
        case sampling
    }

    /// A user's own sentence.
    package struct OwnField: Sendable, Codable, Equatable {
        package var name: String
        package var sentence: String
    }

    private var off: Set<String> = []
    private var settings: [String: String] = [:]
    package private(set) var own: [OwnField] = []

    package init() {}

    /// Every field's name, the user's own last.
    package var names: [String] { Field.allCases.map(\.rawValue) + own.map(\.name) }

    package func isOn(_ name: String) -> Bool { !off.contains(name) }

    /// - Throws: ``PromptsError/unknownField(name:known:)``.
    package mutating func turn(_ name: String, on: Bool) throws {
        try check(name)
        if on { off.remove(name) } else { off.insert(name) }
    }

    /// Gives a field a value of the user's: `actor` `NAME[, SIZE]`, `success-rate` a percentage or a share, `infer` a
    /// sentence instead of the template's, `sampling` `TEMPERATURE[, TOKENS]`, an own field its sentence.
    /// - Throws: ``PromptsError/unknownField(name:known:)``, ``PromptsError/badValue(field:value:expected:)``.
    package mutating func set(_ name: String, to value: String) throws {
        try check(name)
        if let index = own.firstIndex(where: { $0.name == name }) {
            own[index].sentence = try Self.sentence(value, of: name)
        } else if let field = Field(rawValue: name) {
            _ = try Self.parse(field, value)
            settings[name] = value
        }
    }

    /// Forgets what the user set, so that the snapshot's value counts again.
    /// - Throws: ``PromptsError/unknownField(name:known:)``.
    package mutating func unset(_ name: String) throws {
        try check(name)
        settings[name] = nil
    }

    /// - Throws: ``PromptsError/duplicateField(name:)``, ``PromptsError/badValue(field:value:expected:)``.
    package mutating func add(_ name: String, sentence: String) throws {
        guard !names.contains(name) else { throw PromptsError.duplicateField(name: name) }
        let isName = name.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-")
        }
        guard isName, !name.isEmpty else {
            throw PromptsError.badValue(field: "name", value: name, expected: "a name of a-z, 0-9 and -")
        }
        own.append(OwnField(name: name, sentence: try Self.sentence(sentence, of: name)))
    }

    /// Takes one of the user's own fields away.
    /// - Throws: ``PromptsError/unknownField(name:known:)`` also for the four fixed fields.
    package mutating func remove(_ name: String) throws {
        guard own.contains(where: { $0.name == name }) else {
            throw PromptsError.unknownField(name: name, known: own.map(\.name))
        }
        own.removeAll { $0.name == name }
        off.remove(name)
    }

    /// A copy in which each field that is on is switched off with probability `rate`, one draw per field:
    /// training with it keeps a prompt with a missing field inside the training distribution.
    package func dropping(rate: Double, key: RandomKey) -> ICC {
        var copy = self
        for (index, name) in names.enumerated() where key.uniform(UInt64(index)) < rate { copy.off.insert(name) }
        return copy
    }

    /// Every field off: what a critic without In-Context Conditioning is told.
    package var untold: ICC {
        var copy = self
        copy.off = Swift.Set(names)
        return copy
    }

    /// The fields with their values for a solution by `actor` (nil: nothing is known about the actor).
    package func values(for actor: ActorSnapshot?) -> [ICCValue] {
        Field.allCases.map { value(of: $0, for: actor) }
            + own.map { field in
                ICCValue(
                    name: field.name, isOn: isOn(field.name), value: field.sentence, source: "set",
                    parts: ["sentence": field.sentence])
            }
    }

    /// The success rate that the prompt tells or could tell, in 0...1; nil when unknown.
    package func successRate(for actor: ActorSnapshot?) -> Double? {
        if let set = setParts(.successRate) { return set["percent"].flatMap(Double.init).map { $0 / 100 } }
        return actor?.successRate?.value
    }

    private func value(of field: Field, for actor: ActorSnapshot?) -> ICCValue {
        let name = field.rawValue
        var (parts, source) = Self.known(field, from: actor)
        if let set = setParts(field) {
            parts = field == .sampling ? parts.merging(set) { $1 } : set
            source = "set"
        }
        return ICCValue(
            name: name, isOn: isOn(name), value: Self.shown(field, parts), source: source, parts: parts)
    }

    /// What the user set of a field; nil when nothing. A value that cannot be read never makes way for the snapshot's.
    private func setParts(_ field: Field) -> [String: String]? {
        guard let text = settings[field.rawValue] else { return nil }
        do {
            return try Self.parse(field, text)
        } catch {
            preconditionFailure("the ICC field \(field.rawValue) holds \(text), which `set` refuses: \(error)")
        }
    }

    private func check(_ name: String) throws {
        guard names.contains(name) else { throw PromptsError.unknownField(name: name, known: names) }
    }
}

/// One ICC field as it stands for one solution.
package struct ICCValue: Sendable, Codable, Equatable {
    package var name: String
    package var isOn: Bool
    /// As the user would type it; nil when unknown or when the field has none (`infer`).
    package var value: String?
    /// `set`, `measured (n)`, `ema@step`, `snapshot`, `template` or `unknown`.
    package var source: String
    /// What the template's section may name; empty when the value is unknown.
    package var parts: [String: String]

    /// Whether its sentence is in the prompt.
    package var isShown: Bool { isOn && source != "unknown" }
}

extension ICC {
    /// What the snapshot knows: the parts a template may name, and where they come from.
    private static func known(_ field: Field, from actor: ActorSnapshot?) -> ([String: String], String) {
        switch field {
        case .infer:
            return ([:], "template")
        case .actor:
            guard let actor else { return ([:], "unknown") }
            return (["name": actor.name, "size": size(parameters: actor.parameters)], "snapshot")
        case .sampling:
            guard let sampling = actor?.sampling else { return ([:], "unknown") }
            return (["temperature": shortest(sampling.temperature), "tokens": "\(sampling.maxTokens)"], "snapshot")
        case .successRate:
            guard let rate = actor?.successRate else { return ([:], "unknown") }
            return (["percent": percent(rate.value)], source(of: rate))
        }
    }

    private static func source(of rate: SuccessRate) -> String {
        switch rate.source {
        case .set: "set"
        case .measured(let count): "measured (\(count))"
        case .ema(let step): "ema@\(step)"
        }
    }

    private static func parse(_ field: Field, _ text: String) throws -> [String: String] {
        let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
        func failure(_ expected: String) -> PromptsError {
            .badValue(field: field.rawValue, value: text, expected: expected)
        }
        switch field {
        case .infer:
            return ["own": try sentence(text, of: field.rawValue)]
        case .actor:
            guard !text.isEmpty else { throw failure("NAME or NAME, SIZE") }
            guard let comma = text.lastIndex(of: ",") else { return ["name": text] }
            let size = text[text.index(after: comma)...].trimmingCharacters(in: .whitespaces)
            return ["name": String(text[..<comma]), "size": size]
        case .successRate:
            let isPercentage = text.hasSuffix("%")
            guard let value = Double(isPercentage ? String(text.dropLast()) : text), (0...100).contains(value) else {
                throw failure("a percentage, as 20%, or a share, as 0.2")
            }
            // Without a sign, what does not exceed 1 is a share, as success rates are mostly written.
            return ["percent": percent(!isPercentage && value <= 1 ? value : value / 100)]
        case .sampling:
            let words = text.split { $0 == "," || $0 == " " }
            guard let first = words.first, let temperature = Double(first), temperature >= 0, temperature.isFinite,
                words.count <= 2
            else { throw failure("TEMPERATURE or TEMPERATURE, TOKENS") }
            guard words.count == 2 else { return ["temperature": shortest(temperature)] }
            guard let tokens = Int(words[1]), tokens > 0 else { throw failure("TEMPERATURE or TEMPERATURE, TOKENS") }
            return ["temperature": shortest(temperature), "tokens": "\(tokens)"]
        }
    }

    private static func sentence(_ text: String, of field: String) throws -> String {
        guard text.contains(where: { !$0.isWhitespace }) else {
            throw PromptsError.badValue(field: field, value: text, expected: "a sentence")
        }
        return text
    }

    private static func shown(_ field: Field, _ parts: [String: String]) -> String? {
        func joined(_ keys: String...) -> String? {
            let known = keys.compactMap { parts[$0] }
            return known.isEmpty ? nil : known.joined(separator: ", ")
        }
        switch field {
        case .actor: return joined("name", "size")
        case .successRate: return parts["percent"].map { $0 + "%" }
        case .infer: return parts["own"]
        case .sampling: return joined("temperature", "tokens")
        }
    }

    /// 134515008 → "135M": three digits at most, as model names have it.
    static func size(parameters: Int) -> String {
        for (unit, letter) in [(1e9, "B"), (1e6, "M"), (1e3, "K")] where Double(parameters) >= unit * 0.9995 {
            let scaled = Double(parameters) / unit
            return scaled >= 9.95
                ? "\(Int(scaled.rounded()))\(letter)" : shortest((scaled * 10).rounded() / 10) + letter
        }
        return "\(parameters)"
    }

    private static func percent(_ rate: Double) -> String { "\(Int((rate * 100).rounded()))" }

    /// 1.0 → "1", 0.7 → "0.7".
    private static func shortest(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    }
}
