import Foundation

/// A JSON Lines file: one JSON value a line; blank lines are passed over. The one reader of such files: what a program
/// appends to is read as it grows, each reading going on where the last one ended.
package struct JSONLines {
    /// Who writes the file, which says what is to be made of its end.
    package enum Kind: Sendable {
        /// A file that was given to us: it must be there, and what follows its last line end is a line too.
        case file
        /// A log that is appended to a line at a time: it may not be there yet, and a last line without its end is
        /// still being written, or was cut short by a crash. It is left for the next reading.
        case log
    }

    package let path: String
    private let kind: Kind
    private let lineLimit: Int
    private let numbers: JSONNumbers
    private var place = Place()

    /// How far the file was read.
    private struct Place {
        /// Lines read.
        var line = 0
        /// Bytes of them.
        var offset = 0
    }

    /// The longest line read of a file that was given to us, in bytes; a log's may be as long as a JSON text.
    package static let defaultLineLimit = 16 << 20

    package init(
        _ path: String, _ kind: Kind = .file, lineLimit: Int? = nil, numbers: JSONNumbers = .doubles
    ) {
        self.path = path
        self.kind = kind
        self.numbers = numbers
        self.lineLimit = lineLimit ?? (kind == .file ? Self.defaultLineLimit : JSONLimits().bytes)
    }

    /// Calls `body` with the number (from 1) and the value of each line.
    /// - Throws: ``FormatsError`` naming the file and line, or what `body` throws.
    package static func forEach(
        in path: String, _ kind: Kind = .file, lineLimit: Int? = nil, _ body: (Int, JSONValue) throws -> Void
    ) throws {
        var lines = JSONLines(path, kind, lineLimit: lineLimit)
        try lines.read(body)
    }

    /// The same of bytes that come in pieces, such as those of a file that is unpacked while it is read.
    package static func forEach(
        from source: any ByteSource, lineLimit: Int? = nil, numbers: JSONNumbers = .doubles,
        _ body: (Int, JSONValue) throws -> Void
    ) throws {
        var now = Place()
        try JSONLines(source.path, lineLimit: lineLimit, numbers: numbers).readLines(&now, body) { _ in
            try source.next()
        }
    }

    /// All lines' numbers and values.
    package static func load(_ path: String, lineLimit: Int? = nil) throws -> [(line: Int, value: JSONValue)] {
        var lines: [(line: Int, value: JSONValue)] = []
        try forEach(in: path, lineLimit: lineLimit) { lines.append(($0, $1)) }
        return lines
    }

    /// All lines of a file whose rows are objects.
    /// - Throws: ``FormatsError``, also for a row that is none.
    package static func objects(in path: String, _ kind: Kind = .log) throws -> [JSONObject] {
        var lines = JSONLines(path, kind)
        return try lines.newObjects().rows
    }

    /// The rows that were added since the last reading. After an error the next reading begins where this one did.
    /// - Returns: `isAnew` where the file became shorter, as a log does that is cut back: then these rows are all.
    /// - Throws: ``FormatsError``, also for a row that is no object.
    package mutating func newObjects() throws -> (rows: [JSONObject], isAnew: Bool) {
        var rows: [JSONObject] = []
        let isAnew = try read { [path] line, value in
            guard let object = value.asObject else {
                throw FormatsError.malformedLine(
                    file: path, line: line, what: "the row is \(value.kind), not an object")
            }
            rows.append(object)
        }
        return (rows, isAnew)
    }

    // MARK: Reading

    /// A reading's piece of the file.
    private static let pieceBytes = 1 << 20

    /// - Returns: whether the file became shorter since the last reading.
    @discardableResult
    private mutating func read(_ body: (Int, JSONValue) throws -> Void) throws -> Bool {
        guard let descriptor = try opened() else {
            defer { place = Place() }
            return place.offset > 0
        }
        defer { close(descriptor) }
        let isAnew = lseek(descriptor, 0, SEEK_END) < place.offset
        var now = isAnew ? Place() : place
        try readLines(&now, body) { [path] in try Self.piece(of: descriptor, at: $0, path) }
        place = now
        return isAnew
    }

    /// - Parameter piece: what begins at an offset; empty at the end.
    private func readLines(
        _ now: inout Place, _ body: (Int, JSONValue) throws -> Void, _ piece: (Int) throws -> [UInt8]
    ) throws {
        var rest: [UInt8] = []
        while true {
            let piece = try piece(now.offset + rest.count)
            let begun = rest.count
            rest += piece
            var start = 0
            while let end = rest[max(start, begun)...].firstIndex(of: 0x0A) {
                try take(rest[start..<end], &now, body)
                start = end + 1
                now.offset += 1
            }
            rest.removeFirst(start)
            guard rest.count <= lineLimit else { throw tooLong(line: now.line + 1) }
            if piece.isEmpty { break }
        }
        if kind == .file, !rest.isEmpty { try take(rest[...], &now, body) }
    }

    /// Nil for a log that is not there.
    private func opened() throws -> Int32? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if kind == .log, errno == ENOENT { return nil }
            throw Self.failure(path)
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw FormatsError.cannotRead(file: path, reason: "not a plain file")
        }
        return descriptor
    }

    private static func piece(of descriptor: Int32, at offset: Int, _ path: String) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: pieceBytes) { buffer, count in
            while true {
                let read = pread(descriptor, buffer.baseAddress, pieceBytes, off_t(offset))
                if read < 0, errno == EINTR { continue }
                guard read >= 0 else { throw failure(path) }
                count = read
                return
            }
        }
    }

    private func take(_ bytes: ArraySlice<UInt8>, _ now: inout Place, _ body: (Int, JSONValue) throws -> Void) throws {
        let line = now.line + 1
        guard bytes.count <= lineLimit else { throw tooLong(line: line) }
        if !bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) {
            let value: JSONValue
            do {
                value = try JSONValue.parse(Array(bytes), name: path, numbers: numbers)
            } catch FormatsError.malformed(_, let offset, let what) {
                throw FormatsError.malformedLine(file: path, line: line, what: "\(what) (column \(offset + 1))")
            }
            try body(line, value)
        }
        now.line = line
        now.offset += bytes.count
    }

    private func tooLong(line: Int) -> FormatsError {
        .malformedLine(file: path, line: line, what: "a line of more than the \(lineLimit) bytes allowed")
    }

    private static func failure(_ path: String) -> FormatsError {
        .cannotRead(file: path, reason: String(cString: strerror(errno)))
    }
}
