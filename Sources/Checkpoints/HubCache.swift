import Compute
import Formats
import Foundation

/// A repository of the hub as people name it: `ORG/NAME`, `ORG/NAME@REVISION`, or a file in it, `ORG/NAME/FILE`.
struct HubName {
    /// As it was typed.
    let text: String
    /// `ORG/NAME`.
    let repository: String
    /// A branch, a tag or a commit; nil: `main`.
    let revision: String?
    /// A path in the repository.
    let file: String?

    /// Nil for what cannot be one.
    init?(_ typed: String) {
        let text = typed.hasSuffix("/") ? String(typed.dropLast()) : typed
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count > 1, !parts.contains(""), !parts.contains(".."), !parts.contains(".") else { return nil }
        let named = parts[1].split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard ([parts[0]] + named).allSatisfy(Self.isWord) else { return nil }
        self.text = text
        repository = "\(parts[0])/\(named[0])"
        revision = named.count > 1 ? named[1] : nil
        file = parts.count > 2 ? parts.dropFirst(2).joined(separator: "/") : nil
    }

    /// `FOLDER/FILE.gguf`, which nobody calls a repository.
    var looksLikeAFile: Bool {
        ["gguf", "safetensors", "json", "bin", "pt", "pth"].contains { repository.hasSuffix("." + $0) }
    }

    private static func isWord(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 96 && text.first != "." && text.first != "-"
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}

/// Where huggingface_hub keeps what it downloads, for every program of a user:
/// `models--ORG--NAME/{refs/main, snapshots/COMMIT/…, blobs/…}`. It is read, and nothing is downloaded.
package struct HubCache {
    private let folder: String

    /// As huggingface_hub finds it: HF_HUB_CACHE, else HF_HOME/hub, else ~/.cache/huggingface/hub.
    package init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        let home = environment["HOME"] ?? NSHomeDirectory()
        func value(_ key: String) -> String? {
            guard let text = environment[key], !text.isEmpty else { return nil }
            let place = text.replacing(/\$(?:\{(\w+)\}|(\w+))/) { found in
                (found.1 ?? found.2).flatMap { environment[String($0)] } ?? String(found.0)
            }
            return place == "~" || place.hasPrefix("~/") ? home + place.dropFirst() : place
        }
        let cache = value("XDG_CACHE_HOME") ?? home + "/.cache"
        folder =
            value("HF_HUB_CACHE") ?? value("HUGGINGFACE_HUB_CACHE")
            ?? (value("HF_HOME") ?? cache + "/huggingface") + "/hub"
    }

    /// `ORG/NAME` of every repository of a model that is there; none where there is no such cache.
    /// - Throws: `FormatsError` for a cache that cannot be read.
    package var repositories: [String] {
        get throws {
            try Folder.names(folder).filter { $0.hasPrefix(Self.prefix) }.map(Self.repository).sorted()
        }
    }

    /// `ORG/NAME@COMMIT`, which goes on meaning the same when a newer snapshot comes; nil for what is no repository of
    /// this cache.
    /// - Throws: as for loading it.
    package func pinned(_ source: String) throws -> String? {
        guard let name = HubName(source), FileManager.default.fileExists(atPath: repositoryFolder(name)) else {
            return nil
        }
        let commit = try Self.commit(of: name.revision, in: repositoryFolder(name), called: name.repository)
        return "\(name.repository)@\(commit)" + (name.file.map { "/" + $0 } ?? "")
    }

    /// The repository that may have been meant: in other capitals, or misspelt.
    private func near(_ repository: String) throws -> String? {
        let there = try repositories
        return there.first { $0.lowercased() == repository.lowercased() }
            ?? DidYouMean.nearest(to: repository, in: there)
    }

    private func repositoryFolder(_ name: HubName) -> String {
        folder + "/" + Self.prefix + name.repository.replacing("/", with: "--")
    }

    /// The snapshot's folder, or the file in it.
    func place(of name: HubName) throws -> String {
        let repository = repositoryFolder(name)
        guard FileManager.default.fileExists(atPath: repository) else {
            guard !name.looksLikeAFile else {
                throw CheckpointsError.missing(path: name.text, what: "there is no such file or directory")
            }
            throw CheckpointsError.notInCache(
                source: name.text, repository: name.repository, cache: folder, near: try near(name.repository))
        }
        let commit = try Self.commit(of: name.revision, in: repository, called: name.repository)
        let snapshot = "\(repository)/snapshots/\(commit)"
        guard let file = name.file else { return snapshot }
        let path = "\(snapshot)/\(file)"
        guard FileManager.default.fileExists(atPath: path) || LinkToNothing.isOne(path) else {
            throw CheckpointsError.part(
                file: snapshot, what: "it has no \(file)", hint: "`hf download \(name.repository) \(file)` fetches it")
        }
        return path
    }

    /// The snapshot that a repository's own folder in a cache means; nil for another folder.
    static func snapshot(inRepositoryFolder path: String, _ names: [String]) throws -> String? {
        let last = URL(fileURLWithPath: path).standardizedFileURL.lastPathComponent
        guard last.hasPrefix(prefix), names.contains("snapshots") else { return nil }
        return "\(path)/snapshots/" + (try commit(of: nil, in: path, called: repository(last)))
    }

    private static func commit(of revision: String?, in repository: String, called name: String) throws -> String {
        let wanted = revision ?? "main", reference = "\(repository)/refs/\(wanted)"
        let snapshots = try Folder.names("\(repository)/snapshots").sorted()
        if FileManager.default.fileExists(atPath: reference) {
            let bytes = try BoundedFile.read(reference, limit: 1 << 10)
            let commit = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            guard snapshots.contains(commit) else {
                throw CheckpointsError.part(
                    file: reference, what: "it names the snapshot \(commit.debugDescription), which is not there",
                    hint: "`hf download \(name)` fetches it")
            }
            return commit
        }
        let found = snapshots.filter { $0 == wanted || (wanted.utf8.count > 6 && $0.hasPrefix(wanted)) }
        guard let commit = found.first, found.count == 1 else {
            let others =
                snapshots.isEmpty ? "nothing of it is there" : "there are: \(snapshots.joined(separator: ", "))"
            throw CheckpointsError.part(
                file: repository, what: "it has no revision \(wanted); \(others)",
                hint: "`hf download \(name)\(revision.map { " --revision " + $0 } ?? "")` fetches it")
        }
        return commit
    }

    private static let prefix = "models--"

    /// `ORG/NAME` of `models--ORG--NAME`.
    private static func repository(_ folder: String) -> String {
        String(folder.dropFirst(prefix.count)).replacing("--", with: "/")
    }

    /// The repository of a path that ends in a snapshot's folder, or in the repository's own; nil for another path.
    static func repository(ofSnapshot components: [String]) -> String? {
        let last = Array(components.suffix(3))
        let folder = last.count == 3 && last[1] == "snapshots" ? last[0] : last.last
        return folder.flatMap { $0.hasPrefix(prefix) ? repository($0) : nil }
    }

    /// What to do about a file that is not, or not wholly, there.
    static func fetching(_ path: String) -> String {
        let parts = URL(fileURLWithPath: path).standardizedFileURL.pathComponents
        guard let place = parts.lastIndex(where: { $0.hasPrefix(prefix) }), parts.contains("snapshots") else {
            return "fetch the file again"
        }
        return
            "`hf download \(parts[place].dropFirst(prefix.count).replacing("--", with: "/"))` fetches what is missing"
    }

    /// Whether a download into this folder, a snapshot or not, was not finished.
    static func isUnfinished(_ directory: String) -> Bool {
        // A folder that is not there, or cannot be read, tells nothing; this only completes another error.
        [directory + "/../../blobs", directory + "/.cache/huggingface/download"].contains { place in
            ((try? Folder.names(place)) ?? []).contains { $0.hasSuffix(".incomplete") }
        }
    }
}
