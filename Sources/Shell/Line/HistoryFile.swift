import Foundation

/// What was typed before, one JSON string a line (an entry may hold several lines), only ever appended to, so that
/// two shells never lose each other's entries. Readable by its owner alone.
struct HistoryFile: Sendable {
    static let limit = 10_000
    let path: String

    /// `$XDG_STATE_HOME/genac/history`, or `~/.local/state/genac/history`; nil without a home.
    static func standard(_ environment: [String: String] = ProcessInfo.processInfo.environment) -> HistoryFile? {
        UserFolder.path(.state, environment).map { HistoryFile(path: $0 + "/history") }
    }

    /// The newest entries, oldest first. What cannot be read is passed over: history is a convenience.
    func load() -> [String] {
        guard let data = FileManager.default.contents(atPath: path) else { return [] }
        return data.split(separator: 0x0A).suffix(Self.limit).compactMap { line in
            try? JSONDecoder().decode(String.self, from: Data(line))
        }
    }

    /// Entries that begin with a blank are not kept, as in other shells.
    /// - Returns: false when the file could not be written.
    @discardableResult
    func append(_ entry: String) -> Bool {
        guard !entry.hasPrefix(" "), let json = try? JSONEncoder().encode(entry) else { return true }
        let folder = (path as NSString).deletingLastPathComponent
        // Where the folder cannot be made, opening the file fails, which is what the caller is told.
        try? FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        let line = Array(json) + [0x0A]
        return write(descriptor, line, line.count) == line.count
    }
}

/// The folders a user's own files are kept in (XDG base directories).
enum UserFolder {
    case config, state

    static func path(
        _ folder: UserFolder, _ environment: [String: String] = ProcessInfo.processInfo.environment
    )
        -> String?
    {
        let (variable, fallback) =
            folder == .config ? ("XDG_CONFIG_HOME", ".config") : ("XDG_STATE_HOME", ".local/state")
        if let base = environment[variable], base.hasPrefix("/") { return base + "/genac" }
        guard let home = environment["HOME"], !home.isEmpty else { return nil }
        return "\(home)/\(fallback)/genac"
    }
}
