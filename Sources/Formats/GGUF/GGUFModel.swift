import Compute
import Foundation

/// A GGUF model in one file, or in several as llama.cpp's `gguf-split` writes them: `NAME-00001-of-00003.gguf` and so
/// on, of which the first has the metadata and each has tensors of its own.
package final class GGUFModel: Sendable {
    /// In order.
    package let parts: [GGUFFile]
    /// Of all parts, in order, with the part that each lies in.
    package let located: [(entry: TensorEntry, part: GGUFFile)]

    /// The first part's.
    package var path: String { parts[0].path }
    /// The first part's.
    package var metadata: [String: GGUFValue] { parts[0].metadata }
    /// The first part's, in file order.
    package var keys: [String] { parts[0].keys }
    /// Of all parts, in order.
    package var tensors: [TensorEntry] { located.map(\.entry) }

    /// - Parameter path: the file, or any of the parts; the others lie beside it.
    /// - Throws: ``FormatsError`` naming the file, also for a part that is missing or belongs to another model.
    package init(path: String) throws {
        let named = try GGUFFile(path: path)
        parts = try Self.parts(of: named)
        located = parts.flatMap { part in part.tensors.map { ($0, part) } }
        try checkTensors(named)
    }

    private static func parts(of named: GGUFFile) throws -> [GGUFFile] {
        guard let count = try number("split.count", of: named), count > 1 else { return [named] }
        let url = URL(fileURLWithPath: named.path)
        guard let name = ShardName(url.lastPathComponent), name.count == count else {
            throw FormatsError.unsupported(
                file: named.path, what: "it is one of \(count) parts of a model, and not called so",
                hint:
                    "call the parts NAME-\(String(format: "%05d-of-%05d", 1, count)).gguf and so on, as llama.cpp does")
        }
        let folder = url.deletingLastPathComponent()
        return try (1...count).map { number in
            let path = number == name.number ? named.path : folder.appendingPathComponent(name.part(number)).path
            guard FileManager.default.fileExists(atPath: path) else {
                throw FormatsError.unsupported(
                    file: path, what: "part \(number) of \(count) is not there",
                    hint: "a split model's parts lie in one folder, under the names that they came with")
            }
            let part = number == name.number ? named : try GGUFFile(path: path)
            guard try Self.number("split.count", of: part) == count, try Self.number("split.no", of: part) == number - 1
            else {
                throw FormatsError.malformed(
                    file: path, offset: 0, what: "it does not say that it is part \(number) of \(count)")
            }
            return part
        }
    }

    private static func number(_ key: String, of file: GGUFFile) throws -> Int? {
        guard let value = file.metadata[key] else { return nil }
        guard let number = value.asInt, (0..<100_000).contains(number) else {
            throw FormatsError.malformed(file: file.path, offset: 0, what: "\(key) is \(value.summary)")
        }
        return number
    }

    private func checkTensors(_ named: GGUFFile) throws {
        guard parts.count > 1 else { return }
        var names: Set<UTF8Key> = []
        for (entry, part) in located where !names.insert(UTF8Key(entry.name)).inserted {
            throw FormatsError.malformedTensor(
                file: part.path, tensor: entry.name, what: "another part has a tensor of this name")
        }
        if let total = named.metadata["split.tensors.count"], total.asInt != located.count {
            throw FormatsError.malformed(
                file: named.path, offset: 0,
                what: "its parts have \(located.count) tensors where split.tensors.count is \(total.summary)")
        }
    }
}
