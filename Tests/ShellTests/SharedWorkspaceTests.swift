import ChildProcess
import Foundation
import Testing

/// One workspace and several processes, versions and rights.
@Suite struct SharedWorkspaceTests {
    private let tiny: TinyWorkspace
    private var folder: String { tiny.folder }
    private var database: String { folder + "/.genac/workspace.sqlite" }
    private var old: String { folder + "/.genac/store.jsonl" }
    private static let fixtures = Binary.root + "/Tests/Fixtures/workspace/"

    init() throws { tiny = try TinyWorkspace() }

    /// A store of before the database, of `count` problems.
    private func oldStore(_ count: Int) -> String {
        (1...count).map { id in
            """
            {"kind":"problem","id":\(id),"value":{"answer":"\(id)","grader":"answer","id":\(id),"source":"typed",\
            "stepRule":"vine","text":"problem \(id) of before the database"}}

            """
        }.joined()
    }

    private func texts() throws -> [String] {
        let kept = try Binary.last(Binary.run(["--json", "-c", "problems"], folder: folder), "problems")
        let problems = try #require(kept["problems"] as? [[String: Any]])
        #expect(problems.compactMap { $0["id"] as? Int } == Array(1...problems.count))
        return problems.compactMap { $0["text"] as? String }
    }

    @Test("what a version without a database kept is printed as that version printed it")
    func theSameIsPrinted() throws {
        try tiny.write(".genac/store.jsonl", String(contentsOfFile: Self.fixtures + "store.jsonl", encoding: .utf8))
        let expected = try String(contentsOfFile: Self.fixtures + "looked.jsonl", encoding: .utf8)
        for note in ["note: 22 records of .genac/store.jsonl are in .genac/workspace.sqlite now\n", ""] {
            let result = try Binary.run(["--json", Self.fixtures + "look.genac"], folder: folder)
            #expect(result.status == 0 && result.errors == note)
            // That version did not say under which numbers a solution was drawn.
            let said = result.output.replacing(#/"seconds":[0-9.e-]+,/#, with: "")
                .replacing(#/,"seed":[0-9]+,"sample":[0-9]+/#, with: "")
            #expect(said == expected)
        }
    }

    @Test("processes that write at once give out each id once and lose nothing")
    func writersAtOnce() throws {
        let scripts = (0..<4).map { writer in (0..<25).map { "problem '\(writer) \($0)' --answer 1\n" }.joined() }
        let children = try scripts.map { try Binary.start([], input: Data($0.utf8), folder: folder) }
        for child in children { #expect(try child.wait() == 0, "\(child.errors)") }
        let all = (0..<4).flatMap { writer in (0..<25).map { "\(writer) \($0)" } }
        #expect(try texts().sorted() == all.sorted())
    }

    @Test("an old store whose move is killed in the middle is whole, and is moved by the next")
    func killedWhileMoving() throws {
        let count = 40_000, store = oldStore(count)
        try tiny.write(".genac/store.jsonl", store)
        for size in [1, 1 << 20, 3 << 20] {
            let child = try Binary.start(["-c", "problems -n 1"], folder: folder)
            let log = database + "-wal"
            _ = try child.waitUntil("the log of the move has \(size) bytes") {
                let attributes = try? FileManager.default.attributesOfItem(atPath: log)
                return attributes?[.size] as? Int ?? 0 >= size
            }
            child.send(SIGKILL)
            #expect(try child.wait() == 128 + SIGKILL, "\(child.errors)")
            #expect(try String(contentsOfFile: old, encoding: .utf8) == store)
        }
        let result = try Binary.run(["-c", "problems -n 1"], folder: folder)
        #expect(result.status == 0 && result.errors.contains("note: \(count) records"), "\(result.errors)")
        #expect(result.output.contains("\(count) in all"))
        #expect(try String(contentsOfFile: old + ".migrated", encoding: .utf8) == store)
    }

    @Test("several that find an old store at once move it once")
    func movedOnce() throws {
        try tiny.write(".genac/store.jsonl", oldStore(3000))
        let children = try (0..<4).map {
            try Binary.start(["-c", "problem 'new \($0)' --answer 1"], folder: folder)
        }
        for child in children { #expect(try child.wait() == 0, "\(child.errors)") }
        #expect(children.count { $0.errors.contains("note: 3000 records") } == 1)
        let texts = try texts()
        #expect(texts.count == 3004 && Set(texts).count == 3004)
    }

    @Test("a full disk is one error, and what was kept before is whole")
    func fullDisk() throws {
        let rows = (0..<2000).map { "{\"question\":\"how much is \($0) and \($0)?\",\"answer\":\"\($0 * 2)\"}\n" }
        try tiny.write("set.jsonl", rows.joined())
        #expect(try Binary.run(["-c", "problem 'kept before' --answer 1"], folder: folder).status == 0)
        let cut = try limited(to: 128, "problems load set.jsonl")
        #expect(cut.status == 1 && cut.errors.contains("workspace.sqlite: cannot be written"), "\(cut.errors)")
        #expect(cut.errors.split(separator: "\n").count == 1)
        #expect(try texts() == ["kept before"])
        #expect(try Binary.run(["-c", "problems load set.jsonl"], folder: folder).status == 0)
        #expect(try texts().count == 2001)
    }

    @Test("an old store that there is no room to move stays, and is moved once there is")
    func fullDiskWhileMoving() throws {
        let store = oldStore(2000)
        try tiny.write(".genac/store.jsonl", store)
        let cut = try limited(to: 128, "problems")
        #expect(cut.status == 2 && cut.errors.contains("workspace.sqlite: cannot be written"), "\(cut.errors)")
        #expect(try String(contentsOfFile: old, encoding: .utf8) == store)
        #expect(try texts().count == 2000)
    }

    @Test("a folder that cannot be written is read, and keeping is one error", arguments: [false, true])
    func readOnly(hasOldStore: Bool) throws {
        if hasOldStore {
            try tiny.write(".genac/store.jsonl", oldStore(2))
        } else {
            #expect(try Binary.run(["-c", "problem 'kept before' --answer 1"], folder: folder).status == 0)
        }
        let before = try names()
        func setRights(_ rights: Int) throws {
            for place in [folder + "/.genac", folder] {
                try FileManager.default.setAttributes([.posixPermissions: rights], ofItemAtPath: place)
            }
        }
        try setRights(0o555)
        defer { try? setRights(0o755) }
        let read = try unprivileged("problems; problem 1")
        #expect(read.status == 0 && read.errors == "", "\(read.errors)")
        #expect(read.output.contains(hasOldStore ? "problem 2 of before" : "kept before"))
        let kept = try unprivileged("problem 'a new one' --answer 1")
        #expect(kept.status == 1 && kept.errors.contains("workspace.sqlite: cannot be written"), "\(kept.errors)")
        #expect(kept.errors.split(separator: "\n").count == 1)
        #expect(try names() == before)
    }

    @Test("a database alone in a folder that cannot be written is refused in words that say what is missing")
    func readOnlyAndAlone() throws {
        #expect(try Binary.run(["-c", "problem 'kept before' --answer 1"], folder: folder).status == 0)
        let places = [folder + "/.genac", folder]
        for end in ["wal", "shm"] {
            try FileManager.default.removeItem(atPath: folder + "/.genac/workspace.sqlite-" + end)
        }
        for place in places {
            try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: place)
        }
        defer {
            for place in places {
                try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: place)
            }
        }
        let read = try unprivileged("problems")
        #expect(read.status == 2 && read.errors.contains("without its -wal and -shm files"), "\(read.errors)")
    }

    @Test("a folder that cannot be written and has no workspace does for all that keeps nothing")
    func readOnlyAndEmpty() throws {
        try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder)
        defer { try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder) }
        #expect(try unprivileged("problems; grade 1 1").status == 0)
        let kept = try unprivileged("problem 'a new one' --answer 1")
        #expect(kept.status == 1 && kept.errors.contains("\(folder)/.genac: cannot be opened"), "\(kept.errors)")
    }

    private func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder + "/.genac").sorted()
    }

    /// Runs a command under a limit of `blocks` kilobytes for any file.
    private func limited(to blocks: Int, _ command: String) throws -> (status: Int32, errors: String) {
        let child = try ChildProcess(
            "/bin/bash", ["-c", "trap '' XFSZ; ulimit -f \(blocks); exec \"$0\" -c \"$1\"", Binary.path, command],
            environment: ["HOME": folder, "PATH": "/usr/bin:/bin", "GENAC_HOME": Binary.root], folder: folder)
        return (try child.wait(), child.errors)
    }

    /// Runs commands as someone whom the rights of files hold: root drops its own.
    private func unprivileged(_ commands: String) throws -> Binary.Result {
        let drop = geteuid() == 0 ? "setpriv --bounding-set -all --inh-caps -all --reuid 65534 --clear-groups" : "exec"
        let child = try ChildProcess(
            "/bin/bash", ["-c", "\(drop) \"$0\" -c \"$1\"", Binary.path, commands],
            environment: ["HOME": folder, "PATH": "/usr/bin:/bin", "GENAC_HOME": Binary.root], folder: folder)
        return Binary.Result(status: try child.wait(), output: child.output, errors: child.errors)
    }
}
