import Foundation
import GRDB

/// The store of before the database: a file of records, one JSON object a line, to which processes appended under a
/// lock. A last line that a crash cut short was passed over, and is here.
///
///     {"kind":"solution","id":3,"value":{…}}
struct OldStore {
    /// What copying it found.
    struct Report {
        var records = 0
        var damage: [WorkspaceError] = []
    }

    private let files: RecordFiles
    private let handle: FileHandle

    /// Opens it, and keeps those out who would append to it while the value lives.
    init(_ files: RecordFiles) throws {
        self.files = files
        let descriptor = open(files.old, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw RecordFiles.failure(files.old) }
        handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try RecordFiles.lock(descriptor, path: files.old)
    }

    /// Copies it into a database that has no records yet; one that has copied it already is left as it is.
    func move(into database: Database) throws -> Report {
        let size = try files.size(files.old)
        if let moved = try Int.fetchOne(database, sql: "SELECT bytes FROM moved"), moved == size { return Report() }
        for kind in RecordKind.allCases {
            guard try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM \(kind.rawValue))") == false else {
                throw WorkspaceError.twoStores(path: files.old, database: files.database)
            }
        }
        let report = try copy(into: database, as: files.kept)
        try database.execute(sql: "INSERT INTO moved (bytes) VALUES (?)", arguments: [size])
        return report
    }

    /// Whether the file was written to since its records were copied.
    static func hasGrown(_ files: RecordFiles, _ database: Database) throws -> Bool {
        guard let moved = try Int.fetchOne(database, sql: "SELECT bytes FROM moved"),
            let size = try files.size(files.kept)
        else { return false }
        return size > moved
    }

    /// Copies its records, ids included.
    /// - Parameter path: where its lines are found afterwards.
    func copy(into database: Database, as path: String) throws -> Report {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: files.old), options: .mappedIfSafe)
        let form = RecordHead.form
        var report = Report()
        var start = bytes.startIndex, number = 0
        while let end = bytes[start...].firstIndex(of: 0x0A) {
            let line = bytes[start..<end]
            (start, number) = (end + 1, number + 1)
            guard !line.isEmpty else { continue }
            if let reason = try copy(line, RecordHead(line, form), into: database) {
                report.damage.append(.damagedLine(path: path, line: number, reason: reason))
            } else {
                report.records += 1
            }
        }
        try ProblemHash.fill(database)
        return report
    }

    /// - Returns: why a line is no record; nil where it is one.
    private func copy(_ line: Data, _ head: RecordHead?, into database: Database) throws -> String? {
        guard let head else { return "it does not begin as a record does" }
        guard let record = String(validating: line.dropFirst(head.length).dropLast(), as: UTF8.self),
            try database.isJSON(record)
        else {
            try database.passOver(head)
            return "its value is no JSON"
        }
        guard head.kind != "steps" else {
            try database.cachedStatement(sql: Self.setSteps).execute(arguments: [record, record])
            return nil
        }
        guard let kind = RecordKind(rawValue: head.kind) else { return "there is no kind \(head.kind)" }
        // A later record of an id counts; steps that stand before it stay.
        let insert = """
            INSERT INTO \(kind.rawValue) (id, record) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET record = \
            excluded.record
            """
        try database.cachedStatement(sql: insert).execute(arguments: [head.id, record])
        return nil
    }

    /// Steps were records of their own.
    private static let setSteps = """
        UPDATE solution SET steps = json_extract(?, '$.steps') WHERE id = json_extract(?, '$.solution')
        """
}

extension Database {
    fileprivate func isJSON(_ text: String) throws -> Bool {
        let statement = try cachedStatement(sql: "SELECT json_valid(?)")
        return try Bool.fetchOne(statement, arguments: [text]) == true
    }

    /// A record that cannot be read has had its id, which is not given again.
    fileprivate func passOver(_ head: RecordHead) throws {
        guard let kind = RecordKind(rawValue: head.kind)?.rawValue else { return }
        try execute(sql: "INSERT OR IGNORE INTO \(kind) (id, record) VALUES (?, '{}')", arguments: [head.id])
        try execute(sql: "DELETE FROM \(kind) WHERE id = ? AND record = '{}'", arguments: [head.id])
    }
}

/// `{"kind":"KIND","id":N,"value":`
private struct RecordHead {
    var kind: String
    var id: Int
    /// In bytes.
    var length: Int

    typealias Form = Regex<(Substring, Substring, Substring)>

    /// Made once for all lines: making it takes longer than matching a line.
    static var form: Form { #/\{"kind":"([a-z]{1,20})","id":([0-9]{1,15}),"value":/# }

    init?(_ line: Data, _ form: Form) {
        guard line.last == UInt8(ascii: "}") else { return nil }
        let head = String(decoding: line.prefix(96), as: UTF8.self)
        guard let match = head.prefixMatch(of: form), let id = Int(match.2), id > 0
        else { return nil }
        kind = String(match.1)
        self.id = id
        length = match.0.utf8.count
    }
}
