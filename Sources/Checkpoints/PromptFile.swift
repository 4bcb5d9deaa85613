import Formats
import Foundation

/// A critic's prompt template as it lies beside its weights, unread: what it may say is a matter of the critics' room.
package struct PromptFile: Sendable, Equatable {
    /// The file's name without its ending.
    package let name: String
    /// The template, in Mustache.
    package let text: String
    /// The file it was read from.
    package let path: String

    /// Nothing is read or checked.
    package init(name: String, text: String, path: String) {
        (self.name, self.text, self.path) = (name, text, path)
    }

    /// Where a saved critic, and a run, keeps the one template that the critic reads.
    package static let criticFolder = "prompts/critic"

    /// The one template of a folder; nil when there is no such folder, or none in it.
    /// - Throws: ``CheckpointsError/part(file:what:hint:)`` for several, of which the critic read only one, and for
    ///   what is no text; `FormatsError` for what cannot be read.
    package static func only(in folder: String) throws -> PromptFile? {
        // A folder above it that cannot be read, or is none, hides it as if it were not there.
        _ = try Folder.names((folder as NSString).deletingLastPathComponent)
        let files = try Folder.names(folder).filter { $0.hasSuffix(ending) }
        guard let file = files.first else { return nil }
        guard files.count == 1 else {
            throw CheckpointsError.part(
                file: folder, what: "it holds \(files.count) templates, and a critic reads one",
                hint: "leave the one that it was trained under")
        }
        let path = "\(folder)/\(file)"
        guard let text = String(validating: try BoundedFile.read(path, limit: 1 << 16), as: UTF8.self) else {
            throw CheckpointsError.part(file: path, what: "not valid UTF-8", hint: nil)
        }
        return PromptFile(name: String(file.dropLast(ending.count)), text: text, path: path)
    }

    /// Its place below a saved critic's directory.
    package var place: String { "\(Self.criticFolder)/\(name)\(Self.ending)" }

    func write(below directory: String) throws {
        let folder = "\(directory)/\(Self.criticFolder)"
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw FormatsError.cannotWrite(file: folder, reason: error.localizedDescription)
        }
        try AtomicFile.write(Array(text.utf8), to: "\(directory)/\(place)")
    }

    private static let ending = ".mustache"
}
