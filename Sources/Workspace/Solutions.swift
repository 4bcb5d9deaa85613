import Foundation
import GRDB
import Problems

extension Shelf<Solution> {
    /// The solutions of a problem, by ascending id.
    package func of(problem: Int) throws -> [Solution] { try elements("WHERE problem = ? ORDER BY id", [problem]) }

    /// The newest solution of a problem; nil where there is none.
    package func newest(of problem: Int) throws -> Solution? {
        try elements("WHERE problem = ? ORDER BY id DESC LIMIT 1", [problem]).first
    }

    /// How many solutions each of some problems has, by the problem's id; those without any are not in it.
    package func counts(of problems: [Int]) throws -> [Int: Int] {
        let query = """
            SELECT problem, count(*) FROM solution WHERE problem IN (SELECT value FROM json_each(?)) GROUP BY problem
            """
        let ids = try RecordJSON.text(problems)
        return try records.read(else: [:]) { database in
            let rows = try Row.fetchAll(database, sql: query, arguments: [ids])
            return Dictionary(uniqueKeysWithValues: rows.map { ($0[0], $0[1]) })
        }
    }

    /// How often an actor was right in what it sampled whole: the sum of the outcomes and their number. What the same
    /// seed drew again in another session is no new evidence and counts once.
    package func outcomes(of actor: ActorSnapshot) throws -> (right: Double, count: Int) {
        let query = """
            SELECT total(outcome), count(outcome) FROM (
                SELECT outcome, min(id) FROM solution
                WHERE actor = ? AND parameters IS ? AND draw IS NOT NULL GROUP BY draw)
            """
        let none = (right: 0.0, count: 0)
        return try records.read(else: none) { database in
            let row = try Row.fetchOne(database, sql: query, arguments: [actor.name, actor.parameters])
            return row.map { ($0[0], $0[1]) } ?? none
        }
    }
}

extension Workspace {
    /// Keeps solutions with their steps, under new ids in the order given. The steps were cut by the tokenizer that
    /// sampled them: kept, because that model need not be loaded later.
    /// - Throws: ``WorkspaceError/removed(kind:id:)`` where another process removed a problem of theirs meanwhile.
    package func keep(_ drafts: [(solution: Solution, steps: [Step])]) throws -> [Solution] {
        try records.write { try keep(drafts, in: $0) }
    }

    /// The same, within a transaction.
    private func keep(_ drafts: [(solution: Solution, steps: [Step])], in database: Database) throws -> [Solution] {
        try database.requireNotRemoved(Set(drafts.map(\.solution.problem)), .problem)
        return try drafts.map { draft in
            let kept = try solutions.add(to: database) { id in
                var solution = draft.solution
                solution.id = id
                return solution
            }
            try database.cachedStatement(sql: "UPDATE solution SET steps = ? WHERE id = ?")
                .execute(arguments: [try RecordJSON.text(draft.steps), kept.id])
            return kept
        }
    }

    /// Keeps problems and solutions of them in one transaction: both are kept, or nothing is, and what another process
    /// kept meanwhile is not kept twice.
    /// - Parameters:
    ///   - drafts: solutions, each with the place of its problem among `loaded`.
    ///   - isSame: whether a kept solution of a draft's problem is that draft.
    package func keep(
        _ loaded: [Problem], with drafts: [(place: Int, solution: Solution, steps: [Step])],
        unless isSame: (Solution, Solution) -> Bool
    ) throws -> (problems: [Problem], solutions: [Solution]) {
        try records.write { database in
            let problems = try keep(loaded, in: database)
            var known: [Int: [Solution]] = [:]
            for id in Set(drafts.map { problems[$0.place].id }) {
                known[id] = try solutions.elements("WHERE problem = ?", [id], in: database)
            }
            let fresh = drafts.compactMap { draft -> (solution: Solution, steps: [Step])? in
                var solution = draft.solution
                solution.problem = problems[draft.place].id
                guard known[solution.problem]?.contains(where: { isSame($0, solution) }) != true else { return nil }
                return (solution, draft.steps)
            }
            return (problems, try keep(fresh, in: database))
        }
    }

    /// The steps of a solution; none when they are not known.
    /// - Throws: ``WorkspaceError/damagedRecord(path:kind:id:reason:)``.
    package func steps(of solution: Int) throws -> [Step] {
        let query = "SELECT steps FROM solution WHERE id = ?"
        let json = try records.read(else: nil) { try Data.fetchOne($0, sql: query, arguments: [solution]) }
        guard let json else { return [] }
        do {
            return try JSONDecoder().decode([Step].self, from: json)
        } catch {
            let reason = "its steps: \(RecordJSON.reason(error))"
            throw WorkspaceError.damagedRecord(path: records.path, kind: "solution", id: solution, reason: reason)
        }
    }
}
