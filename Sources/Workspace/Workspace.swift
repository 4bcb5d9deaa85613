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
    /// - Parameter onProblem: called at each; where it throws, nothing is kept.
    package func keep(_ loaded: [Problem], onProblem: () throws -> Void = {}) throws -> [Problem] {
        let known = try records.read(else: []) { try self.known(among: loaded, in: $0) }
        if known.count == loaded.count { return known }
        // Another process may have kept some since.
        return try records.write { try keep(loaded, in: $0, onProblem: onProblem) }
    }

    /// The same, within a transaction.
    func keep(_ loaded: [Problem], in database: Database, onProblem: () throws -> Void = {}) throws -> [Problem] {
        var next = try problems.nextID(in: database)
        let find = try finder(in: database)
        return try loaded.map { problem in
            try onProblem()
            let new = Self.numbered(problem, next), json = try RecordJSON.text(new)
            let hash = ProblemHash(problem).value
            if let id = try find(json, hash) { return Self.numbered(problem, id) }
            try database.cachedStatement(sql: "INSERT INTO problem (id, record, hash) VALUES (?, ?, ?)")
                .execute(arguments: [next, json, hash])
            next += 1
            return new
        }
    }

    /// Under which ids problems are kept, nil for those that are not; nothing is written.
    package func ids(of loaded: [Problem]) throws -> [Int?] {
        try records.read(else: loaded.map { _ in nil }) { database in
            let find = try finder(in: database)
            return try loaded.map { try find(RecordJSON.text($0), ProblemHash($0).value) }
        }
    }

    /// Those before the first that is not known, under their ids.
    private func known(among loaded: [Problem], in database: Database) throws -> [Problem] {
        let find = try finder(in: database)
        var known: [Problem] = []
        for problem in loaded {
            guard let id = try find(RecordJSON.text(problem), ProblemHash(problem).value) else { break }
            known.append(Self.numbered(problem, id))
        }
        return known
    }

    /// Finds the id of the problem whose record says the same as another but for the id.
    private func finder(in database: Database) throws -> (_ json: String, _ hash: Int64) throws -> Int? {
        // A database of before the hashes that may only be read has an index of contents.
        let hasHashes = try database.columns(in: "problem").contains { $0.name == "hash" }
        let query = """
            SELECT max(id) FROM problem
            WHERE \(hasHashes ? "hash" : "?2") = ?2
              AND content = (SELECT \(Schema.problemContent) FROM (SELECT ?1 AS record))
              AND json_extract(record, '$.conversation') IS json_extract(?1, '$.conversation')
            """
        let statement = try database.cachedStatement(sql: query)
        return { json, hash in try Int.fetchOne(statement, arguments: [json, hash]) }
    }

    private static func numbered(_ problem: Problem, _ id: Int) -> Problem {
        var problem = problem
        problem.id = id
        return problem
    }
}
