import Foundation
import Problems
import Testing
import Workspace

@Suite("The store.jsonl of before the database")
struct OldStoreTests {
    private static let fixture = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fixtures/workspace/store.jsonl")

    /// A line of it.
    private struct Line<Value: Decodable>: Decodable {
        var id: Int
        var value: Value
    }

    private struct Steps: Decodable {
        var solution: Int
        var steps: [Step]
    }

    private func values<Value: Decodable>(_ kind: String, in store: Data, as type: Value.Type) throws -> [Line<Value>] {
        try store.split(separator: 0x0A).filter { $0.starts(with: Data("{\"kind\":\"\(kind)\"".utf8)) }
            .map { try JSONDecoder().decode(Line<Value>.self, from: $0) }
    }

    /// What an estimator said, as far as its file tells without the rooms above.
    private struct Said: Estimate, Equatable {
        var prefix: Prefix
        var estimator: String
        var value: Double?
        var promptIDs: [Int]
    }

    @Test("every record of a real one is kept under its id, once, and the file stays as it was")
    func everyRecord() throws {
        let store = try Data(contentsOf: Self.fixture), folder = try Folder(store: store)
        for opening in 0..<2 {
            let workspace = try folder.open()
            #expect(workspace.movedRecords == (opening == 0 ? 22 : nil) && workspace.takeDamage().isEmpty)
            let problems = try values("problem", in: store, as: Problem.self)
            #expect(try workspace.problems.all() == problems.map(\.value) && problems.count == 2)
            #expect(try workspace.solutions.all() == values("solution", in: store, as: Solution.self).map(\.value))
            for line in try values("steps", in: store, as: Steps.self) {
                #expect(try workspace.steps(of: line.value.solution) == line.value.steps)
            }
            for kind in [RecordKind.valuation, .truth] {
                let shelf = workspace.estimates(kind, as: Said.self)
                let lines = try values(kind.rawValue, in: store, as: Said.self)
                #expect(try shelf.ids() == lines.map(\.id) && shelf.all() == lines.map(\.value) && !lines.isEmpty)
            }
            #expect(try folder.bytes(folder.kept) == store)
        }
        #expect(try folder.open().keep([problem("new")]).map(\.id) == [3])
    }

    @Test("a solution that stands there twice keeps the steps told between")
    func repeatedSolution() throws {
        let store = try Data(contentsOf: Self.fixture)
        let lines = store.split(separator: 0x0A)
        let solution = try #require(lines.first { $0.starts(with: Data("{\"kind\":\"solution\"".utf8)) })
        let workspace = try Folder(store: store + solution + Data("\n".utf8)).open()
        for line in try values("steps", in: store, as: Steps.self) {
            #expect(try workspace.steps(of: line.value.solution) == line.value.steps)
        }
    }

    @Test("an older genac cannot start a store of its own where there is a database", arguments: [true, false])
    func guarded(hadOne: Bool) throws {
        let folder = try Folder(store: hadOne ? Data(contentsOf: Self.fixture) : nil)
        _ = try folder.open().keep([problem("a")])
        #expect(open(folder.old, O_RDWR | O_CREAT, 0o644) < 0 && errno == EISDIR)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.old) == ["README"])
    }

    @Test("a last line cut short at any byte loses nothing that was complete, and its id is given again")
    func torn() throws {
        let whole = Data((line(1, "a") + line(2, "b")).utf8)
        let firstEnd = try #require(whole.firstIndex(of: 0x0A)) + 1
        for cut in [firstEnd, firstEnd + 1, (firstEnd + whole.count) / 2, whole.count - 1] {
            let folder = try Folder(store: whole.prefix(cut)), workspace = try folder.open()
            #expect(try workspace.problems.ids() == [1])
            #expect(try workspace.keep([problem("c")]).map(\.id) == [2])
            #expect(try folder.open().problems.all().map(\.text) == ["a", "c"])
            #expect(try folder.bytes(folder.kept) == whole.prefix(cut))
        }
    }

    @Test("damaged lines are named and passed over, and what they held stays in the file")
    func damaged() throws {
        let store = """
            junk
            {"kind":"problem","id":7,"value":{"id":7}}

            {"kind":"problem","id":9,"value":{"id":9,}}
            {"kind":"poem","id":1,"value":{}}
            {"kind":"problem","id":3,"value":"\u{FF}"}
            \(line(1, "a"))
            """
        var bytes = Data(store.utf8)
        bytes.replaceSubrange(try #require(bytes.range(of: Data("\u{FF}".utf8))), with: [0xFF])
        let folder = try Folder(store: bytes), workspace = try folder.open()
        let damage = workspace.takeDamage()
        #expect(damage.map(\.location) == [1, 4, 5, 6].map { "\(folder.kept):\($0)" })
        #expect(
            damage.map(\.what)
                == [
                    "it does not begin as a record does", "its value is no JSON", "there is no kind poem",
                    "its value is no JSON",
                ].map { "a damaged record: \($0)" })
        #expect(workspace.movedRecords == 2 && workspace.takeDamage().isEmpty)
        #expect(try workspace.problems.all().map(\.text) == ["a"])
        let reason = "the key text is missing"
        #expect(
            throws: WorkspaceError.damagedRecord(path: folder.database, kind: "problem", id: 7, reason: reason)
        ) { try workspace.problems.element(7) }
        #expect(throws: WorkspaceError.notFound(kind: "problem", id: 9, known: 1...7)) {
            try workspace.problems.element(9)
        }
        #expect(try workspace.keep([problem("n")]).map(\.id) == [10])
        #expect(try folder.bytes(folder.kept) == bytes)
        #expect(try folder.open().takeDamage().isEmpty)
    }

    @Test("a death after the records were copied and before the file had its other name is made good")
    func killedBeforeTheName() throws {
        let store = try Data(contentsOf: Self.fixture), folder = try Folder(store: store)
        let before = try folder.open().solutions.all()
        try FileManager.default.removeItem(atPath: folder.old)
        try FileManager.default.moveItem(atPath: folder.kept, toPath: folder.old)
        let workspace = try folder.open()
        #expect(try workspace.solutions.all() == before && workspace.problems.ids() == [1, 2])
        #expect(try folder.bytes(folder.kept) == store && workspace.takeDamage().isEmpty)
        #expect(try folder.open().problems.ids() == [1, 2])
    }

    @Test("a second store beside the database is refused, and neither is changed")
    func twoStores() throws {
        let folder = try Folder()
        _ = try folder.open().keep([problem("a")])
        try FileManager.default.removeItem(atPath: folder.old)
        let store = Data(line(1, "other").utf8)
        try store.write(to: URL(fileURLWithPath: folder.old))
        let before = try folder.bytes(folder.database)
        #expect(throws: WorkspaceError.twoStores(path: folder.old, database: folder.database)) { try folder.open() }
        #expect(try folder.bytes(folder.old) == store && folder.bytes(folder.database) == before)
        try FileManager.default.removeItem(atPath: folder.old)
        #expect(try folder.open().problems.all().map(\.text) == ["a"])
    }

    @Test("what an older genac, still running, adds after the move is told at every opening")
    func grown() throws {
        let folder = try Folder(store: Data(line(1, "a").utf8))
        // It opened the file before and writes at its old end.
        let late = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.old))
        #expect(try folder.open().takeDamage().isEmpty)
        try late.seekToEnd()
        try late.write(contentsOf: Data(line(2, "late").utf8))
        for _ in 0..<2 { #expect(try folder.open().takeDamage() == [.grown(path: folder.kept)]) }
        #expect(try folder.open().problems.all().map(\.text) == ["a"])
    }

    @Test("a name that is taken already is never overwritten")
    func nameTaken() throws {
        let folder = try Folder(store: Data(line(1, "a").utf8))
        try Data("mine".utf8).write(to: URL(fileURLWithPath: folder.kept))
        let error = #expect(throws: WorkspaceError.self) { try folder.open() }
        #expect(error?.location == folder.kept)
        #expect(try folder.bytes(folder.kept) == Data("mine".utf8))
        try FileManager.default.removeItem(atPath: folder.kept)
        #expect(try folder.open().problems.all().map(\.text) == ["a"])
    }

    private func line(_ id: Int, _ text: String) -> String {
        """
        {"kind":"problem","id":\(id),"value":{"answer":"1","grader":"answer","id":\(id),"source":"typed",\
        "stepRule":"vine","text":"\(text)"}}

        """
    }
}
