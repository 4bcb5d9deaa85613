import Formats
import Foundation

/// A run's JSON Lines file, whose rows are objects, read as it grows: each reading goes on where the last one ended.
///
/// A last line without its end is still being written; it waits for the next reading. A file that became shorter (a
/// resumed run cuts its logs back) is read anew.
struct RowLog {
    /// What a reading brought.
    struct Reading {
        var rows: [JSONObject] = []
        /// The file became shorter, so these rows are all it has.
        var isAnew = false
        /// What follows the last line end.
        var rest: [UInt8] = []
    }

    let path: String
    private var line = 0
    private var offset = 0
    /// The largest file read.
    private static let limit = 1 << 30

    init(_ path: String) { self.path = path }

    /// All rows of a file that is written at once; none where there is no file. A last line that is whole but for its
    /// end counts.
    /// - Throws: ``FormatsError/malformedLine(file:line:what:)`` and what reading throws.
    static func rows(of path: String) throws -> [JSONObject] {
        var log = RowLog(path)
        let reading = try log.update()
        if reading.rest.isEmpty { return reading.rows }
        log.line += 1
        return reading.rows + [try log.object(reading.rest)]
    }

    /// Reads what was appended.
    mutating func update() throws -> Reading {
        var reading = Reading()
        let before = offset
        let bytes = try unread()
        reading.isAnew = offset < before
        guard let end = bytes.lastIndex(of: 0x0A) else {
            reading.rest = bytes
            return reading
        }
        for text in bytes[..<end].split(separator: 0x0A, omittingEmptySubsequences: false) {
            line += 1
            if !text.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) {
                reading.rows.append(try object(Array(text)))
            }
        }
        offset += end + 1
        reading.rest = Array(bytes[(end + 1)...])
        return reading
    }

    private mutating func unread() throws -> [UInt8] {
        guard FileManager.default.fileExists(atPath: path) else {
            self = RowLog(path)
            return []
        }
        do {
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? handle.close() }
            let size = Int(try handle.seekToEnd())
            guard size <= Self.limit else { throw FormatsError.tooLarge(file: path, bytes: size, limit: Self.limit) }
            if size < offset { self = RowLog(path) }
            try handle.seek(toOffset: UInt64(offset))
            return [UInt8](try handle.readToEnd() ?? Data())
        } catch let error as FormatsError {
            throw error
        } catch {
            throw FormatsError.cannotRead(file: path, reason: error.localizedDescription)
        }
    }

    private func object(_ bytes: [UInt8]) throws -> JSONObject {
        do {
            let value = try JSONValue.parse(bytes, name: path)
            guard let object = value.asObject else {
                throw FormatsError.malformedLine(
                    file: path, line: line, what: "the row is \(value.kind), not an object")
            }
            return object
        } catch FormatsError.malformed(_, let offset, let what) {
            throw FormatsError.malformedLine(file: path, line: line, what: "\(what) (column \(offset + 1))")
        }
    }
}
