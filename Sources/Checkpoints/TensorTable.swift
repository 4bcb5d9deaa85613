import Compute
import Formats
import Foundation
import Transformer

/// A checkpoint's tensors by Hugging Face name, whichever files they lie in.
struct TensorTable {
    /// A tensor, and the file that it lies in.
    struct Located {
        let entry: TensorEntry
        let container: any TensorContainer
        /// Heads of a q or k projection whose rows llama.cpp has permuted.
        var permutedHeads: Int?
        /// What llama.cpp has added to every number.
        var added: Float = 0

        /// All numbers as f32.
        /// - Throws: `FormatsError` for a type that cannot be read.
        func floats() throws -> [Float] {
            let bytes = try container.bytes(of: entry)
            guard let floats = entry.type?.dequantise(bytes, count: entry.elements) else {
                throw CheckpointsError.tensor(
                    file: container.path, name: entry.name, what: "its type \(entry.typeName) cannot be read")
            }
            return floats
        }
    }

    private var located: [UTF8Key: Located] = [:]
    let source: String

    init(source: String) { self.source = source }

    func contains(_ name: String) -> Bool { located[UTF8Key(name)] != nil }

    /// - Throws: ``CheckpointsError/tensor(file:name:what:)`` for a name that occurs twice.
    mutating func add(_ name: String, _ found: Located) throws {
        guard located.updateValue(found, forKey: UTF8Key(name)) == nil else {
            throw CheckpointsError.tensor(file: found.container.path, name: name, what: "it occurs twice")
        }
    }

    /// Takes out a value head that lies beside a language model.
    /// - Returns: whether there was one.
    mutating func removeValueHead() -> Bool {
        guard remove(ValueHeadForm.besideName + ".weight") != nil else { return false }
        _ = remove(ValueHeadForm.besideName + ".bias")
        return true
    }

    /// Names without a beginning that some trainers put before every one.
    /// - Throws: ``CheckpointsError/tensor(file:name:what:)`` for a name that occurs twice then.
    mutating func drop(prefix: String) throws {
        for key in located.keys where key.string.hasPrefix(prefix) {
            guard let found = located.removeValue(forKey: key) else { continue }
            try add(String(key.string.dropFirst(prefix.count)), found)
        }
    }

    mutating func remove(_ name: String) -> Located? { located.removeValue(forKey: UTF8Key(name)) }

    /// Gives the tensors of `configuration` their Hugging Face names; what else there is keeps its own.
    /// - Throws: ``CheckpointsError/tensor(file:name:what:)`` for a name that occurs twice.
    mutating func renameFromGGUF(_ configuration: Configuration) throws {
        for spec in configuration.tensors {
            guard let name = spec.ggufName, var found = remove(name) else { continue }
            if configuration.architecture.hasRotaryPairsInGGUF { found.permutedHeads = spec.rotaryHeads }
            found.added = spec.addedInGGUF
            try add(spec.name, found)
        }
    }

    /// Checks that exactly the tensors of `configuration` are there, each of its shape and a usable type.
    /// - Throws: ``CheckpointsError/tensor(file:name:what:)`` for one that is missing, in excess or of another shape;
    ///   `FormatsError` for one of a type that cannot be used.
    mutating func check(_ configuration: Configuration) throws {
        if configuration.tiedHead { try dropEqualHead() }
        var left = Set(located.keys)
        for spec in configuration.tensors {
            let found = try find(spec.name)
            guard found.entry.shape == spec.shape else {
                throw CheckpointsError.tensor(
                    file: found.container.path, name: found.entry.name,
                    what: "its shape is \(found.entry.shape) where the configuration asks for \(spec.shape)")
            }
            _ = try found.container.bytes(of: found.entry)
            left.remove(UTF8Key(spec.name))
        }
        if let extra = left.map(\.string).min() {
            throw CheckpointsError.tensor(
                file: source, name: extra,
                what: "a model of this configuration has no such tensor (\(left.count) too many)")
        }
    }

    private func find(_ name: String) throws -> Located {
        guard let found = located[UTF8Key(name)] else {
            throw CheckpointsError.tensor(file: source, name: name, what: "it is missing")
        }
        return found
    }

    /// A tied head may be stored as well, provided that it is the embedding.
    private mutating func dropEqualHead() throws {
        guard let head = remove(TensorSpec.outputHeadNames.huggingFace) else { return }
        let embedding = try find(TensorSpec.embeddingNames.huggingFace)
        let headBytes = try head.container.bytes(of: head.entry)
        let embeddingBytes = try embedding.container.bytes(of: embedding.entry)
        guard head.entry.type == embedding.entry.type, head.entry.shape == embedding.entry.shape,
            let first = headBytes.baseAddress, let second = embeddingBytes.baseAddress,
            headBytes.count == embeddingBytes.count, memcmp(first, second, headBytes.count) == 0
        else {
            throw CheckpointsError.tensor(
                file: head.container.path, name: head.entry.name,
                what: "it differs from the embedding although tie_word_embeddings is true")
        }
    }

    /// The tensor in place, or a copy where rows must be put back in order, something was added to its numbers, or
    /// elements are not aligned.
    /// - Throws: ``CheckpointsError/tensor(file:name:what:)`` for one that is missing or a scalar; `FormatsError`;
    ///   `ComputeError/outOfMemory(bytes:)`.
    func matrix(_ name: String) throws -> WeightMatrix {
        let found = try find(name)
        let bytes = try found.container.bytes(of: found.entry)
        guard let type = found.entry.type, let columns = found.entry.shape.last, let first = found.entry.shape.first
        else {
            throw CheckpointsError.tensor(file: source, name: name, what: "it is a scalar")
        }
        let rows = found.entry.shape.count == 1 ? 1 : first
        func matrix(_ bytes: UnsafeRawBufferPointer, _ owner: AnyObject) throws -> WeightMatrix {
            try WeightMatrix(name: name, type: type, rows: rows, columns: columns, bytes: bytes, owner: owner)
        }
        if found.added != 0 {
            let own = try FloatBuffer(found.floats().map { $0 - found.added })
            return try WeightMatrix(name: name, buffer: own, rows: rows, columns: columns)
        }
        if let heads = found.permutedHeads {
            let copy = try OwnedBytes(unpermuting: bytes, rows: first, heads: heads)
            return try matrix(copy.bytes, copy)
        }
        if type.blockElements == 1, UInt(bitPattern: bytes.baseAddress) % UInt(type.blockBytes) != 0 {
            let copy = try OwnedBytes(copying: bytes)
            return try matrix(copy.bytes, copy)
        }
        return try matrix(bytes, found.container.file)
    }
}
