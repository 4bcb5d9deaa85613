import Compute
import Problems

/// In-Context Conditioning: what the critic's prompt says about the actor whose solution it rates. Each field
/// is a sentence of the prompt that can be switched off, and whose value can be set; what is not set comes
/// from the `ActorSnapshot` kept with the solution, so that an old solution is always read as it was made.
package struct ICC: Sendable, Equatable {
    /// The fields every template may use, in the order they are shown. The raw value is the field's name, and that of
    /// its section in a template.
    package enum Field: String, Sendable, CaseIterable {
        /// Who solves: a name and a size.
        case actor
        /// How often it is right.
        case successRate = "success-rate"
        /// The instruction to infer its ability from what it wrote.
        case infer
        /// How it samples.
        case sampling
    }

    /// A user's own sentence.
    package struct OwnField: Sendable, Equatable {
        /// Of a-z, 0-9 and `-`.
        package var name: String
        /// What the prompt says, as the user typed it.
        package var sentence: String
    }

    /// Names of the fields that are off.
    private var off: Set<String> = []
    /// What the user said instead of what is known.
    private var facts: [Field: ICCFact] = [:]
    /// The user's own fields, in the order in which they were added.
    package private(set) var own: [OwnField] = []

    /// Every field on, none of the user's own, nothing set.
    package init() {}

    /// Every field's name, the user's own last.
    package var names: [String] { Field.allCases.map(\.rawValue) + own.map(\.name) }

    /// Whether a field is on; so is one that there is not.
    package func isOn(_ name: String) -> Bool { !off.contains(name) }

    /// Switches a field on or off.
    /// - Throws: ``PromptsError/unknownField(name:known:)``.
    package mutating func turn(_ name: String, on: Bool) throws {
        try check(name)
        if on { off.remove(name) } else { off.insert(name) }
    }

    /// Gives a field a value of the user's, see ``ICCFact/init(_:of:)``; an own field its sentence.
    /// - Throws: ``PromptsError/unknownField(name:known:)``, ``PromptsError/badValue(field:value:expected:)``.
    package mutating func set(_ name: String, to value: String) throws {
        try check(name)
        if let index = own.firstIndex(where: { $0.name == name }) {
            own[index].sentence = try ICCFact.sentence(value, of: name)
        } else if let field = Field(rawValue: name) {
            facts[field] = try ICCFact(value, of: field)
        }
    }

    /// Forgets what the user set, so that the snapshot's value counts again.
    /// - Throws: ``PromptsError/unknownField(name:known:)``.
    package mutating func unset(_ name: String) throws {
        try check(name)
        if let field = Field(rawValue: name) { facts[field] = nil }
    }

    /// Adds a sentence of the user's own; one that is there already, word for word, stays.
    /// - Throws: ``PromptsError/duplicateField(name:)``; ``PromptsError/badValue(field:value:expected:)`` for a name of
    ///   other characters than a-z, 0-9 and `-`, or a blank sentence.
    package mutating func add(_ name: String, sentence: String) throws {
        let field = OwnField(name: name, sentence: try ICCFact.sentence(sentence, of: name))
        guard !own.contains(field) else { return }
        guard !names.contains(name) else { throw PromptsError.duplicateField(name: name) }
        let isName = name.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-")
        }
        guard isName, !name.isEmpty else {
            throw PromptsError.badValue(field: "name", value: name, expected: "a name of a-z, 0-9 and -")
        }
        own.append(field)
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

    /// A copy in which each field that is on is switched off with probability `rate` (0...1), one draw per field:
    /// training with it keeps a prompt with a missing field inside the training distribution.
    package func dropping(rate: Double, key: RandomKey) -> ICC {
        var copy = self
        for (index, name) in names.enumerated() where key.uniform(UInt64(index)) < rate { copy.off.insert(name) }
        return copy
    }

    /// Every field off: what a critic without In-Context Conditioning is told.
    package var untold: ICC {
        var copy = self
        copy.off = Set(names)
        return copy
    }

    /// The fields with their values for a solution by `actor` (nil: nothing is known about the actor), in the order of
    /// ``names``.
    package func values(for actor: ActorSnapshot?) -> [ICCValue] {
        Field.allCases.map { field in
            ICCValue(name: .standard(field), isOn: isOn(field.rawValue), knowledge: knowledge(of: field, for: actor))
        }
            + own.map { field in
                ICCValue(
                    name: .own(field.name), isOn: isOn(field.name),
                    knowledge: .known(.own(sentence: field.sentence), from: .set))
            }
    }

    /// The success rate that the prompt tells or could tell, in 0...1; nil when unknown.
    package func successRate(for actor: ActorSnapshot?) -> Double? {
        if case .successRate(let percent)? = facts[.successRate] { return Double(percent) / 100 }
        return actor?.successRate?.value
    }

    private func knowledge(of field: Field, for actor: ActorSnapshot?) -> ICCValue.Knowledge {
        let known = ICCValue.Knowledge(of: field, from: actor)
        guard let fact = facts[field] else { return known }
        // A temperature alone leaves the tokens as they are known.
        if case .sampling(let temperature, nil) = fact, case .known(.sampling(_, let tokens), _) = known {
            return .known(.sampling(temperature: temperature, tokens: tokens), from: .set)
        }
        return .known(fact, from: .set)
    }

    private func check(_ name: String) throws {
        guard names.contains(name) else { throw PromptsError.unknownField(name: name, known: names) }
    }
}
