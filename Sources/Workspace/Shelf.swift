import Foundation
import GRDB

/// The kinds of record that are kept, which are the names of the tables too.
package enum RecordKind: String, CaseIterable, Sendable {
    /// Questions, and answers to them.
    case problem, solution
    /// What critics said of prefixes.
    case valuation
    /// What prefixes were measured to be worth.
    case truth
}

/// The records of one kind. Their ids count up from 1 and are never given again; a record never changes.
package struct Shelf<Element: Codable> {
    let records: Records
    /// What they are records of.
    package let kind: RecordKind

    /// All ids, ascending.
    /// - Throws: ``WorkspaceError``, as everything here.
    package func ids() throws -> [Int] {
        try records.read(else: []) { try Int.fetchAll($0, sql: "SELECT id FROM \(kind.rawValue) ORDER BY id") }
    }

    /// How many there are.
    package func count() throws -> Int {
        try records.read(else: 0) { database in
            guard let count = try Int.fetchOne(database, sql: "SELECT count(*) FROM \(kind.rawValue)") else { return 0 }
            return count
        }
    }

    /// The id of the newest, or of one that many before it; nil where there is none.
    package func newestID(back: Int = 0) throws -> Int? {
        let query = "SELECT id FROM \(kind.rawValue) ORDER BY id DESC LIMIT 1 OFFSET ?"
        return try records.read(else: nil) { try Int.fetchOne($0, sql: query, arguments: [back]) }
    }

    /// The first id above another; nil where there is none.
    package func firstID(after id: Int) throws -> Int? {
        let query = "SELECT min(id) FROM \(kind.rawValue) WHERE id > ?"
        return try records.read(else: nil) { try Int.fetchOne($0, sql: query, arguments: [id]) }
    }

    /// - Throws: ``WorkspaceError/notFound(kind:id:known:)``,
    ///   ``WorkspaceError/damagedRecord(path:kind:id:reason:)``.
    package func element(_ id: Int) throws -> Element {
        let query = "SELECT id, record FROM \(kind.rawValue) WHERE id = ?"
        let found = try records.read(else: nil) { try StoredRecord.fetchOne($0, sql: query, arguments: [id]) }
        if let found { return try decode(found) }
        throw try notFound(id)
    }

    /// The error that says which there are.
    func notFound(_ id: Int) throws -> WorkspaceError {
        let (first, last) = (try firstID(after: 0), try newestID())
        return .notFound(kind: kind.rawValue, id: id, known: first.flatMap { first in last.map { first...$0 } })
    }

    /// All that can be read, by ascending id; damaged ones are passed over.
    package func all() throws -> [Element] { try elements("ORDER BY id") }

    /// Those of ids from `first` to `last` that can be read, by ascending id.
    package func between(_ first: Int, _ last: Int) throws -> [Element] {
        try elements("WHERE id BETWEEN ? AND ? ORDER BY id", [first, last])
    }

    /// The newest that can be read, by ascending id.
    package func newest(_ count: Int) throws -> [Element] {
        try elements("ORDER BY id DESC LIMIT ?", [count]).reversed()
    }

    /// Keeps one new element.
    @discardableResult
    package func add(_ make: (_ id: Int) -> Element) throws -> Element {
        try records.write { try add(to: $0, make) }
    }

    /// The records of a query's rest, decoded.
    func elements(_ rest: String, _ arguments: StatementArguments = []) throws -> [Element] {
        try decoded(records.read(else: []) { try stored(rest, arguments, in: $0) })
    }

    /// The same, within a transaction.
    func elements(_ rest: String, _ arguments: StatementArguments = [], in database: Database) throws -> [Element] {
        try decoded(stored(rest, arguments, in: database))
    }

    private func stored(_ rest: String, _ arguments: StatementArguments, in database: Database) throws -> [StoredRecord]
    {
        let query = "SELECT id, record FROM \(kind.rawValue) \(rest)"
        return try StoredRecord.fetchAll(database, sql: query, arguments: arguments)
    }

    private func decoded(_ found: [StoredRecord]) throws -> [Element] {
        try found.compactMap { stored in
            do {
                return try decode(stored)
            } catch WorkspaceError.damagedRecord {
                return nil
            }
        }
    }

    /// Keeps one, within a transaction that may keep others.
    func add(to database: Database, _ make: (_ id: Int) -> Element) throws -> Element {
        let id = try nextID(in: database), element = make(id)
        try insert(id, RecordJSON.text(element), into: database)
        return element
    }

    /// The id that the next new element gets.
    func nextID(in database: Database) throws -> Int {
        let highest = try database.cachedStatement(sql: "SELECT seq FROM sqlite_sequence WHERE name = ?")
        return (try Int.fetchOne(highest, arguments: [kind.rawValue]) ?? 0) + 1
    }

    /// - Parameter json: the record's, which says the same id.
    func insert(_ id: Int, _ json: String, into database: Database) throws {
        try database.cachedStatement(sql: "INSERT INTO \(kind.rawValue) (id, record) VALUES (?, ?)")
            .execute(arguments: [id, json])
    }

    private func decode(_ stored: StoredRecord) throws -> Element {
        do {
            return try JSONDecoder().decode(Element.self, from: stored.json)
        } catch {
            let reason = RecordJSON.reason(error)
            throw WorkspaceError.damagedRecord(path: records.path, kind: kind.rawValue, id: stored.id, reason: reason)
        }
    }
}

/// A row of any of the tables.
private struct StoredRecord: FetchableRecord {
    var id: Int
    var json: Data

    init(row: Row) { (id, json) = (row["id"], row["record"]) }
}

/// How records are written, and what is said of one that cannot be read.
enum RecordJSON {
    static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    static func reason(_ error: any Error) -> String {
        switch error as? DecodingError {
        case .keyNotFound(let key, _): "the key \(key.stringValue) is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            context.debugDescription
        default: "\(error)"
        }
    }
}
