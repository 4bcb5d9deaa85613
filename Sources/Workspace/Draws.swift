import GRDB
import Problems

/// Which numbers samples are drawn under. A number is given once: what was drawn and not kept, because it was cancelled
/// or its process died, leaves a gap, and two processes never get the same.
extension Workspace {
    /// The next sample numbers of some problems under a seed, given out in one go.
    /// - Parameter counts: how many of each problem.
    /// - Returns: a range for each, in their order.
    /// - Throws: ``WorkspaceError``.
    package func nextSamples(_ counts: [(problem: Int, count: Int)], seed: UInt64) throws -> [Range<UInt64>] {
        try records.write { database in
            try counts.map { problem, count in
                let first = try Self.nextSample(of: problem, seed, in: database), end = first + Int64(count)
                try Self.markDrawn(below: end, of: problem, seed, in: database)
                return UInt64(first)..<UInt64(end)
            }
        }
    }

    /// Gives out the numbers 0..<count of some problems under a seed, whatever was given before: later ones go on after
    /// them.
    /// - Throws: ``WorkspaceError``.
    package func markDrawn(_ count: Int, of problems: [Int], seed: UInt64) throws {
        try records.write { database in
            for problem in problems { try Self.markDrawn(below: Int64(count), of: problem, seed, in: database) }
        }
    }

    /// After all that were given out, and after all that are kept: those of earlier versions were given by no table.
    private static func nextSample(of problem: Int, _ seed: UInt64, in database: Database) throws -> Int64 {
        let query = """
            SELECT max(
                ifnull((SELECT next FROM draw WHERE problem = ?1 AND seed = ?2), 0),
                ifnull((SELECT max(\(Schema.sample)) + 1 FROM solution
                    WHERE problem = ?1 AND \(Schema.seed) = ?2 AND \(Schema.isOurs) AND \(Schema.sample) < 1 << 53), 0))
            """
        let next = try database.cachedStatement(sql: query)
        guard let first = try Int64.fetchOne(next, arguments: [problem, Int64(bitPattern: seed)]) else { return 0 }
        return first
    }

    private static func markDrawn(below end: Int64, of problem: Int, _ seed: UInt64, in database: Database) throws {
        let mark = """
            INSERT INTO draw (problem, seed, next) VALUES (?, ?, ?)
            ON CONFLICT DO UPDATE SET next = max(next, excluded.next)
            """
        try database.cachedStatement(sql: mark).execute(arguments: [problem, Int64(bitPattern: seed), end])
    }
}

/// A kept solution that its actor drew whole.
package struct Draw: Sendable, Equatable {
    /// The solution's.
    package let id: Int
    package let sample: UInt64
    /// 1 right, 0 not; nil where it was not graded.
    package let outcome: Double?
}

extension Shelf<Solution> {
    /// What an actor drew whole and to its end, under a seed and sampling as it does now, by the problem's id; of one
    /// that is kept twice the first.
    package func draws(by actor: ActorSnapshot, seed: UInt64) throws -> [Int: [Draw]] {
        // All but what was not graded is in the index of draws.
        let query = """
            SELECT min(id), json_extract(draw, '$[0]'), json_extract(draw, '$[2]'), outcome FROM solution
            WHERE actor = ? AND parameters IS ? AND draw IS NOT NULL AND json_extract(draw, '$[1]') = ?
                AND json_extract(draw, '$[3]') = json(?)
                AND (outcome IS NOT NULL OR json_extract(record, '$.finish') <> 'cancelled')
            GROUP BY draw ORDER BY 1
            """
        let arguments: StatementArguments = [
            actor.name, actor.parameters, Int64(bitPattern: seed), try RecordJSON.text(actor.sampling),
        ]
        return try records.read(else: [:]) { database in
            let rows = try Row.fetchAll(database, sql: query, arguments: arguments)
            return Dictionary(grouping: rows) { $0[1] }.mapValues { rows in
                rows.map { Draw(id: $0[0], sample: UInt64(bitPattern: $0[2] as Int64), outcome: $0[3]) }
            }
        }
    }

    /// What is kept of a problem's samples under a seed, by ascending id.
    package func drawn(_ samples: Range<UInt64>, of problem: Int, seed: UInt64) throws -> [Solution] {
        let rest = """
            WHERE problem = ? AND \(Schema.seed) = ? AND \(Schema.isOurs)
                AND \(Schema.sample) >= ? AND \(Schema.sample) < ? ORDER BY id
            """
        let (low, high) = (Int64(bitPattern: samples.lowerBound), Int64(bitPattern: samples.upperBound))
        return try elements(rest, [problem, Int64(bitPattern: seed), low, high])
    }
}
