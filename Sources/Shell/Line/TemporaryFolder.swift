import Foundation

/// A folder that only its user can look into, for as long as somebody works in it.
enum TemporaryFolder {
    /// - Throws: where it cannot be made, or what `body` throws.
    static func with<R>(_ body: (_ path: String) throws -> R) throws -> R {
        let folder = NSTemporaryDirectory() + "genac-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        // One that stays is the system's to clear; what was done in it counts all the same.
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try body(folder)
    }
}
