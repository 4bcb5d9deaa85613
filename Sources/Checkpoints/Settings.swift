import Formats
import Transformer

/// Typed, checked access to a JSON file's settings; every error names the file and the key.
struct Settings {
    let file: String
    let object: JSONObject

    init(file: String, object: JSONObject) {
        self.file = file
        self.object = object
    }

    init(load path: String) throws {
        guard let object = try JSONValue.load(path, limits: JSONLimits(bytes: 16 << 20)).asObject else {
            throw CheckpointsError.part(file: path, what: "not a JSON object", hint: nil)
        }
        self.init(file: path, object: object)
    }

    func failure(_ key: String, _ what: String) -> CheckpointsError { .setting(file: file, key: key, what: what) }

    /// The value; nil when it is absent or null.
    func value(_ key: String) -> JSONValue? {
        guard let value = object[key], !value.isNull else { return nil }
        return value
    }

    private func required<Value>(_ key: String, _ found: Value?, _ fallback: Value?) throws -> Value {
        guard let value = found ?? fallback else { throw failure(key, "is missing") }
        return value
    }

    /// A size: 1 or more, and small enough that products of two cannot overflow.
    func size(_ key: String, default fallback: Int? = nil) throws -> Int {
        guard let value = value(key) else { return try required(key, nil, fallback) }
        guard let number = value.asInt, (1..<Settings.sizeLimit).contains(number) else {
            throw failure(key, "is \(value.text()), not a sensible size")
        }
        return number
    }

    func number(_ key: String, default fallback: Double? = nil) throws -> Double {
        guard let value = value(key) else { return try required(key, nil, fallback) }
        guard let number = value.asDouble, number > 0 else {
            throw failure(key, "is \(value.text()), not a positive number")
        }
        return number
    }

    func flag(_ key: String, default fallback: Bool? = nil) throws -> Bool {
        guard let value = value(key) else { return try required(key, nil, fallback) }
        guard let flag = value.asBool else { throw failure(key, "is \(value.kind), not true or false") }
        return flag
    }

    func text(_ key: String, default fallback: String? = nil) throws -> String {
        guard let value = value(key) else { return try required(key, nil, fallback) }
        guard let text = value.asString else { throw failure(key, "is \(value.kind), not a string") }
        return text
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

    static let sizeLimit = 1 << 24
    static let layerLimit = 1 << 12
}
