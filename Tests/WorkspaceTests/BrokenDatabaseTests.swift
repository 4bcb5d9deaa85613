import Foundation
import GRDB
import Problems
import Testing
import Workspace

@Suite("A database that cannot be used")
struct BrokenDatabaseTests {
    /// What reading and keeping meet, of an opening on.
    private func errors(_ folder: Folder) -> [WorkspaceError] {
        var errors: [WorkspaceError] = []
        for use in [read, keep] {
            do {
                try use(folder)
            } catch let error as WorkspaceError {
                errors.append(error)
            } catch {
                Issue.record(error, "no error of the workspace's own")
            }
        }
        return errors
    }

    private func read(_ folder: Folder) throws { _ = try folder.open().problems.all() }

    private func keep(_ folder: Folder) throws { _ = try folder.open().keep([problem("new")]) }

    private func filled() throws -> Folder {
        let folder = try Folder()
        _ = try folder.open().keep((0..<300).map { problem("\($0) " + String(repeating: "text ", count: 40)) })
        return folder
    }

    @Test("what is no database is named and left alone")
    func junk() throws {
        let folder = try filled(), junk = Data("this is no database. ".utf8 + Data(repeating: 7, count: 8192))
        try junk.write(to: URL(fileURLWithPath: folder.database))
        for error in errors(folder) {
            #expect(error == .damagedDatabase(path: folder.database, reason: "file is not a database"))
        }
        #expect(errors(folder).count == 2)
        #expect(try folder.bytes(folder.database) == junk)
    }

    @Test("pages of noise, and a file cut short, end in an error that says where")
    func noise() throws {
        let whole = try filled(), bytes = try whole.bytes(whole.database)
        var draws = Draws(state: 5), met = 0
        for round in 0..<24 {
            let folder = try Folder()
            try FileManager.default.createDirectory(atPath: folder.path + "/.genac", withIntermediateDirectories: false)
            var damaged = bytes
            if round % 2 == 0 {
                damaged.removeLast(Int.random(in: 1..<bytes.count, using: &draws))
            } else {
                let start = Int.random(in: 0..<(bytes.count - 4096), using: &draws)
                damaged.replaceSubrange(
                    start..<(start + 4096), with: (0..<4096).map { _ in UInt8.random(in: 0...255, using: &draws) })
            }
            try damaged.write(to: URL(fileURLWithPath: folder.database))
            for error in errors(folder) {
                met += 1
                #expect(error.location?.hasPrefix(folder.database) == true && error.hint != nil, "\(error)")
            }
        }
        #expect(met > 24)
    }

    @Test("an empty file is a database that has nothing yet")
    func empty() throws {
        let folder = try filled()
        for name in ["", "-wal", "-shm"] { try Data().write(to: URL(fileURLWithPath: folder.database + name)) }
        #expect(try folder.open().keep([problem("a")]).map(\.id) == [1])
    }

    @Test("a later genac's database is left alone")
    func newer() throws {
        let folder = try filled()
        try DatabaseQueue(path: folder.database).write {
            try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('2: of a later time')")
        }
        #expect(errors(folder) == [.newer(path: folder.database), .newer(path: folder.database)])
    }

    @Test("a database that was removed or replaced under us keeps nothing and says so")
    func removed() throws {
        let folder = try Folder(), workspace = try folder.open()
        _ = try workspace.keep([problem("a")])
        try FileManager.default.removeItem(atPath: folder.path + "/.genac")
        let error = #expect(throws: WorkspaceError.self) { try workspace.keep([problem("b")]) }
        #expect(error?.location == folder.database)
    }

    @Test("a file in the folder's place is named")
    func fileInPlaceOfFolder() throws {
        let folder = try Folder()
        try Data().write(to: URL(fileURLWithPath: folder.path + "/.genac"))
        for error in errors(folder) { #expect(error.location?.hasPrefix(folder.path + "/.genac") == true) }
        #expect(errors(folder).count == 2)
    }

    @Test("a busy database is waited for, and then it is one error")
    func busy() throws {
        let folder = try filled(), workspace = try folder.open()
        let other = try DatabaseQueue(path: folder.database)
        try other.writeWithoutTransaction { database in
            try database.execute(sql: "BEGIN IMMEDIATE")
            #expect(try workspace.problems.count() == 300, "reading never waits")
            let start = ContinuousClock.now
            let error = #expect(throws: WorkspaceError.self) { try workspace.keep([problem("late")]) }
            #expect(error == .busy(path: folder.database, seconds: 10) && ContinuousClock.now - start > .seconds(9))
            let waiting = Thread { [path = folder.path] in
                #expect(throws: Never.self) { try Workspace(directory: path).keep([problem("soon")]) }
            }
            waiting.start()
            usleep(300_000)
            try database.execute(sql: "COMMIT")
            while !waiting.isFinished { usleep(10_000) }
        }
        #expect(try workspace.keep([problem("soon"), problem("late")]).map(\.id) == [301, 302])
    }
}
