import Compute
import Formats
import Foundation
import Transformer

/// A checkpoint's tensors by Hugging Face name, whichever files they lie in.
struct TensorTable {
    struct Located {
        let entry: TensorEntry
        let container: any TensorContainer
        /// Heads of a q or k projection whose rows llama.cpp has permuted.
        var permutedHeads: Int?
    }

    private var located: [UTF8Key: Located] = [:]
    let source: String

    init(source: String) { self.source = source }

    var names: [String] { located.keys.map(\.string) }

    func contains(_ name: String) -> Bool { located[UTF8Key(name)] != nil }

    mutating func add(_ name: String, _ found: Located) throws {
        guard located.updateValue(found, forKey: UTF8Key(name)) == nil else {
            throw CheckpointsError.tensor(file: found.container.path, name: name, what: "it occurs twice")
        }
    }

    mutating func remove(_ name: String) -> Located? { located.removeValue(forKey: UTF8Key(name)) }

    /// Checks that exactly the tensors of `configuration` are there, each of its shape and a usable type.
    mutating func check(_ configuration: Configuration) throws {
        if configuration.tiedHead { try dropEqualHead() }
        var left = Set(located.keys)
        for (name, shape) in configuration.expectedTensors {
            guard let found = located[UTF8Key(name)] else {
                throw CheckpointsError.tensor(file: source, name: name, what: "it is missing")
            }
            guard found.entry.shape == shape else {
                throw CheckpointsError.tensor(
                    file: found.container.path, name: found.entry.name,
                    what: "its shape is \(found.entry.shape) where the configuration asks for \(shape)")
            }
            _ = try found.container.bytes(of: found.entry)
            left.remove(UTF8Key(name))
        }
        if let extra = left.map(\.string).min() {
            throw CheckpointsError.tensor(
                file: source, name: extra,
                what: "a model of this configuration has no such tensor (\(left.count) too many)")
        }
    }

    /// A tied head may be stored as well, provided that it is the embedding.
    private mutating func dropEqualHead() throws {
        guard let head = remove("lm_head.weight"), let embedding = located[UTF8Key("model.embed_tokens.weight")] else {
            return
        }
        let headBytes = try head.container.bytes(of: head.entry)
        let embeddingBytes = try embedding.container.bytes(of: embedding.entry)
        guard head.entry.type == embedding.entry.type, head.entry.shape == embedding.entry.shape,
            let first = headBytes.baseAddress, let second = embeddingBytes.baseAddress,
            headBytes.count == embeddingBytes.count, memcmp(first, second, headBytes.count) == 0
        else {
            throw CheckpointsError.tensor(
                file: head.container.path, name: "lm_head.weight",
                what: "it differs from the embedding although tie_word_embeddings is true")
        }
    }

    /// The tensor in place, or a copy where rows must be put back in order or elements are not aligned.
    func matrix(_ name: String) throws -> WeightMatrix {
        guard let found = located[UTF8Key(name)] else {
            throw CheckpointsError.tensor(file: source, name: name, what: "it is missing")
        }
        let bytes = try found.container.bytes(of: found.entry)
        guard let type = found.entry.type, let columns = found.entry.shape.last, let first = found.entry.shape.first
        else {
            throw CheckpointsError.tensor(file: source, name: name, what: "it is a scalar")
        }
        let rows = found.entry.shape.count == 1 ? 1 : first
        if let heads = found.permutedHeads {
            let copy = try OwnedBytes(unpermuting: bytes, rows: rows, heads: heads)
            return try WeightMatrix(
                name: name, type: type, rows: rows, columns: columns, bytes: copy.bytes, owner: copy)
        }
        if type.blockElements == 1, UInt(bitPattern: bytes.baseAddress) % UInt(type.blockBytes) != 0 {
            let copy = try OwnedBytes(copying: bytes)
            return try WeightMatrix(
                name: name, type: type, rows: rows, columns: columns, bytes: copy.bytes, owner: copy)
        }
        return try WeightMatrix(
            name: name, type: type, rows: rows, columns: columns, bytes: bytes, owner: found.container.file)
    }
}
