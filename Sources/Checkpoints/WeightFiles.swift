import Formats
import Foundation

/// The safetensors files of a Hugging Face directory: `model.safetensors`, or shards, with or without the index that
/// says which tensor lies where, or the one file that the user names.
struct WeightFiles {
    /// In the order of their names.
    let files: [String]
    /// A value head by itself, as LLaMA-Factory keeps it beside a language model.
    private let valueHead: String?
    /// Tensor name to file; nil without an index.
    private let index: [UTF8Key: String]?

    private static let single = "model.safetensors"
    private static let valueHeadName = "value_head.safetensors"
    private static let indexName = "model.safetensors.index.json"

    /// - Parameter named: the file that the user names, which alone counts then.
    /// - Throws: ``CheckpointsError`` for a directory without weights that can be read, and for missing shards.
    init(_ directory: HuggingFaceDirectory, named: String?) throws {
        if let named {
            (files, index, valueHead) = ([named], nil, nil)
            return
        }
        try directory.otherFiles.refuseAdapter()
        valueHead = try directory.file(Self.valueHeadName)
        if let file = try directory.file(Self.single) {
            (files, index) = ([file], nil)
        } else if let file = try directory.file(Self.indexName) {
            let shards = try Self.shards(Settings(load: file))
            let names = Set(shards.values.map { UTF8Key($0) }).map(\.string).sorted()
            files = try Self.present(names, in: directory, because: "\(Self.indexName) names")
            index = shards.mapValues(directory.path)
        } else if let shard = Self.shardWithoutIndex(directory) {
            files = try Self.present(shard.all, in: directory, because: "its name asks for")
            index = nil
        } else {
            throw directory.otherFiles.weightless(lacking: Self.single)
        }
    }

    /// Any of the shards that transformers would have written; of others only where there is one set.
    private static func shardWithoutIndex(_ directory: HuggingFaceDirectory) -> ShardName? {
        let shards = directory.names.compactMap(ShardName.init).filter { $0.ending == "safetensors" }
        let sets = Dictionary(grouping: shards) { $0.part(1) }.values.compactMap(\.first)
        return sets.first { $0.stem == "model" } ?? (sets.count == 1 ? sets.first : nil)
    }

    private static func present(
        _ names: [String], in directory: HuggingFaceDirectory, because reason: String
    ) throws -> [String] {
        var files: [String] = [], missing: [String] = []
        for name in names {
            if let file = try directory.file(name) { files.append(file) } else { missing.append(name) }
        }
        guard let first = missing.first else { return files }
        let which = missing.count == 1 ? first : "\(first) and \(missing.count - 1) more of \(names.count)"
        throw CheckpointsError.part(
            file: directory.path(first), what: "the shard is missing: \(reason) \(which)",
            hint: HubCache.fetching(directory.path(first)))
    }

    private static func shards(_ index: Settings) throws -> [UTF8Key: String] {
        guard let map = index.value("weight_map")?.asObject, map.count > 0 else {
            throw index.failure("weight_map", "is missing or empty")
        }
        var shards: [UTF8Key: String] = [:]
        for (tensor, value) in map.members {
            guard let file = value.asString, file.hasSuffix(".safetensors"), !file.contains("/"), !file.contains("\0")
            else {
                throw index.failure(
                    "weight_map", "puts \(tensor.debugDescription) in \(value.text()), which is no file beside it")
            }
            shards[UTF8Key(tensor)] = file
        }
        return shards
    }

    /// All tensors of the files, but for tables of rotary frequencies, which older files have and nobody reads.
    /// - Parameter source: what errors about a missing tensor name.
    /// - Throws: ``CheckpointsError/tensor(file:name:what:)`` for one that is where the index does not put it;
    ///   `FormatsError`.
    func tensors(source: String) throws -> TensorTable {
        var table = TensorTable(source: source)
        for file in files + (valueHead.map { [$0] } ?? []) {
            let container = try SafetensorsFile(path: file)
            for entry in container.tensors where !entry.name.hasSuffix(".rotary_emb.inv_freq") {
                if let index, file != valueHead, index[UTF8Key(entry.name)] != file {
                    throw CheckpointsError.tensor(
                        file: file, name: entry.name, what: "\(Self.indexName) does not put it here")
                }
                try QuantisedWeights.refuse(entry, in: file)
                try table.add(entry.name, .init(entry: entry, container: container))
            }
        }
        return table
    }
}
