import GRDB

/// How many records go when problems go: solutions go with their problem, and what they were found worth with them.
package struct Removal: Sendable, Equatable {
    package var problems: Int
    package var solutions: Int
    package var valuations: Int
    package var truths: Int

    /// Of nothing, unless told otherwise.
    package init(problems: Int = 0, solutions: Int = 0, valuations: Int = 0, truths: Int = 0) {
        (self.problems, self.solutions) = (problems, solutions)
        (self.valuations, self.truths) = (valuations, truths)
    }
}

/// Which problems are meant, with all that hangs on them, as the rest of a query of each table.
private struct Branch {
    /// Nil: all that is kept.
    let ids: [Int]?

    var isOfProblem: String {
        ids == nil ? "true" : "problem IN (SELECT value FROM json_each(?))"
    }

    /// From the leaves to the root, so that each can still be found by what it hangs on.
    var parts: [(kind: RecordKind, condition: String, count: WritableKeyPath<Removal, Int>)] {
        let hangs = ids == nil ? "true" : "solution IN (SELECT id FROM solution WHERE \(isOfProblem))"
        let isMeant = ids == nil ? "true" : "id IN (SELECT value FROM json_each(?))"
        return [
            (.valuation, hangs, \.valuations), (.truth, hangs, \.truths), (.solution, isOfProblem, \.solutions),
            (.problem, isMeant, \.problems),
        ]
    }

    func arguments() throws -> StatementArguments { try ids.map { [try RecordJSON.text($0)] } ?? [] }
}

extension Workspace {
    /// What ``remove(problems:)`` would remove.
    /// - Parameter ids: of problems; nil: of all, and whatever lost its problem in some other way.
    /// - Throws: ``WorkspaceError/notFound(kind:id:known:)`` for the first that is not there.
    package func removal(of ids: [Int]?) throws -> Removal {
        try requireProblems(ids)
        let branch = Branch(ids: ids)
        return try records.read(else: Removal()) { database in
            var removal = Removal()
            for part in branch.parts {
                let query = "SELECT count(*) FROM \(part.kind.rawValue) WHERE \(part.condition)"
                guard let count = try Int.fetchOne(database, sql: query, arguments: branch.arguments()) else {
                    continue
                }
                removal[keyPath: part.count] = count
            }
            return removal
        }
    }

    /// Removes problems with their solutions, and with those what they were found worth; all of it or, where a problem
    /// is not there, nothing. Their ids are not given again.
    /// - Parameter ids: of problems; nil: everything.
    /// - Throws: ``WorkspaceError/notFound(kind:id:known:)`` for the first that is not there.
    package func remove(problems ids: [Int]?) throws -> Removal {
        try requireProblems(ids)
        let branch = Branch(ids: ids)
        return try records.write { database in
            var removal = Removal()
            for part in branch.parts {
                try database.execute(
                    sql: "DELETE FROM \(part.kind.rawValue) WHERE \(part.condition)", arguments: branch.arguments())
                removal[keyPath: part.count] = database.changesCount
            }
            try database.execute(sql: "DELETE FROM draw WHERE \(branch.isOfProblem)", arguments: branch.arguments())
            return removal
        }
    }

    private func requireProblems(_ ids: [Int]?) throws {
        guard let ids else { return }
        let missing = """
            SELECT value FROM json_each(?) WHERE value NOT IN (SELECT id FROM problem) ORDER BY key LIMIT 1
            """
        let list = try RecordJSON.text(ids)
        let first = try records.read(else: ids.first) { try Int.fetchOne($0, sql: missing, arguments: [list]) }
        if let first { throw try problems.notFound(first) }
    }
}

extension Database {
    /// - Throws: ``WorkspaceError/removed(kind:id:)`` for one that was kept and is no more: another process did that.
    func requireNotRemoved(_ ids: Set<Int>, _ kind: RecordKind) throws {
        let query = """
            SELECT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = ? AND seq >= ?)
                AND NOT EXISTS (SELECT 1 FROM \(kind.rawValue) WHERE id = ?)
            """
        for id in ids.sorted() {
            let isGone = try Bool.fetchOne(cachedStatement(sql: query), arguments: [kind.rawValue, id, id])
            if isGone == true { throw WorkspaceError.removed(kind: kind.rawValue, id: id) }
        }
    }
}
