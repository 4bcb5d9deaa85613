import Formats
import Foundation
import Tokenizers
import Transformer

extension Checkpoint {
    /// Loads a Hugging Face directory, a `.safetensors` file (its config.json and tokenizer lie beside it), a GGUF
    /// file, one that is split, a folder that holds one, or a repository of the hub's cache by its name `ORG/NAME`.
    /// Weights stay in the file, memory-mapped.
    /// - Parameters:
    ///   - name: what to call it; otherwise the directory's or the file's name.
    ///   - head: what is read of weights that have a value head beside a whole language model.
    ///   - hub: where repositories of the hub are looked for.
    /// - Throws: ``CheckpointsError`` for what is refused, by name; `FormatsError`, `TokenizersError` or
    ///   `ComputeError` for what cannot be read.
    package static func load(
        _ path: String, name: String? = nil, preferring head: ModelHead = .language, hub: HubCache = HubCache()
    ) throws -> Checkpoint {
        let called = name ?? defaultName(of: path)
        switch try Source(path, hub: hub) {
        case .directory(let directory):
            return try HuggingFaceDirectory(directory, preferring: head).checkpoint(name: called, origin: path)
        case .safetensors(let file):
            return try HuggingFaceDirectory(Source.parent(of: file), weights: file, preferring: head).checkpoint(
                name: called, origin: path)
        case .gguf(let file):
            return try GGUFCheckpoint(file).checkpoint(name: called, origin: path)
        }
    }

    /// A model's name where its user gives none: the source's last part, without an ending or a part's numbers. What a
    /// program named by a hash gets a name that can be typed: a snapshot its repository's, a blob the hash's beginning.
    package static func defaultName(of source: String) -> String {
        let url = URL(fileURLWithPath: source).standardizedFileURL, last = url.lastPathComponent
        if let repository = HubCache.repository(ofSnapshot: url.pathComponents) {
            return URL(fileURLWithPath: repository).lastPathComponent
        }
        if let hash = last.wholeMatch(of: /sha256[-:]([0-9a-f]{64})/) { return "blob-\(hash.1.prefix(8))" }
        if let shard = ShardName(last) { return shard.stem }
        for ending in [".gguf", ".safetensors"] where last.lowercased().hasSuffix(ending) {
            return String(last.dropLast(ending.count))
        }
        return last
    }
}
