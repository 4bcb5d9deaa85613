import Foundation
import GRDB
import Problems

/// What is kept between sessions, under `.genac/` of a directory: problems, solutions, and what they were found worth.
/// Nothing is written before the first thing is kept.
package final class Workspace {
    /// The folder, as an absolute path.
    package let directory: String
    /// Questions; `keep` adds those that are new.
    package let problems: Shelf<Problem>
    /// Answers to them.
    package let solutions: Shelf<Solution>
    let records: Records

    /// Opens what is there. The records of a `store.jsonl`, which genac kept before it had a database, are moved once.
    /// - Throws: ``WorkspaceError``.
    package init(directory: String) throws {
        let absolute = URL(fileURLWithPath: directory).standardizedFileURL.path
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: absolute, isDirectory: &isDirectory), isDirectory.boolValue else {
            throw WorkspaceError.notADirectory(path: directory)
        }
        self.directory = absolute
        records = try Records(folder: absolute + "/.genac")
        problems = Shelf(records: records, kind: .problem)
        solutions = Shelf(records: records, kind: .solution)
    }

    /// What estimators said, of a type that this room knows nothing of.
    /// - Parameter kind: ``RecordKind/valuation`` or ``RecordKind/truth``.
    package func estimates<Element: Estimate>(_ kind: RecordKind, as type: Element.Type) -> Shelf<Element> {
        Shelf(records: records, kind: kind)
    }

    /// What could not be read when the workspace was opened, each told once.
    package func takeDamage() -> [WorkspaceError] { records.takeDamage() }

    /// How many records this opening moved from `store.jsonl` into the database; nil when it had none to move.
    package var movedRecords: Int? { records.moved }

    /// Ends the use of the database; the next command opens it again.
    package func close() throws { try records.close() }

    /// Where runs are kept.
    package var runsDirectory: String { directory + "/runs" }

    /// Where studies are kept.
    package var studiesDirectory: String { directory + "/studies" }

    /// Problems in the order given, those known already (same text, messages, answer, source and rules) under their old
    /// ids.
    package func keep(_ loaded: [Problem]) throws -> [Problem] {
        let known = try records.read(else: []) { database in
            try loaded.compactMap { problem in try knownID(problem, in: database).map { Self.numbered(problem, $0) } }
        }
        if known.count == loaded.count { return known }
        // Another process may have kept some since.
        return try records.write { database in
            try loaded.map { problem in
                if let id = try knownID(problem, in: database) { return Self.numbered(problem, id) }
                return try problems.add(to: database) { Self.numbered(problem, $0) }
            }
        }
    }

    private func knownID(_ problem: Problem, in database: Database) throws -> Int? {
        let query = """
            SELECT max(id) FROM problem
            WHERE content = (SELECT \(Schema.problemContent) FROM (SELECT ?1 AS record))
              AND json_extract(record, '$.conversation') IS json_extract(?1, '$.conversation')
            """
        return try Int.fetchOne(database.cachedStatement(sql: query), arguments: [try RecordJSON.text(problem)])
    }

    private static func numbered(_ problem: Problem, _ id: Int) -> Problem {
        var problem = problem
        problem.id = id
        return problem
    }
}
