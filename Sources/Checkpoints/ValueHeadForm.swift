import Formats
import Transformer

/// What a caller wants of weights that have both: TRL keeps a value head beside a whole language model.
package enum ModelHead: Sendable {
    /// Writes texts.
    case language
    /// Says what is to be expected.
    case value
}

/// How a trainer stores a value head: one linear output on the last hidden state, after the final norm, not squashed.
///
/// | trainer | classes | tensors |
/// |---|---|---|
/// | verl | `…ForTokenClassification` | `score.weight`, `score.bias` |
/// | TRL | `…ForSequenceClassification` | `score.weight` |
/// | TRL | `…ForCausalLM` | `v_head.summary.weight`, `v_head.summary.bias`, and the language model |
/// | OpenRLHF | `CriticModel`, `RewardModel` | `PREFIX.weight` by `value_head_prefix`, else `score.weight` |
/// | Open-Reasoner-Zero | the same | `value_head.weight` |
struct ValueHeadForm {
    /// The head's tensors are this and `.weight`, or `.bias`.
    let name: String
    /// An output head lies beside it, and is left out.
    let isBesideLanguageModel: Bool
    /// OpenRLHF's `normalize_reward`: values are less `mean`, and divided by `deviation`.
    let mean: Double
    let deviation: Double

    fileprivate init(_ name: String, beside: Bool = false, mean: Double = 0, deviation: Double = 1) {
        (self.name, isBesideLanguageModel) = (name, beside)
        (self.mean, self.deviation) = (mean, deviation)
    }

    static let besideName = "v_head.summary"
}

/// Finds out whether a config.json and the tensors with it are a value model, and in which form.
struct ValueHeadReader {
    let settings: Settings
    let architecture: Architecture
    let table: TensorTable

    /// Nil for a language model.
    /// - Throws: ``CheckpointsError/unsupported(file:what:hint:)`` for another head, which it names.
    func form(preferring head: ModelHead) throws -> ValueHeadForm? {
        for name in try classes() {
            if name == architecture.languageModel { continue }
            if name == architecture.tokenClassifier || architecture.sequenceClassifiers.contains(name) {
                try checkLabels(name)
                return ValueHeadForm("score")
            }
            guard Self.critics.contains(name) else { throw unsupported(name) }
            return try critic()
        }
        guard head == .value, table.contains(ValueHeadForm.besideName + ".weight") else { return nil }
        return ValueHeadForm(ValueHeadForm.besideName, beside: true)
    }

    private static let critics = ["CriticModel", "RewardModel"]

    private func critic() throws -> ValueHeadForm {
        let usual = table.contains("value_head.weight") ? "value_head" : "score"
        let name = try settings.text("value_head_prefix", default: usual)
        guard try settings.flag("normalize_reward", default: false) else { return ValueHeadForm(name) }
        return ValueHeadForm(
            name, mean: try mean(), deviation: try settings.number("std", default: 1))
    }

    private func mean() throws -> Double {
        guard let value = settings.value("mean") else { return 0 }
        guard let mean = value.asDouble, mean.isFinite else {
            throw settings.failure("mean", "is \(value.text()), not a number")
        }
        return mean
    }

    /// transformers writes no `num_labels`: it counts `id2label`, and writes neither for its usual two.
    private func checkLabels(_ name: String) throws {
        let labels = try settings.size("num_labels", default: settings.object("id2label")?.count ?? 2)
        guard labels == 1 else {
            throw CheckpointsError.unsupported(
                file: settings.file, what: "\(name) of \(labels) labels is not supported",
                hint: "a value model has one label")
        }
    }

    /// transformers' classes that the weights are for; a file need not name any.
    private func classes() throws -> [String] {
        try (settings.array("architectures") ?? []).map { name in
            guard let text = name.asString else { throw settings.failure("architectures", "holds \(name.kind)") }
            return text
        }
    }

    private func unsupported(_ name: String) -> CheckpointsError {
        let read = [architecture.tokenClassifier] + architecture.sequenceClassifiers.prefix(1) + Self.critics
        return .unsupported(
            file: settings.file, what: "the head of architecture \(name.debugDescription) is not known",
            hint: "\(architecture.languageModel) is read as a language model; \(read.joined(separator: ", ")) of one "
                + "output, and TRL's v_head, as value models")
    }
}
