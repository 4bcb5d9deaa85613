import Formats
import Foundation

/// A JSON Lines file that only grows, a whole line a write. A line that did not fit on the disk is taken back.
package final class AppendLog {
    /// The file's.
    package let path: String
    /// Bytes of complete lines.
    package private(set) var count: Int
    private let descriptor: Int32

    /// Goes on with a log, or begins it.
    /// - Throws: ``TrainingError/cannotWrite(file:reason:)``.
    package init(path: String) throws {
        self.path = path
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            throw TrainingError.cannotWrite(file: path, reason: String(cString: strerror(errno)))
        }
        count = Int(lseek(descriptor, 0, SEEK_END))
    }

    deinit { close(descriptor) }

    /// One line.
    /// - Throws: ``TrainingError/cannotWrite(file:reason:)``.
    package func append(_ value: JSONValue) throws {
        let line = value.encoded(asciiOnly: true) + [0x0A]
        var written = 0
        while written < line.count {
            let result = line.withUnsafeBytes {
                pwrite(descriptor, $0.baseAddress.map { $0 + written }, line.count - written, off_t(count + written))
            }
            if result < 0 {
                if errno == EINTR { continue }
                let reason = String(cString: strerror(errno))
                _ = ftruncate(descriptor, off_t(count))
                throw TrainingError.cannotWrite(file: path, reason: reason)
            }
            written += result
        }
        count += line.count
    }

    /// Lines written so far survive a power cut after it.
    /// - Throws: ``TrainingError/cannotWrite(file:reason:)``.
    package func flush() throws {
        guard fsync(descriptor) == 0 else {
            throw TrainingError.cannotWrite(file: path, reason: String(cString: strerror(errno)))
        }
    }

    /// Forgets everything after `length` bytes.
    package func cut(to length: Int) throws {
        let size = Int(lseek(descriptor, 0, SEEK_END))
        guard size >= length else {
            throw TrainingError.damagedRun(
                file: path, what: "it has \(size) bytes where the checkpoint counts \(length)")
        }
        var last: UInt8 = 0x0A
        guard length == 0 || pread(descriptor, &last, 1, off_t(length - 1)) == 1, last == 0x0A else {
            throw TrainingError.damagedRun(
                file: path, what: "no line ends at the \(length) bytes that the checkpoint counts")
        }
        guard ftruncate(descriptor, off_t(length)) == 0 else {
            throw TrainingError.cannotWrite(file: path, reason: String(cString: strerror(errno)))
        }
        count = length
    }

    /// Forgets a last line that is cut short.
    package func cutToWholeLines() throws {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        try cut(to: bytes.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0)
    }
}
