import Formats
import Foundation

/// How reading a line ended.
enum LineResult: Sendable, Equatable {
    case line(String)
    case end
    case interrupted
    /// The system's reason.
    case unreadable(String)
    /// A line of bytes that are no UTF-8.
    case notUTF8
}

/// Lines of bytes from a descriptor that is no terminal; a last line without its end counts. A byte order mark of UTF-8
/// at the start is passed over.
final class ByteLineReader {
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var start = 0
    private var atEnd = false
    private var failure: String?
    private var isBegun = false

    init(descriptor: Int32) { self.descriptor = descriptor }

    func read() -> LineResult {
        if !isBegun { begin() }
        while true {
            if let end = buffer[start...].firstIndex(of: 0x0A) {
                defer { start = end + 1 }
                return Self.decoded(buffer[start..<end])
            }
            if atEnd {
                guard start < buffer.count else { return failure.map { .unreadable($0) } ?? .end }
                defer { start = buffer.count }
                return Self.decoded(buffer[start...])
            }
            fill()
        }
    }

    private func begin() {
        isBegun = true
        // Only as much is waited for as could still be a mark: who types into a pipe gets an answer to every line.
        while !atEnd, buffer.count < ByteOrderMark.utf8.count, ByteOrderMark.utf8.starts(with: buffer) { fill() }
        start = ByteOrderMark.passed(buffer).startIndex
    }

    private func fill() {
        buffer.removeFirst(start)
        start = 0
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        let count = Foundation.read(descriptor, &chunk, chunk.count)
        if count > 0 {
            buffer.append(contentsOf: chunk[0..<count])
        } else if count == 0 || errno != EINTR {
            if count < 0 { failure = String(cString: strerror(errno)) }
            atEnd = true
        }
    }

    private static func decoded(_ bytes: ArraySlice<UInt8>) -> LineResult {
        guard let text = String(validating: bytes, as: UTF8.self) else { return .notUTF8 }
        return .line(text)
    }
}
