import Compute
import Formats
import Foundation

/// What kind of thing a user's path, or name of a repository in the hub's cache, means.
enum Source {
    /// A Hugging Face directory.
    case directory(String)
    /// A file of weights, whose config.json and tokenizer lie beside it.
    case safetensors(String)
    /// A GGUF file, or any part of one that is split.
    case gguf(String)

    /// - Throws: ``CheckpointsError`` for what is not there or is no model of ours, by name; `FormatsError`,
    ///   `ComputeError` for what cannot be read.
    init(_ path: String, hub: HubCache) throws {
        let path = try Self.place(of: path, hub: hub)
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw LinkToNothing.error(path)
        }
        self = isDirectory.boolValue ? try Self(directory: path) : try Self(file: path)
    }

    /// Where the files of a source are: the path itself, or a snapshot in the hub's cache.
    /// - Throws: ``CheckpointsError`` for what is neither.
    static func place(of path: String, hub: HubCache) throws -> String {
        if FileManager.default.fileExists(atPath: path) || LinkToNothing.isOne(path) { return path }
        guard let repository = HubName(path) else {
            throw CheckpointsError.missing(path: path, what: "there is no such file or directory")
        }
        return try hub.place(of: repository)
    }

    private init(directory path: String) throws {
        let names = try Folder.names(path)
        if let snapshot = try HubCache.snapshot(inRepositoryFolder: path, names) {
            self = try Self(directory: snapshot)
            return
        }
        let isHuggingFace = names.contains("config.json")
        if !isHuggingFace || !names.contains(where: { $0.hasSuffix(".safetensors") }),
            let file = try GGUFFolder(path, names).file
        {
            self = .gguf(file)
            return
        }
        guard isHuggingFace else { throw OtherFiles(path, names).noConfiguration }
        self = .directory(path)
    }

    private init(file path: String) throws {
        let name = URL(fileURLWithPath: path).lastPathComponent, ending = URL(fileURLWithPath: path).pathExtension
        let kind = try FileKind(path)
        if ending.lowercased() == "gguf" || kind == .gguf {
            self = .gguf(path)
        } else if ending.lowercased() == "safetensors" || kind == .safetensors {
            try OtherFiles.refuse(weights: name, path)
            let isShard = ShardName(name).map { $0.count > 1 } ?? false
            self = isShard ? .directory(Self.parent(of: path)) : .safetensors(path)
        } else {
            throw OtherFiles.refusal(file: path, kind)
        }
    }

    static func parent(of path: String) -> String { URL(fileURLWithPath: path).deletingLastPathComponent().path }
}

/// What a file is by its first bytes; no more of it is read.
enum FileKind {
    case gguf, safetensors, pytorch, other

    /// - Throws: `ComputeError` for what cannot be read.
    init(_ path: String) throws {
        let file = try MappedFile(path: path)
        let first = withExtendedLifetime(file) { Array(file.bytes.prefix(9)) }
        self.init(first: first, size: file.bytes.count)
    }

    /// - Parameter first: the first nine bytes of `size`.
    private init(first: [UInt8], size: Int) {
        let number = first.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        if first.starts(with: "GGUF".utf8) {
            self = .gguf
        } else if first.count == 9, first[8] == UInt8(ascii: "{"), (2...UInt64(size)).contains(number) {
            // The header's length, and the header.
            self = .safetensors
        } else if first.starts(with: [0x50, 0x4B, 3, 4]) || first.starts(with: [0x80, 2]) {
            // A ZIP archive of pickles, or the bare pickle of older ones.
            self = .pytorch
        } else {
            self = .other
        }
    }
}

/// A link whose file is not there: the hub's cache has them when its blobs are gone, or never came.
enum LinkToNothing {
    private static func target(_ path: String) -> String? {
        guard !FileManager.default.fileExists(atPath: path) else { return nil }
        // What is no link has no destination: that is the answer.
        return try? FileManager.default.destinationOfSymbolicLink(atPath: path)
    }

    static func isOne(_ path: String) -> Bool { target(path) != nil }

    static func error(_ path: String) -> CheckpointsError {
        .part(
            file: path, what: "it is a link to \(target(path) ?? "a file"), which is not there",
            hint: HubCache.fetching(path))
    }
}
