import Formats
import Foundation
import Tokenizers
import Transformer

extension Checkpoint {
    /// Loads a Hugging Face directory, a `.safetensors` file (its config.json and tokenizer lie beside it) or a
    /// `.gguf` file. Weights stay in the file, memory-mapped.
    /// - Parameter name: what to call it; otherwise the directory's or the file's name.
    /// - Throws: ``CheckpointsError`` for what is refused, by name; `FormatsError`, `TokenizersError` or
    ///   `ComputeError` for what cannot be read.
    package static func load(_ path: String, name: String? = nil) throws -> Checkpoint {
        let source = try Source(path)
        let called = name ?? source.defaultName
        switch source {
        case .directory(let directory):
            return try HuggingFaceDirectory(directory).checkpoint(name: called, origin: path)
        case .safetensors(let file):
            return try HuggingFaceDirectory(Source.parent(of: file), weights: file).checkpoint(
                name: called, origin: path)
        case .gguf(let file):
            return try GGUFCheckpoint(file).checkpoint(name: called, origin: path)
        }
    }
}

/// What kind of thing a path names.
enum Source {
    case directory(String)
    case safetensors(String)
    case gguf(String)

    init(_ path: String) throws {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw CheckpointsError.missing(path: path, what: "there is no such file or directory")
        }
        let ending = URL(fileURLWithPath: path).pathExtension.lowercased()
        switch (isDirectory.boolValue, ending) {
        case (true, _): self = .directory(path)
        case (false, "safetensors"): self = .safetensors(path)
        case (false, "gguf"): self = .gguf(path)
        default:
            throw CheckpointsError.unsupported(
                file: path, what: "neither a directory nor a .safetensors or .gguf file",
                hint: "convert it, or name the directory it lies in")
        }
    }

    var defaultName: String {
        switch self {
        case .directory(let path): URL(fileURLWithPath: path).standardizedFileURL.lastPathComponent
        case .safetensors(let path), .gguf(let path):
            URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
        }
    }

    static func parent(of path: String) -> String { URL(fileURLWithPath: path).deletingLastPathComponent().path }
}
