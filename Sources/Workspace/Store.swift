import Foundation

/// An append-only file of records, one JSON object a line:
///
///     {"kind":"solution","id":3,"value":{…}}
///
/// Ids count up per kind and are never reused. Several processes may hold the same store: each append takes an
/// exclusive lock, reads what others added, gives out ids and writes whole lines. A last line that a crash cut short is
/// passed over by readers and cut off by the next append.
final class Store {
    struct Line {
        var bytes: Range<Int>
        var number: Int
    }

    let path: String
    private var descriptor: Int32 = -1
    /// Bytes of the file that are indexed, always whole lines.
    private var indexed = 0
    private var lineCount = 0
    private var index: [String: [Int: Line]] = [:]
    private var highest: [String: Int] = [:]
    /// Lines that are no records; each is reported once.
    private(set) var damage: [WorkspaceError] = []

    /// Opens an existing store for reading; nothing is created before the first append.
    init(path: String) throws {
        self.path = path
        if FileManager.default.fileExists(atPath: path) {
            try openFile()
            try readNewLines()
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    func takeDamage() -> [WorkspaceError] {
        defer { damage = [] }
        return damage
    }

    /// All ids of a kind, ascending, others' additions included.
    func ids(_ kind: String) throws -> [Int] {
        try readNewLines()
        return (index[kind] ?? [:]).keys.sorted()
    }

    /// A record's value as JSON bytes; nil when there is none.
    func value(_ kind: String, _ id: Int) throws -> (json: Data, line: Int)? {
        if index[kind]?[id] == nil { try readNewLines() }
        guard let line = index[kind]?[id] else { return nil }
        return (try readBytes(line.bytes), line.number)
    }

    /// Appends records in one write, flushed to the disk. `make` is told each record's id and gives its JSON value.
    func append(_ kind: String, count: Int, _ make: (_ index: Int, _ id: Int) throws -> Data) throws -> [Int] {
        try openFile()
        guard lockExclusively(descriptor) else { throw failure("lock") }
        defer { flock(descriptor, LOCK_UN) }
        try readNewLines()
        let first = (highest[kind] ?? 0) + 1
        var block = Data()
        for offset in 0..<count {
            block.append(Data("{\"kind\":\"\(kind)\",\"id\":\(first + offset),\"value\":".utf8))
            block.append(try make(offset, first + offset))
            block.append(Data("}\n".utf8))
        }
        try write(block)
        try readNewLines()
        return Array(first..<(first + count))
    }

    private func openFile() throws {
        guard descriptor < 0 else { return }
        let folder = (path as NSString).deletingLastPathComponent
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw WorkspaceError.cannotOpen(path: folder, reason: error.localizedDescription)
        }
        var opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        if opened < 0, errno == EACCES || errno == EROFS { opened = open(path, O_RDONLY | O_CLOEXEC) }
        guard opened >= 0 else { throw WorkspaceError.cannotOpen(path: path, reason: String(cString: strerror(errno))) }
        descriptor = opened
    }

    private func failure(_ operation: String) -> WorkspaceError {
        .cannotWrite(path: path, reason: "\(operation): \(String(cString: strerror(errno)))")
    }

    /// Writes behind the last whole line; a failed write is taken back.
    private func write(_ block: Data) throws {
        guard ftruncate(descriptor, off_t(indexed)) == 0 else { throw failure("truncate") }
        var start = 0
        while start < block.count {
            let written = block.withUnsafeBytes { bytes in
                pwrite(descriptor, bytes.baseAddress?.advanced(by: start), bytes.count - start, off_t(indexed + start))
            }
            if written > 0 { start += written; continue }
            if written < 0, errno == EINTR { continue }
            let error = failure("write")
            ftruncate(descriptor, off_t(indexed))
            throw error
        }
        guard fsync(descriptor) == 0 else { throw failure("flush") }
    }

    private func readBytes(_ range: Range<Int>) throws -> Data {
        var data = Data(count: range.count)
        var done = 0
        while done < range.count {
            let count = data.withUnsafeMutableBytes { bytes in
                pread(
                    descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done,
                    off_t(range.lowerBound + done))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let reason = count == 0 ? "it became shorter" : String(cString: strerror(errno))
                throw WorkspaceError.cannotOpen(path: path, reason: reason)
            }
            done += count
        }
        return data
    }

    /// Indexes whole lines that were added since, by this process or another.
    private func readNewLines() throws {
        guard descriptor >= 0 else { return }
        var status = stat()
        guard fstat(descriptor, &status) == 0, Int(status.st_size) > indexed else { return }
        let fresh = try readBytes(indexed..<Int(status.st_size))
        var start = fresh.startIndex
        while let end = fresh[start...].firstIndex(of: 0x0A) {
            lineCount += 1
            record(fresh[start..<end], at: indexed + (start - fresh.startIndex))
            start = end + 1
        }
        indexed += start - fresh.startIndex
    }

    /// Reads a line's fixed beginning; its value is decoded only when it is asked for.
    private func record(_ line: Data, at offset: Int) {
        guard !line.isEmpty else { return }
        guard let head = RecordHead(line) else {
            damage.append(.damagedRecord(path: path, line: lineCount, reason: "it does not begin as a record does"))
            return
        }
        let value = (offset + head.length)..<(offset + line.count - 1)
        index[head.kind, default: [:]][head.id] = Line(bytes: value, number: lineCount)
        highest[head.kind] = max(highest[head.kind] ?? 0, head.id)
    }
}

/// `{"kind":"KIND","id":N,"value":`
private struct RecordHead {
    var kind: String
    var id: Int
    var length: Int

    init?(_ line: Data) {
        guard line.last == UInt8(ascii: "}") else { return nil }
        let head = String(decoding: line.prefix(96), as: UTF8.self)
        guard let match = head.prefixMatch(of: #/\{"kind":"([a-z]{1,20})","id":([0-9]{1,15}),"value":/#),
            let id = Int(match.2), id > 0
        else { return nil }
        kind = String(match.1)
        self.id = id
        length = match.0.utf8.count
    }
}

private func lockExclusively(_ descriptor: Int32) -> Bool {
    while flock(descriptor, LOCK_EX) != 0 {
        if errno != EINTR { return false }
    }
    return true
}
