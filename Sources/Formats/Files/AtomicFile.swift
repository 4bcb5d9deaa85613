import Compute
import Foundation
import Synchronization

/// Whole-file writes that a crash, a full disk or a second writer cannot leave half done: the bytes go to a
/// file beside the target, are flushed, and take its name by `rename`, whose directory is flushed too.
package enum AtomicFile {
    /// - Throws: ``FormatsError/cannotWrite(file:reason:)`` or what `body` throws; the old file is then intact.
    package static func write(to path: String, _ body: (FileSink) throws -> Void) throws {
        let temporary = temporaryName(beside: path)
        do {
            let sink = try FileSink(creating: temporary, for: path)
            try body(sink)
            try sink.flush()
            guard rename(temporary, path) == 0 else { throw FileSink.failure(path) }
        } catch {
            unlink(temporary)
            throw error
        }
        try flushDirectory(parent(of: path), for: path)
    }

    /// Replaces a file by these bytes, or leaves it as it was.
    /// - Throws: ``FormatsError`` for what cannot be written.
    package static func write(_ bytes: [UInt8], to path: String) throws {
        try write(to: path) { try $0.write(bytes) }
    }

    private static let counter = Atomic<Int>(0)

    /// A hidden name in the same directory, so that `rename` stays within one file system.
    static func temporaryName(beside path: String) -> String {
        let number = counter.wrappingAdd(1, ordering: .relaxed).newValue
        let url = URL(fileURLWithPath: path)
        let name = ".\(url.lastPathComponent).\(getpid())-\(number).tmp"
        return url.deletingLastPathComponent().appendingPathComponent(name).path
    }

    static func parent(of path: String) -> String { URL(fileURLWithPath: path).deletingLastPathComponent().path }

    /// Some file systems cannot flush a directory (EINVAL); the rename itself has happened by then.
    static func flushDirectory(_ directory: String, for path: String) throws {
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileSink.failure(path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw FileSink.failure(path) }
    }
}
