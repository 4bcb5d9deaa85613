import Foundation

/// What lies in a folder.
package enum Folder {
    /// Names in it, hidden ones too, in no order; none where there is no such folder.
    /// - Throws: ``FormatsError/cannotRead(file:reason:)`` for what is there and cannot be read as a folder: nothing in
    ///   it is known.
    package static func names(_ path: String) throws -> [String] {
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        do {
            return try FileManager.default.contentsOfDirectory(atPath: path)
        } catch {
            throw FormatsError.cannotRead(file: path, reason: "as a folder: \(error.inWords)")
        }
    }
}
