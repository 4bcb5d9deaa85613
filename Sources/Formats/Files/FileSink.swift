import Compute
import Foundation

/// A file being written, one `write` call a chunk. Its errors name the file the caller asked for, not the
/// temporary one beside it.
package final class FileSink {
    private let descriptor: Int32
    private let name: String
    /// Bytes written so far.
    package private(set) var count = 0

    init(creating path: String, for name: String) throws {
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        self.name = name
        guard descriptor >= 0 else { throw Self.failure(name) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// - Throws: ``FormatsError/cannotWrite(file:reason:)``, as when the disk is full.
    package func write(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes
        while !rest.isEmpty {
            let written = Foundation.write(descriptor, rest.baseAddress, rest.count)
            if written < 0 {
                guard errno == EINTR else { throw Self.failure(name) }
                continue
            }
            count += written
            rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        }
    }

    /// - Throws: ``FormatsError``, such as on a full disk.
    package func write(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try write($0) } }

    func flush() throws { guard fsync(descriptor) == 0 else { throw Self.failure(name) } }

    static func failure(_ name: String) -> FormatsError {
        .cannotWrite(file: name, reason: String(cString: strerror(errno)))
    }
}
