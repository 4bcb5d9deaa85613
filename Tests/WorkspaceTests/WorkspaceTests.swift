import Foundation
import Problems
import Testing
import Workspace

private func withFolder<R>(_ body: (String) throws -> R) throws -> R {
    let folder = NSTemporaryDirectory() + "genac-workspace-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try body(folder)
}

private func problem(_ text: String) -> Problem { Problem(id: 0, text: text, answer: "1") }

@Suite("What a workspace keeps")
struct WorkspaceTests {
    @Test("nothing is written before something is kept")
    func lazy() throws {
        try withFolder { folder in
            _ = try Workspace(directory: folder).problems.ids()
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
        }
    }

    @Test("problems read back equal, and the same problem keeps its id")
    func roundTrip() throws {
        try withFolder { folder in
            let kept = try Workspace(directory: folder).keep([problem("a"), problem("é\n\u{1B}"), problem("a")])
            #expect(kept.map(\.id) == [1, 2, 1])
            let again = try Workspace(directory: folder)
            #expect(try again.problems.all() == [kept[0], kept[1]])
            #expect(try again.keep([problem("b"), problem("a")]).map(\.id) == [3, 1])
        }
    }

    @Test("a last line cut short at any byte loses nothing that was complete, and its id is given again")
    func torn() throws {
        try withFolder { folder in
            let path = folder + "/.genac/store.jsonl"
            _ = try Workspace(directory: folder).keep([problem("a"), problem("b")])
            let whole = try Data(contentsOf: URL(fileURLWithPath: path))
            let firstEnd = try #require(whole.firstIndex(of: 0x0A)) + 1
            for cut in [firstEnd, firstEnd + 1, (firstEnd + whole.count) / 2, whole.count - 1] {
                try whole.prefix(cut).write(to: URL(fileURLWithPath: path))
                let workspace = try Workspace(directory: folder)
                #expect(try workspace.problems.ids() == [1])
                #expect(try workspace.keep([problem("c")]).map(\.id) == [2])
                #expect(try Workspace(directory: folder).problems.all().map(\.text) == ["a", "c"])
            }
        }
    }

    @Test("a damaged line is named and passed over")
    func damaged() throws {
        try withFolder { folder in
            let path = folder + "/.genac/store.jsonl"
            _ = try Workspace(directory: folder).keep([problem("a")])
            let good = try Data(contentsOf: URL(fileURLWithPath: path))
            let forged = "junk\n{\"kind\":\"problem\",\"id\":7,\"value\":{\"id\":7}}\n"
            try (Data(forged.utf8) + good).write(to: URL(fileURLWithPath: path))
            let workspace = try Workspace(directory: folder)
            #expect(workspace.takeDamage().map(\.location) == ["\(path):1"])
            #expect(try workspace.problems.all().map(\.text) == ["a"])
            #expect(throws: WorkspaceError.damagedRecord(path: path, line: 2, reason: "the key text is missing")) {
                try workspace.problems.element(7)
            }
            #expect(try workspace.keep([problem("n")]).map(\.id) == [8])
        }
    }

    @Test("two holders of one store never give out the same id, and see each other's records")
    func shared() throws {
        try withFolder { folder in
            let (a, b) = (try Workspace(directory: folder), try Workspace(directory: folder))
            #expect(try a.keep([problem("a")]).map(\.id) == [1])
            #expect(try b.keep([problem("b")]).map(\.id) == [2])
            #expect(try a.keep([problem("c")]).map(\.id) == [3])
            #expect(try b.problems.all().map(\.text) == ["a", "b", "c"])
        }
    }

    @Test("a missing id says what there is")
    func missing() throws {
        try withFolder { folder in
            let workspace = try Workspace(directory: folder)
            #expect(throws: WorkspaceError.notFound(kind: "problem", id: 3, known: nil)) {
                try workspace.problems.element(3)
            }
            _ = try workspace.keep([problem("a")])
            #expect(throws: WorkspaceError.notFound(kind: "problem", id: 3, known: 1...1)) {
                try workspace.problems.element(3)
            }
        }
    }
}
