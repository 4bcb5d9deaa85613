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
        let known = try records.read(else: []) { try self.known(among: loaded, in: $0) }
        if known.count == loaded.count { return known }
        return try records.write { database in
            // Another process may have kept some since.
            var next = try problems.nextID(in: database)
            return try loaded.map { problem in
                let new = Self.numbered(problem, next), json = try RecordJSON.text(new)
                if let id = try knownID(json, in: database) { return Self.numbered(problem, id) }
                try problems.insert(next, json, into: database)
                next += 1
                return new
            }
        }
    }

    /// Those before the first that is not known, under their ids.
    private func known(among loaded: [Problem], in database: Database) throws -> [Problem] {
        var known: [Problem] = []
        for problem in loaded {
            guard let id = try knownID(RecordJSON.text(problem), in: database) else { break }
            known.append(Self.numbered(problem, id))
        }
        return known
    }

    /// Of a problem whose record says the same as this one but for the id.
    private func knownID(_ json: String, in database: Database) throws -> Int? {
        let query = """
            SELECT max(id) FROM problem
            WHERE content = (SELECT \(Schema.problemContent) FROM (SELECT ?1 AS record))
              AND json_extract(record, '$.conversation') IS json_extract(?1, '$.conversation')
            """
        return try Int.fetchOne(database.cachedStatement(sql: query), arguments: [json])
    }

    private static func numbered(_ problem: Problem, _ id: Int) -> Problem {
        var problem = problem
        problem.id = id
        return problem
    }
}
