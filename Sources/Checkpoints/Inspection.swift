import Compute
import Formats
import Transformer

/// What a source holds, read without loading it: also of models and types that are refused.
package struct Inspection: Sendable {
    /// What kind of thing the source is.
    package enum Format: String, Sendable {
        case huggingFace = "Hugging Face directory"
        case safetensors = "safetensors"
        case gguf = "GGUF"
    }

    /// What kind of thing this is.
    package let format: Format
    /// The paths that hold tensors.
    package let files: [String]
    /// Settings and metadata in file order, long values shortened to what they are.
    package let metadata: [(key: String, value: String)]
    /// In file order, file after file.
    package let tensors: [TensorEntry]
    /// Nil when the model can be run, as far as its configuration and tensors say; else why not.
    package let refusal: (any GenacError)?
    /// The decoder's shape; nil for one that is refused.
    package let configuration: Configuration?

    /// Numbers in all tensors, a stored tied head included.
    package var elements: Int { tensors.reduce(0) { $0 + $1.elements } }
    /// Bytes of all tensors.
    package var bytes: Int { tensors.reduce(0) { $0 + $1.byteRange.count } }
}

extension Checkpoint {
    /// - Parameter hub: as for loading.
    /// - Throws: an error of the files themselves; that a model cannot be run is told in ``Inspection/refusal``.
    package static func inspect(_ path: String, hub: HubCache = HubCache()) throws -> Inspection {
        switch try Source(path, hub: hub) {
        case .directory(let directory):
            return try inspect(HuggingFaceDirectory(directory), format: .huggingFace)
        case .safetensors(let file):
            return try inspect(HuggingFaceDirectory(Source.parent(of: file), weights: file), format: .safetensors)
        case .gguf(let file):
            let source = try GGUFCheckpoint(file)
            let metadata = source.file.keys.map { (key: $0, value: source.file.metadata[$0]?.summary ?? "") }
            return inspection(.gguf, source.file.parts.map(\.path), metadata, source.file.tensors) {
                try source.description().0
            }
        }
    }

    private static func inspect(_ source: HuggingFaceDirectory, format: Inspection.Format) throws -> Inspection {
        var metadata: [(key: String, value: String)] = []
        if let config = try source.settings("config.json") {
            metadata = config.object.members.map { (key: $0.key, value: $0.value.text()) }
        }
        let files = try source.weights.files
        var tensors: [TensorEntry] = []
        for file in files {
            let container = try SafetensorsFile(path: file)
            tensors += container.tensors
            // Shards repeat what they say of themselves.
            for (key, value) in container.metadata where !metadata.contains(where: { $0 == (key, value) }) {
                metadata.append((key: key, value: value))
            }
        }
        return inspection(format, files, metadata, tensors) { try source.description().configuration }
    }

    private static func inspection(
        _ format: Inspection.Format, _ files: [String], _ metadata: [(key: String, value: String)],
        _ tensors: [TensorEntry],
        describe: () throws -> Configuration
    ) -> Inspection {
        var configuration: Configuration?
        var refusal: (any GenacError)?
        do {
            configuration = try describe()
        } catch let error as any GenacError {
            refusal = error
        } catch {
            refusal = CheckpointsError.part(file: files.first ?? "", what: "\(error)", hint: nil)
        }
        return Inspection(
            format: format, files: files, metadata: metadata, tensors: tensors, refusal: refusal,
            configuration: configuration)
    }
}
