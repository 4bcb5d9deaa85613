/// Where a default comes from: the paper's summary, a reimplementation that says it follows the paper, or us.
package enum Grade: String, Sendable, CaseIterable {
    case paper = "P"
    case reimplementation = "R"
    case own = "O"

    package var meaning: String {
        switch self {
        case .paper: "stated by the paper's summary"
        case .reimplementation: "reported by a reimplementation that says it follows the paper"
        case .own: "our choice; nothing is published"
        }
    }
}

/// One knob of training: what it means, how its value enters, and why its default is what it is.
package struct Setting: Sendable {
    package enum Kind: Sendable {
        case text
        case file
        case integer(ClosedRange<Int>)
        case number(ClosedRange<Double>)
        /// Comma-separated numbers, exactly this many.
        case numbers(Int, ClosedRange<Double>)
        case flag
        case choice([String])
    }

    package let key: String
    package let kind: Kind
    /// As it would be typed; empty when there is none.
    package let defaultValue: String
    /// Stages that begin with another value.
    package let stageDefaults: [StageName: String]
    /// What the shell's own commands (`generate`, `score`, …) begin with; nil when only `train` knows the setting.
    package let shellDefault: String?
    package let meaning: String
    package let formula: String?
    /// The paper's value, where one is known.
    package let paper: String?
    package let grade: Grade
    /// Whose name and default it is.
    package let source: String
    /// The stages of `train` that read it; none for what only the shell's commands read.
    package let stages: [StageName]
    package let isRequired: Bool
    /// The setting that, given, makes this one needless.
    package let alternative: String?

    init(
        _ key: String, _ kind: Kind, _ defaultValue: String, _ meaning: String, formula: String? = nil,
        paper: String? = nil, grade: Grade = .own, source: String, stages: [StageName] = StageName.allCases,
        required: Bool = false, unless alternative: String? = nil, shell: String? = nil,
        per stageDefaults: [StageName: String] = [:]
    ) {
        (self.key, self.kind, self.defaultValue, self.meaning) = (key, kind, defaultValue, meaning)
        (self.formula, self.paper, self.grade, self.source) = (formula, paper, grade, source)
        (self.stages, isRequired, shellDefault, self.stageDefaults) = (stages, required, shell, stageDefaults)
        self.alternative = alternative
    }

    package func defaultValue(_ stage: StageName) -> String { stageDefaults[stage] ?? defaultValue }

    /// Whether nothing is a value: of text, and of what begins with nothing.
    func mayBeBlank(_ stage: StageName) -> Bool {
        switch kind {
        case .text, .file: true
        default: defaultValue(stage).isEmpty
        }
    }

    /// What a value has to be, for error messages and help.
    package var expected: String {
        switch kind {
        case .text: "text"
        case .file: "a file"
        case .integer(let range): "a whole number\(Self.bounds(range.lowerBound, range.upperBound, .max))"
        case .number(let range): "a number\(Self.bounds(range.lowerBound, range.upperBound, .infinity))"
        case .numbers(let count, let range):
            "\(count) numbers from \(range.lowerBound) to \(range.upperBound) with a comma between"
        case .flag: "true or false"
        case .choice(let names): names.joined(separator: ", ")
        }
    }

    private static func bounds<T: Comparable>(_ low: T, _ high: T, _ top: T) -> String {
        high == top ? " of at least \(low)" : " from \(low) to \(high)"
    }

    /// - Throws: ``TrainingError/wrongValue(key:value:expected:)``.
    package func check(_ value: String) throws {
        let fits =
            switch kind {
            case .text, .file: !value.isEmpty || !isRequired
            case .integer(let range): Int(value).map(range.contains) ?? false
            case .number(let range): Double(value).map(range.contains) ?? false
            case .numbers(let count, let range):
                value.split(separator: ",").count == count
                    && value.split(separator: ",").allSatisfy { Double($0).map(range.contains) ?? false }
            case .flag: value == "true" || value == "false"
            case .choice(let names): names.contains(value)
            }
        guard fits else { throw TrainingError.wrongValue(key: key, value: value, expected: expected) }
    }

    /// What `explain KEY` prints.
    package var explanation: String {
        var lines = ["\(key): \(meaning)"]
        if let formula { lines.append("  formula   \(formula)") }
        lines.append("  value     \(expected)")
        lines.append("  default   \(defaults)")
        lines.append("  paper     \(paper ?? "not published")")
        lines.append("  grade     \(grade.rawValue) (\(grade.meaning))")
        lines.append("  source    \(source)")
        lines.append("  read by   \(readers)")
        return lines.joined(separator: "\n")
    }

    /// Every default there is, such as `32; critic-rl 4; the shell 16`.
    package var defaults: String {
        var parts =
            stages.isEmpty
            ? [] : [defaultValue.isEmpty ? (isRequired ? "none; it must be given" : "none") : defaultValue]
        let own = StageName.allCases.compactMap { stage in
            stageDefaults[stage].map { (stage: stage.rawValue, value: $0) }
        }
        for (place, one) in own.enumerated() where !own[..<place].contains(where: { $0.value == one.value }) {
            parts.append("\(own.filter { $0.value == one.value }.map(\.stage).joined(separator: ", ")) \(one.value)")
        }
        if let shellDefault, shellDefault != defaultValue || stages.isEmpty {
            parts.append("the shell \(shellDefault)")
        }
        return parts.joined(separator: "; ")
    }

    /// Who reads it, such as `train genac, ppo; the shell's commands`.
    var readers: String {
        let trains = stages.isEmpty ? [] : ["train " + stages.map(\.rawValue).joined(separator: ", ")]
        return (trains + (shellDefault == nil ? [] : ["the shell's commands"])).joined(separator: "; ")
    }
}

/// What `train` can run.
package enum StageName: String, Sendable, CaseIterable, Codable {
    case sft
    /// Stage 2 of the paper: REINFORCE of a generative critic against frozen actors' outcomes.
    case criticRL = "critic-rl"
    /// The discriminative critic: a linear head, regressed on the same prefixes and outcomes.
    case valueHead = "value-head"
    /// Stage 3: actor and generative critic together.
    case genac
    /// Its baselines.
    case ppo, grpo, rloo, vineppo

    /// Those that learn from rollouts of frozen actors.
    static let critics: [StageName] = [.criticRL, .valueHead]
    /// Those in which an actor learns from its own rollouts.
    static let policies: [StageName] = [.genac, .ppo, .grpo, .rloo, .vineppo]
    static let rollouts = critics + policies
    /// Those whose critic writes chains of thought, and those whose critic is a value head.
    static let generative: [StageName] = [.criticRL, .genac], heads: [StageName] = [.valueHead, .ppo]
    /// Those with a critic that is told about the actor.
    static let conditioned = generative + heads
}
