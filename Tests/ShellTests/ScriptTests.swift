import Foundation
import Testing

@Suite("Scripts and the process' arguments")
struct ScriptTests {
    @Test("exit codes: 0 well, 1 failed, 2 usage")
    func exitCodes() throws {
        #expect(try Binary.run(["-c", "set seed 1"]).status == 0)
        #expect(try Binary.run(["-c", "set rollout.n none"]).status == 1)
        #expect(try Binary.run(["-c", "nosuch"]).status == 2)
        #expect(try Binary.run(["-c", "set"]).status == 2)
        #expect(try Binary.run(["--nosuch"]).status == 2)
        #expect(try Binary.run(["missing.genac"]).status == 1)
        #expect(try Binary.run(["--workspace", "/nonexistent", "-c", "help"]).status == 2)
        #expect(try Binary.run(["--help"]).status == 0)
    }

    @Test("a script stops at its first failing command and says file, line, what and what to do")
    func stops() throws {
        let folder = NSTemporaryDirectory() + "genac-script-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Data("set seed 1\n# a comment\nexplian seed\nset seed 2\n".utf8).write(
            to: URL(fileURLWithPath: folder + "/bad.genac"))
        let stopped = try Binary.run(["bad.genac"], folder: folder)
        #expect(stopped.status == 2)
        let command = try Binary.run(["help"], folder: folder)
        #expect(command.status == 1 && command.errors.contains("genac -c 'help'"), "\(command.errors)")
        #expect(stopped.errors == "bad.genac:3: there is no command explian; did you mean explain? `help` lists all\n")
        #expect(stopped.output == "seed = 1\n")
        let kept = try Binary.run(["--keep-going", "bad.genac"], folder: folder)
        #expect(kept.output == "seed = 1\nseed = 2\n")
        #expect(kept.status == 2)
        let nested = try Binary.run(["-c", "source bad.genac; set seed 9"], folder: folder)
        #expect(nested.errors.hasPrefix("bad.genac:3: "))
        #expect(!nested.output.contains("9"))
    }

    @Test("--json gives one ASCII line a command, errors in three parts")
    func json() throws {
        let result = try Binary.run(
            ["--json", "--keep-going"], input: Data("set rollout.n 3\ngr\u{E9}\nset rollout.n 0".utf8))
        #expect(result.output.utf8.allSatisfy { $0 < 0x80 })
        let lines = result.json
        #expect(lines.count == 3)
        #expect(lines[0]["ok"] as? Bool == true)
        #expect(lines[0]["command"] as? String == "set")
        #expect(lines[0]["seconds"] is Double)
        let error = try #require(lines[1]["error"] as? [String: Any])
        #expect(error["where"] as? String == "stdin:2")
        #expect(
            (lines[2]["error"] as? [String: Any])?["hint"] as? String
                == "it may be: a whole number from 1 to 4096; `explain rollout.n` says more")
    }

    @Test("standard input is read as bytes: no final line end, carriage returns, bad UTF-8")
    func bytes() throws {
        #expect(try Binary.run([], input: Data("set seed 3".utf8)).output == "seed = 3\n")
        #expect(try Binary.run([], input: Data("set seed 3\r\nset seed 4\r\n".utf8)).output == "seed = 3\nseed = 4\n")
        let bad = try Binary.run([], input: Data([0x73, 0xFF, 0x0A]))
        #expect(bad.status == 2)
        #expect(bad.errors.hasPrefix("stdin:1: bytes that are no UTF-8"))
    }

    @Test("results go to files and programs, errors do not")
    func destinations() throws {
        let folder = NSTemporaryDirectory() + "genac-out-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let result = try Binary.run(
            [
                "-c",
                "set seed 1 > 'a b.txt'; set seed 2 >> 'a b.txt'; settings | head -n 1 | tr a-z A-Z; set seed x > "
                    + "c.txt",
            ], folder: folder)
        #expect(try String(contentsOfFile: folder + "/a b.txt", encoding: .utf8) == "seed = 1\nseed = 2\n")
        #expect(result.output.hasPrefix("KEY"))
        #expect(result.errors.contains("seed cannot be x"))
        #expect(try Binary.run(["-c", "settings | no-such-program"]).status == 1)
        #expect(try Binary.run(["-c", "settings > /no/such/folder/x"]).status == 1)
        #expect(try Binary.run(["-c", "settings > /dev/full"]).errors.contains("could not be written"))
    }

    @Test("every command has help with an example")
    func help() throws {
        let list = try #require(try Binary.run(["--json", "-c", "help"]).json.first?["commands"] as? [[String: Any]])
        #expect(list.count > 5)
        let names = list.compactMap { $0["name"] as? String }
        let result = try Binary.run(["-c", names.map { "\($0) --help" }.joined(separator: ";")])
        #expect(result.status == 0)
        #expect(result.output.components(separatedBy: "EXAMPLE").count >= names.count + 1)
        for name in names { #expect(result.output.contains("USAGE: \(name)")) }
    }

    @Test("NO_COLOR, pipes and --color decide on colour")
    func colour() throws {
        #expect(!(try Binary.run(["-c", "explain seed"]).output.contains("\u{1B}")))
        #expect(try Binary.run(["--color", "always", "-c", "explain seed"]).output.contains("\u{1B}[1m"))
    }
}
