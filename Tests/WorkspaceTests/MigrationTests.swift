import Foundation
import GRDB
import Problems
import Testing
import Workspace

@Suite("A database of an older version")
struct MigrationTests {
    /// As it was before problems had hashes: an index of their contents.
    private func old(_ problems: [Problem]) throws -> Folder {
        let folder = try Folder()
        let workspace = try folder.open()
        _ = try workspace.keep(problems)
        try workspace.close()
        try DatabaseQueue(path: folder.database).write { database in
            try database.execute(
                sql: """
                    DROP INDEX problem_hash;
                    ALTER TABLE problem DROP COLUMN hash;
                    CREATE INDEX problem_content ON problem (content);
                    DELETE FROM grdb_migrations WHERE identifier LIKE '2:%';
                    INSERT INTO problem (id, record) VALUES (1000, '{"text":"no problem"}');
                    """)
        }
        return folder
    }

    @Test("its problems are known again under their ids, and a record that cannot be read harms nothing")
    func hashes() throws {
        let texts = ["a", "b", "é\u{0}\n", "e\u{301}"]
        let folder = try old(texts.map(problem))
        for _ in 0..<2 {
            let workspace = try folder.open()
            #expect(try workspace.keep(texts.map(problem)).map(\.id) == [1, 2, 3, 4])
            #expect(try workspace.problems.all().map(\.text) == texts)
            try workspace.close()
        }
        #expect(try folder.open().keep([problem("new"), problem("b")]).map(\.id) == [1001, 2])
        let unhashed = try DatabaseQueue(path: folder.database).read { database in
            try Int.fetchAll(database, sql: "SELECT id FROM problem WHERE hash IS NULL")
        }
        #expect(unhashed == [1000])
    }

    @Test("problems of one hash are told apart by what they say")
    func collisions() throws {
        let folder = try Folder()
        let workspace = try folder.open()
        _ = try workspace.keep([problem("a"), problem("b"), problem("c")])
        try workspace.close()
        try DatabaseQueue(path: folder.database).write { database in
            try database.execute(sql: "UPDATE problem SET hash = (SELECT hash FROM problem WHERE id = 2)")
        }
        #expect(try folder.open().keep([problem("b")]).map(\.id) == [2])
        #expect(try folder.open().keep([problem("d")]).map(\.id) == [4])
    }
}
