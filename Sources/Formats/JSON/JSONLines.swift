import Compute

/// A JSON Lines file: one JSON value a line; blank lines are passed over.
package enum JSONLines {
    /// The longest line read, in bytes, unless told otherwise.
    package static let defaultLineLimit = 16 << 20

    /// Calls `body` with each line's number (from 1) and value.
    /// - Throws: ``FormatsError`` naming the file and line, or what `body` throws.
    package static func forEach(
        in path: String, lineLimit: Int = defaultLineLimit, _ body: (Int, JSONValue) throws -> Void
    ) throws {
        let file = try MappedFile(path: path)
        var line = 0
        var start = 0
        while start < file.bytes.count {
            line += 1
            let end = file.bytes[start...].firstIndex(of: 0x0A) ?? file.bytes.count
            guard end - start <= lineLimit else {
                throw FormatsError.malformedLine(
                    file: path, line: line, what: "a line of \(end - start) bytes, more than the \(lineLimit) allowed")
            }
            if let value = try parse(Array(file.bytes[start..<end]), file: path, line: line) { try body(line, value) }
            start = end + 1
        }
    }

    /// All lines' numbers and values.
    package static func load(
        _ path: String, lineLimit: Int = defaultLineLimit
    ) throws -> [(line: Int, value: JSONValue)] {
        var lines: [(line: Int, value: JSONValue)] = []
        try forEach(in: path, lineLimit: lineLimit) { lines.append(($0, $1)) }
        return lines
    }

    private static func parse(_ bytes: [UInt8], file: String, line: Int) throws -> JSONValue? {
        if bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { return nil }
        do {
            return try JSONValue.parse(bytes, name: file)
        } catch FormatsError.malformed(_, let offset, let what) {
            throw FormatsError.malformedLine(file: file, line: line, what: "\(what) (column \(offset + 1))")
        }
    }
}
