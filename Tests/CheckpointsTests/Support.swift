import Checkpoints
import Compute
import Formats
import Foundation
import Testing
import Transformer

/// A file under Tests/Fixtures.
func fixture(_ name: String, file: String = #filePath) -> String {
    URL(fileURLWithPath: file).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fixtures/\(name)").path
}

/// A fresh path in the temporary directory, removed afterwards.
func withTemporaryPath(_ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("genac-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
}

/// With GENAC_SAVE_TO set, what is saved stays there, for saved.py and value_head.py (Tests/Oracles) to load with
/// transformers.
func withSaved(_ name: String, _ body: (String) throws -> Void) throws {
    guard let folder = ProcessInfo.processInfo.environment["GENAC_SAVE_TO"] else { return try withTemporaryPath(body) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try body(folder + "/" + name)
}

/// What a value model says after each id, [ids.count].
func values(_ checkpoint: Checkpoint, _ ids: [Int32]) throws -> [Float] {
    let head = try #require(checkpoint.valueHead)
    return try Cores.shared.withLease(.interactive) {
        let cache = KVCache(configuration: checkpoint.model.configuration)
        let segment = Segment(tokens: ids, path: try cache.extended(KVPath(), by: ids.count))
        let hidden = try checkpoint.model.forward([segment], cache: cache, scratch: ForwardScratch())
        return head.values(hidden, rows: Array(ids.indices))
    }
}

/// The log-probabilities [ids.count, vocabulary] after each id.
func logprobs(_ model: Model, _ ids: [Int32]) throws -> [[Float]] {
    try Cores.shared.withLease(.interactive) {
        let cache = KVCache(configuration: model.configuration), scratch = ForwardScratch()
        let path = try cache.extended(KVPath(), by: ids.count)
        let hidden = try model.forward([Segment(tokens: ids, path: path)], cache: cache, scratch: scratch)
        let logits = try model.logits(hidden, rows: Array(ids.indices), scratch: scratch)
        let vocabulary = model.configuration.vocabulary
        return ids.indices.map { row in
            let values = (0..<vocabulary).map { Double(logits[row * vocabulary + $0]) }
            let largest = values.max() ?? 0
            let sum = values.reduce(0) { $0 + exp($1 - largest) }
            return values.map { Float($0 - largest - log(sum)) }
        }
    }
}

/// What transformers computed (Tests/Oracles/checkpoints.py).
struct Expected {
    let ids: [Int32]
    /// Log-probability of each next id.
    let next: [Float]
    /// Log-probabilities after the last id.
    let last: [Float]
    /// The likeliest ids after the first eight, one after the other.
    let greedy: [Int32]

    init(_ name: String) throws {
        let file = try SafetensorsFile(path: fixture("checkpoints/\(name).expected.safetensors"))
        func floats(_ name: String) throws -> [Float] {
            let tensor = try #require(file.tensors.first { $0.name == name })
            return try #require(try tensor.type?.dequantise(file.bytes(of: tensor), count: tensor.elements))
        }
        ids = try floats("ids").map { Int32($0) }
        next = try floats("next")
        last = try floats("last")
        greedy = try floats("greedy").map { Int32($0) }
    }

    /// The largest distance of a model's log-probabilities from these.
    func distance(of model: Model) throws -> Float {
        let found = try logprobs(model, ids)
        let following = zip(found, ids.dropFirst()).map { $0[Int($1)] }
        return (zip(following, next).map { abs($0 - $1) } + zip(found[ids.count - 1], last).map { abs($0 - $1) }).max()
            ?? .nan
    }
}

enum Fixtures {
    static let directories = [
        "llama-f32-tied", "llama-bf16-untied-llama3-sharded", "llama-f16-old-linear-headdim", "qwen2-bf16-tied",
        "qwen2-f16-old-untied", "qwen3-bf16-tied", "qwen2-bf16-yarn", "mistral-f16-old-headdim",
        "gemma3-f32", "gemma3-bf16-old-linear", "gemma3-f16",
        "mistral-bf16-window", "qwen3-f16-old-window", "smollm3-bf16-window", "olmo2-bf16-untied", "llama-f16-biases",
    ]
    static let ggufs = [
        "llama-q4_1", "llama-q8_0-llama3", "qwen2-q4_0", "qwen3-q4_0", "qwen3-q8_0-yarn",
        "gemma3-q8_0", "gemma3-f16-linear", "smollm3-q8_0", "olmo2-q4_1", "llama-q8_0-biases",
    ]
    static let splits = ["qwen3-split"]
    static let all = directories + ggufs + splits

    static func path(_ name: String) -> String {
        fixture("checkpoints/\(name)" + (ggufs.contains(name) ? ".gguf" : ""))
    }
}

/// A copy of a fixture directory with one JSON file changed.
func withChanged(
    _ name: String, _ file: String, _ change: (inout JSONObject) -> Void, _ body: (String) throws -> Void
) throws {
    try withTemporaryPath { path in
        try FileManager.default.copyItem(atPath: fixture("checkpoints/\(name)"), toPath: path)
        var object = try #require(try JSONValue.load(path + "/" + file).asObject)
        change(&object)
        try AtomicFile.write(JSONValue.object(object).encoded(), to: path + "/" + file)
        try body(path)
    }
}
