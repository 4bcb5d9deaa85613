import Formats
import Transformer

/// A value of a settings file, whichever kind of file it is.
protocol SettingValue {
    var asInt: Int? { get }
    var asDouble: Double? { get }
    var asBool: Bool? { get }
    var asString: String? { get }
    /// How an error shows it.
    var shown: String { get }
}

extension JSONValue: SettingValue {
    var shown: String { text() }
}

extension GGUFValue: SettingValue {
    var shown: String { summary }
}

/// Typed, checked access to a file's settings; every error names the file and the key.
protocol CheckedSettings {
    associatedtype Value: SettingValue
    /// The value; nil when it is absent or null.
    func value(_ key: String) -> Value?
    /// An error about `key`.
    func failure(_ key: String, _ what: String) -> CheckpointsError
}

/// The largest size there may be: products of two cannot overflow.
let sizeLimit = 1 << 24

extension CheckedSettings {
    /// - Parameter fallback: what an absent key means; nil where it may not be absent.
    private func read<Result>(
        _ key: String, _ fallback: Result?, _ what: String, _ convert: (Value) -> Result?
    ) throws -> Result {
        guard let value = value(key) else {
            guard let fallback else { throw failure(key, "is missing") }
            return fallback
        }
        guard let result = convert(value) else { throw failure(key, "is \(value.shown), not \(what)") }
        return result
    }

    /// A size in 1..<`limit`.
    func size(_ key: String, default fallback: Int? = nil, limit: Int = sizeLimit) throws -> Int {
        try read(key, fallback, "a sensible size") { value in
            value.asInt.flatMap { (1..<limit).contains($0) ? $0 : nil }
        }
    }

    /// How many layers a model has.
    func layers(_ key: String) throws -> Int { try size(key, limit: 1 << 12) }

    /// A number above 0.
    func number(_ key: String, default fallback: Double? = nil) throws -> Double {
        try read(key, fallback, "a positive number") { value in
            value.asDouble.flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
        }
    }

    func flag(_ key: String, default fallback: Bool? = nil) throws -> Bool {
        try read(key, fallback, "true or false", \.asBool)
    }

    func text(_ key: String, default fallback: String? = nil) throws -> String {
        try read(key, fallback, "a text", \.asString)
    }
}

/// A JSON file, or an object within one.
struct Settings: CheckedSettings {
    let file: String
    let object: JSONObject

    init(file: String, object: JSONObject) {
        self.file = file
        self.object = object
    }

    /// - Throws: ``CheckpointsError/part(file:what:hint:)`` for what is no object; `FormatsError`.
    init(load path: String) throws {
        guard let object = try JSONValue.load(path, limits: JSONLimits(bytes: 16 << 20, values: 1 << 19)).asObject
        else {
            throw CheckpointsError.part(file: path, what: "not a JSON object", hint: nil)
        }
        self.init(file: path, object: object)
    }

    func failure(_ key: String, _ what: String) -> CheckpointsError { .setting(file: file, key: key, what: what) }

    func value(_ key: String) -> JSONValue? {
        guard let value = object[key], !value.isNull else { return nil }
        return value
    }

    /// Nil when the key is absent or null.
    func array(_ key: String) throws -> [JSONValue]? {
        guard let value = value(key) else { return nil }
        guard let array = value.asArray else { throw failure(key, "is \(value.kind), not an array") }
        return array
    }

    /// Nil when the key is absent or null.
    func object(_ key: String) throws -> JSONObject? {
        guard let value = value(key) else { return nil }
        guard let object = value.asObject else { throw failure(key, "is \(value.kind), not an object") }
        return object
    }

    /// A token id or a list of them; nil when the key is absent or null.
    func ids(_ key: String, vocabulary: Int) throws -> [Int32]? {
        guard let value = value(key) else { return nil }
        return try (value.asArray ?? [value]).map { element in
            guard let id = element.asInt, (0..<vocabulary).contains(id) else {
                throw failure(key, "names \(element.text()), which is no token of \(vocabulary)")
            }
            return Int32(id)
        }
    }
}

/// A GGUF file's settings of one architecture: the keys that begin with its name.
struct GGUFSettings: CheckedSettings {
    let file: GGUFModel
    /// `general.architecture`, with which the keys begin.
    let family: String

    /// What is read, and what changes nothing that is computed.
    private static let known: Set<String> = [
        "context_length", "embedding_length", "block_count", "feed_forward_length", "vocab_size",
        "attention.head_count", "attention.head_count_kv", "attention.key_length", "attention.value_length",
        "attention.layer_norm_rms_epsilon", "attention.causal", "attention.sliding_window",
        "attention.sliding_window_pattern", "rope.freq_base", "rope.freq_base_swa",
        "rope.dimension_count", "rope.scaling.type", "rope.scaling.factor", "rope.scaling.original_context_length",
        "rope.scaling.finetuned", "rope.scaling.yarn_beta_fast", "rope.scaling.yarn_beta_slow", "expert_count",
        "expert_used_count", "tensor_data_layout",
    ]

    /// - Throws: ``CheckpointsError/unsupported(file:what:hint:)`` for a key that is not known: it may change what the
    ///   model computes.
    func refuseUnknown() throws {
        let prefix = family + "."
        for key in file.keys where key.hasPrefix(prefix) && !Self.known.contains(String(key.dropFirst(prefix.count))) {
            throw CheckpointsError.unsupported(
                file: file.path, what: "the setting \(key) is not known", hint: "it may change what the model computes")
        }
    }

    func value(_ key: String) -> GGUFValue? { file.metadata["\(family).\(key)"] }

    func failure(_ key: String, _ what: String) -> CheckpointsError {
        .setting(file: file.path, key: "\(family).\(key)", what: what)
    }
}
