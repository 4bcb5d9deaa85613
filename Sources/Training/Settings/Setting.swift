/// Where a default comes from: the paper's summary, a reimplementation that says it follows the paper, or us.
package enum Grade: String, Sendable, CaseIterable {
    case paper = "P"
    case reimplementation = "R"
    case own = "O"

    /// In words, as `explain` prints it.
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
    /// What a value must be.
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

    /// As it is typed.
    package let key: String
    /// What a value must be.
    package let kind: Kind
    /// As it would be typed; empty when there is none.
    package let defaultValue: String
    /// What the shell's own commands (`generate`, `score`, …) begin with; nil when only `train` knows the setting.
    package let shellDefault: String?
    /// What it does, in a sentence.
    package let meaning: String
    /// How it enters, where a formula says it.
    package let formula: String?
    /// The paper's value, where one is known.
    package let paper: String?
    /// How sure the default is.
    package let grade: Grade
    /// Whose name and default it is.
    package let source: String
    /// The methods of `train` that read it, in the registry's order, each with the value that it begins with. None in a
    /// method's own declaration, and none for what only the shell's commands read.
    package private(set) var readers: [(method: String, defaultValue: String)] = []
    /// Whether a run must be given it.
    package let isRequired: Bool
    /// The setting that, given, makes this one needless.
    package let alternative: String?

    init(
        _ key: String, _ kind: Kind, _ defaultValue: String, _ meaning: String, formula: String? = nil,
        paper: String? = nil, grade: Grade = .own, source: String, required: Bool = false,
        unless alternative: String? = nil, shell: String? = nil
    ) {
        (self.key, self.kind, self.defaultValue, self.meaning) = (key, kind, defaultValue, meaning)
        (self.formula, self.paper, self.grade, self.source) = (formula, paper, grade, source)
        (isRequired, self.alternative, shellDefault) = (required, alternative, shell)
    }

    /// Names of the methods that read it.
    package var methods: [String] { readers.map(\.method) }

    /// As read by one method more, which may begin with another value.
    func read(by method: String, from defaultValue: String) -> Setting {
        var setting = self
        setting.readers.append((method, defaultValue))
        return setting
    }

    /// Whether nothing is a value: of text.
    var mayBeBlank: Bool {
        switch kind {
        case .text, .file: true
        case .integer, .number, .numbers, .flag, .choice: false
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
        lines.append("  read by   \(readersInWords)")
        return lines.joined(separator: "\n")
    }

    /// Every default there is, such as `32; critic-rl 4; the shell 16`.
    package var defaults: String {
        var parts =
            readers.isEmpty
            ? [] : [defaultValue.isEmpty ? (isRequired ? "none; it must be given" : "none") : defaultValue]
        let own = readers.filter { $0.defaultValue != defaultValue }
        for (place, one) in own.enumerated()
        where !own[..<place].contains(where: { $0.defaultValue == one.defaultValue }) {
            let same = own.filter { $0.defaultValue == one.defaultValue }.map(\.method)
            parts.append("\(same.joined(separator: ", ")) \(one.defaultValue)")
        }
        if let shellDefault, shellDefault != defaultValue || readers.isEmpty {
            parts.append("the shell \(shellDefault)")
        }
        return parts.joined(separator: "; ")
    }

    /// Who reads it, such as `train genac, ppo; the shell's commands`.
    var readersInWords: String {
        let trains = readers.isEmpty ? [] : ["train " + methods.joined(separator: ", ")]
        return (trains + (shellDefault == nil ? [] : ["the shell's commands"])).joined(separator: "; ")
    }
}
