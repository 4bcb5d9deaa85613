import Foundation

/// What one field says of an actor. As a text it is what the user would type to say the same.
package enum ICCFact: Sendable, Equatable {
    /// The size as model names have it (`135M`); nil where the user gave none.
    case actor(name: String, size: String?)
    /// Of 100 solutions so many are right, 0...100.
    case successRate(percent: Int)
    /// The user's words for the instruction; nil: the template's.
    case infer(instruction: String?)
    /// The sampling temperature, and the most tokens of a solution where they are known.
    case sampling(temperature: Double, tokens: Int?)
    /// A field of the user's own.
    case own(sentence: String)

    /// Reads what the user typed for a field: `actor` `NAME[, SIZE]`, `success-rate` a percentage or a share, `infer` a
    /// sentence instead of the template's, `sampling` `TEMPERATURE[, TOKENS]`.
    /// - Throws: ``PromptsError/badValue(field:value:expected:)``.
    package init(_ text: String, of field: ICC.Field) throws {
        let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
        func failure(_ expected: String) -> PromptsError {
            .badValue(field: field.rawValue, value: text, expected: expected)
        }
        switch field {
        case .infer:
            self = .infer(instruction: try Self.sentence(text, of: field.rawValue))
        case .actor:
            guard !text.isEmpty else { throw failure("NAME or NAME, SIZE") }
            guard let comma = text.lastIndex(of: ",") else {
                self = .actor(name: text, size: nil)
                return
            }
            let size = text[text.index(after: comma)...].trimmingCharacters(in: .whitespaces)
            self = .actor(name: String(text[..<comma]), size: size)
        case .successRate:
            let isPercentage = text.hasSuffix("%")
            guard let value = Double(isPercentage ? String(text.dropLast()) : text), (0...100).contains(value) else {
                throw failure("a percentage, as 20%, or a share, as 0.2")
            }
            // Without a sign, what does not exceed 1 is a share, as success rates are mostly written.
            self = .successRate(percent: Self.percent(!isPercentage && value <= 1 ? value : value / 100))
        case .sampling:
            let words = text.split { $0 == "," || $0 == " " }
            guard let first = words.first, let temperature = Double(first), temperature >= 0, temperature.isFinite,
                words.count <= 2
            else { throw failure("TEMPERATURE or TEMPERATURE, TOKENS") }
            let tokens = words.dropFirst().first.map { Int($0) }
            if let tokens, (tokens ?? 0) <= 0 { throw failure("TEMPERATURE or TEMPERATURE, TOKENS") }
            self = .sampling(temperature: temperature, tokens: tokens ?? nil)
        }
    }

    /// A sentence of the user's for a field.
    /// - Throws: ``PromptsError/badValue(field:value:expected:)`` for a blank one.
    static func sentence(_ text: String, of field: String) throws -> String {
        guard text.contains(where: { !$0.isWhitespace }) else {
            throw PromptsError.badValue(field: field, value: text, expected: "a sentence")
        }
        return text
    }

    /// The whole percentage nearest to a share in 0...1.
    static func percent(_ share: Double) -> Int { Int((share * 100).rounded()) }

    /// 134515008 → "135M": three digits at most, as model names have it.
    static func size(parameters: Int) -> String {
        for (unit, letter) in [(1e9, "B"), (1e6, "M"), (1e3, "K")] where Double(parameters) >= unit * 0.9995 {
            let scaled = Double(parameters) / unit
            return scaled >= 9.95
                ? "\(Int(scaled.rounded()))\(letter)" : shortest((scaled * 10).rounded() / 10) + letter
        }
        return "\(parameters)"
    }

    /// 1.0 → "1", 0.7 → "0.7".
    private static func shortest(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    }
}

extension ICCFact {
    /// What a section of a template may name, see ``parts``.
    static let partNames: Set = ["name", "size", "percent", "own", "temperature", "tokens", "sentence"]

    /// What the field's section of a template may name, and what it says there.
    package var parts: [String: String] {
        switch self {
        case .actor(let name, nil): ["name": name]
        case .actor(let name, let size?): ["name": name, "size": size]
        case .successRate(let percent): ["percent": "\(percent)"]
        case .infer(nil): [:]
        case .infer(let instruction?): ["own": instruction]
        case .sampling(let temperature, nil): ["temperature": Self.shortest(temperature)]
        case .sampling(let temperature, let tokens?):
            ["temperature": Self.shortest(temperature), "tokens": "\(tokens)"]
        case .own(let sentence): ["sentence": sentence]
        }
    }

    /// As the user would type it; nil for the template's own instruction.
    package var text: String? {
        switch self {
        case .actor(let name, let size): size.map { "\(name), \($0)" } ?? name
        case .successRate(let percent): "\(percent)%"
        case .infer(let instruction): instruction
        case .sampling(let temperature, let tokens):
            Self.shortest(temperature) + (tokens.map { ", \($0)" } ?? "")
        case .own(let sentence): sentence
        }
    }

    /// The fact whose ``parts`` these are; nil where they are no such field's.
    init?(_ parts: [String: String], of name: ICCValue.Name) {
        switch name {
        case .standard(.actor):
            guard let name = parts["name"] else { return nil }
            self = .actor(name: name, size: parts["size"])
        case .standard(.successRate):
            guard let percent = parts["percent"].flatMap({ Int($0) }) else { return nil }
            self = .successRate(percent: percent)
        case .standard(.infer):
            self = .infer(instruction: parts["own"])
        case .standard(.sampling):
            guard let temperature = parts["temperature"].flatMap({ Double($0) }) else { return nil }
            guard let tokens = parts["tokens"] else {
                self = .sampling(temperature: temperature, tokens: nil)
                return
            }
            guard let tokens = Int(tokens) else { return nil }
            self = .sampling(temperature: temperature, tokens: tokens)
        case .own:
            guard let sentence = parts["sentence"] else { return nil }
            self = .own(sentence: sentence)
        }
    }
}
