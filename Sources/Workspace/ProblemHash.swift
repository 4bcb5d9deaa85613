import Compute
import Foundation
import GRDB
import Problems

/// A number by which a problem is found again, where an index of the texts themselves would hold every problem twice.
/// Problems of one number are told apart by ``Schema/problemContent``.
struct ProblemHash: Decodable {
    private let text: String
    private let answer: String?
    private let source: String

    init(_ problem: Problem) { (text, answer, source) = (problem.text, problem.answer, problem.source) }

    var value: Int64 {
        var hash = StableHash()
        for part in [text, answer, source] {
            // Of lengths too: two texts are not the same cut elsewhere.
            hash.add(part.map { UInt64($0.utf8.count) } ?? .max)
            for byte in (part ?? "").utf8 { hash.add(UInt64(byte)) }
        }
        return Int64(bitPattern: hash.value)
    }

    /// Gives every problem that has none its number, but for records that cannot be read: nothing finds those.
    static func fill(_ database: Database) throws {
        let decoder = JSONDecoder()
        var found: [(id: Int, hash: Int64)] = []
        let unnumbered = try Row.fetchCursor(database, sql: "SELECT id, record FROM problem WHERE hash IS NULL")
        while let row = try unnumbered.next() {
            let record: Data = row["record"]
            do {
                found.append((row["id"], try decoder.decode(Self.self, from: record).value))
            } catch is DecodingError {
                continue
            }
        }
        let set = try database.makeStatement(sql: "UPDATE problem SET hash = ? WHERE id = ?")
        for one in found { try set.execute(arguments: [one.hash, one.id]) }
    }
}
