import Compute
import Foundation

/// Whole-directory writes: everything is made in a directory beside the target, which then takes its name.
package enum AtomicDirectory {
    /// Calls `body` with the path to fill; files written there with ``AtomicFile`` are flushed already.
    /// - Parameter replacing: an existing directory is moved aside, replaced, then removed. Killed between
    ///   the two moves, both complete versions remain, under hidden names beside `path`.
    /// - Throws: ``FormatsError/cannotWrite(file:reason:)`` (also when `path` exists, is not empty, and
    ///   `replacing` is false) or what `body` throws; nothing is left behind then.
    package static func create(at path: String, replacing: Bool = false, _ body: (String) throws -> Void) throws {
        let temporary = AtomicFile.temporaryName(beside: path)
        guard replacing || isFree(path) else {
            throw FormatsError.cannotWrite(file: path, reason: "it exists already and is not empty")
        }
        guard mkdir(temporary, 0o777) == 0 else { throw FileSink.failure(path) }
        do {
            try body(temporary)
            try AtomicFile.flushDirectory(temporary, for: path)
            try move(temporary, to: path, replacing: replacing)
        } catch {
            try? FileManager.default.removeItem(atPath: temporary)
            throw error
        }
        try AtomicFile.flushDirectory(AtomicFile.parent(of: path), for: path)
    }

    /// Absent, or an empty directory, which `rename` replaces.
    private static func isFree(_ path: String) -> Bool {
        guard FileManager.default.fileExists(atPath: path) else { return true }
        return (try? FileManager.default.contentsOfDirectory(atPath: path))?.isEmpty == true
    }

    private static func move(_ temporary: String, to path: String, replacing: Bool) throws {
        if rename(temporary, path) == 0 { return }
        guard replacing, errno == ENOTEMPTY || errno == EEXIST else { throw FileSink.failure(path) }
        let aside = AtomicFile.temporaryName(beside: path)
        guard rename(path, aside) == 0 else { throw FileSink.failure(path) }
        guard rename(temporary, path) == 0 else {
            let error = FileSink.failure(path)
            rename(aside, path)
            throw error
        }
        try? FileManager.default.removeItem(atPath: aside)
    }
}
