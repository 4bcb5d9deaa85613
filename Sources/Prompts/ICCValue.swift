import Problems

/// One ICC field as it stands for one solution.
package struct ICCValue: Sendable, Equatable {
    /// Which field it is.
    package enum Name: Sendable, Hashable, CustomStringConvertible {
        case standard(ICC.Field)
        case own(String)

        package var description: String {
            switch self {
            case .standard(let field): field.rawValue
            case .own(let name): name
            }
        }
    }

    /// Where a value comes from. As a text: `set`, `measured (ROLLOUTS)`, `ema@STEP`, `snapshot`, `template`.
    package enum Source: Sendable, Equatable {
        /// The user.
        case set
        /// So many graded solutions.
        case measured(rollouts: Int)
        /// The running average of a training run after this step.
        case tracked(step: Int)
        /// The actor's record in the solution.
        case snapshot
        /// The template's own words.
        case template
    }

    /// What is known of a field.
    package enum Knowledge: Sendable, Equatable {
        case unknown
        case known(ICCFact, from: Source)
    }

    /// Which field it is.
    package let name: Name
    /// Whether the user lets the prompt say it.
    package let isOn: Bool
    /// What it says, and how that is known.
    package let knowledge: Knowledge

    /// A field as it stands.
    package init(name: Name, isOn: Bool, knowledge: Knowledge) {
        (self.name, self.isOn, self.knowledge) = (name, isOn, knowledge)
    }

    /// What it says; nil when unknown.
    package var fact: ICCFact? {
        if case .known(let fact, _) = knowledge { fact } else { nil }
    }

    /// Whether the user gave it its value.
    package var isSet: Bool {
        if case .known(_, .set) = knowledge { true } else { false }
    }

    /// What it says where the prompt has its sentence; nil when it is off or unknown.
    package var told: ICCFact? { isOn ? fact : nil }

    /// Where its value comes from, in one word or two: as ``Source``, or `unknown`.
    package var source: String {
        switch knowledge {
        case .unknown: "unknown"
        case .known(_, let source): source.description
        }
    }
}

extension ICCValue.Knowledge {
    /// What the record of an actor says of a field.
    init(of field: ICC.Field, from actor: ActorSnapshot?) {
        switch field {
        case .infer:
            self = .known(.infer(instruction: nil), from: .template)
        case .actor:
            guard let actor else {
                self = .unknown
                return
            }
            let size = actor.parameters.map(ICCFact.size)
            self = .known(.actor(name: actor.name, size: size), from: .snapshot)
        case .sampling:
            guard let sampling = actor?.sampling else {
                self = .unknown
                return
            }
            self = .known(
                .sampling(temperature: sampling.temperature, tokens: sampling.maxTokens), from: .snapshot)
        case .successRate:
            guard let rate = actor?.successRate else {
                self = .unknown
                return
            }
            self = .known(.successRate(percent: ICCFact.percent(rate.value)), from: ICCValue.Source(rate.source))
        }
    }
}

extension ICCValue.Source: LosslessStringConvertible {
    /// How an actor's success rate is known.
    init(_ source: SuccessRate.Source) {
        switch source {
        case .set: self = .set
        case .measured(let count): self = .measured(rollouts: count)
        case .ema(let step): self = .tracked(step: step)
        }
    }

    /// Reads what ``description`` writes; nil for anything else.
    package init?(_ description: String) {
        switch description {
        case "set": self = .set
        case "snapshot": self = .snapshot
        case "template": self = .template
        default:
            if let rollouts = Self.number(description, after: "measured (", before: ")") {
                self = .measured(rollouts: rollouts)
            } else if let step = Self.number(description, after: "ema@", before: "") {
                self = .tracked(step: step)
            } else {
                return nil
            }
        }
    }

    private static func number(_ text: String, after prefix: String, before suffix: String) -> Int? {
        guard text.hasPrefix(prefix), text.hasSuffix(suffix) else { return nil }
        return Int(text.dropFirst(prefix.count).dropLast(suffix.count))
    }

    package var description: String {
        switch self {
        case .set: "set"
        case .measured(let rollouts): "measured (\(rollouts))"
        case .tracked(let step): "ema@\(step)"
        case .snapshot: "snapshot"
        case .template: "template"
        }
    }
}

extension ICCValue: Codable {
    /// As valuations have kept it from the first version on.
    private struct Record: Codable {
        var name: String
        var isOn: Bool
        /// As the user would type it.
        var value: String?
        var source: String
        /// Empty when the value is unknown.
        var parts: [String: String]
    }

    /// - Throws: `DecodingError` for a source or parts that no such field has.
    package init(from decoder: any Decoder) throws {
        let record = try Record(from: decoder)
        let name = ICC.Field(rawValue: record.name).map { Name.standard($0) } ?? .own(record.name)
        guard record.source != "unknown" else {
            self.init(name: name, isOn: record.isOn, knowledge: .unknown)
            return
        }
        guard let source = Source(record.source), let fact = ICCFact(record.parts, of: name) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "no value of the ICC field \(record.name)"))
        }
        self.init(name: name, isOn: record.isOn, knowledge: .known(fact, from: source))
    }

    package func encode(to encoder: any Encoder) throws {
        let record = Record(
            name: name.description, isOn: isOn, value: fact?.text, source: source, parts: fact?.parts ?? [:])
        try record.encode(to: encoder)
    }
}
