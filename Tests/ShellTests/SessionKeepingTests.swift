import Foundation
import Testing

@Suite("What a restart forgets")
struct SessionKeepingTests {
    @Test("is said when the shell is left, told of at the next start, and brought back", arguments: [80, 140])
    func leavingAndRestoring(columns: Int) throws {
        let folder = NSTemporaryDirectory() + "genac-terminal-\(UUID().uuidString)"
        let first = try PseudoTerminal(columns: columns, folder: folder)
        try first.expectLast("genac>")
        first.send("icc off infer\ricc add tip \"It's a digit.\"\rset critic.num_samples 4\r")
        try first.expect("critic.num_samples = 4")
        first.send("problem \"1 + 1\" --answer 2\rquit\r")
        #expect(try first.exitCode() == 0)
        #expect(first.screen.lines.contains { $0.hasPrefix("a restart forgets `set critic.num_samples 4`, 2 ICC") })

        let second = try PseudoTerminal(columns: columns, folder: folder)
        try second.expect("kept here: 1 problem")
        try second.expect("`session restore` brings them back")
        try second.expectLast("genac>")
        second.send("session restore\rsession restore\rsession\r")
        try second.expect("problem 1")
        try second.wait("the script") { terminal in
            let lines = terminal.screen.lines
            return ["set critic.num_samples 4", "icc off infer", "icc add tip \"It's a digit.\"", "problem 1"]
                .allSatisfy(lines.contains)
        }
        second.send("quit\r")
        #expect(try second.exitCode() == 0)
    }

    @Test("nothing is said where nothing was changed")
    func nothingChanged() throws {
        let terminal = try PseudoTerminal()
        try terminal.expectLast("genac>")
        terminal.send("problem \"1 + 1\"\rquit\r")
        #expect(try terminal.exitCode() == 0)
        #expect(!terminal.screen.lines.contains { $0.contains("forgets") })
        #expect(!FileManager.default.fileExists(atPath: terminal.folder + "/.genac/session.genac"))
    }

    @Test("a saved session makes the same session of a fresh one", .enabled(if: Binary.starterIsThere))
    func saving() throws {
        try Binary.withFolder { folder in
            let lines = try Binary.json(
                """
                set seed 7; set rollout.temperature 0.5; load actor starter:good --as a --measure none
                load actor starter:actor; use actor a; load critic starter:judge --untold; prompt use default
                icc set success-rate 20%; icc set actor "small, 0.3M"; icc off sampling
                session; session save kept.genac
                """, folder)
            let script = try #require(lines.compactMap { $0["script"] as? String }.first)
            for command in [
                "set rollout.temperature 0.5", "set seed 7", "load actor starter:good --as a --measure none",
                "load actor starter:actor --as actor", "load critic starter:judge --as judge --untold",
                "use actor a", "prompt use default --model judge", "icc set actor \"small, 0.3M\"",
                "icc set success-rate 20%", "icc off sampling",
            ] {
                #expect(script.contains("\n\(command)\n"), "\(command) in \(script)")
            }
            let again = try Binary.json("source kept.genac; session", folder)
            #expect(again.compactMap { $0["script"] as? String }.first == script)
        }
    }

    @Test("a script of one's own is not written over")
    func otherFiles() throws {
        try Binary.withFolder { folder in
            try Data("generate\n".utf8).write(to: URL(fileURLWithPath: folder + "/mine.genac"))
            let result = try Binary.run(["-c", "session save mine.genac"], folder: folder)
            #expect(result.status == 1)
            #expect(result.errors.contains("is no kept session"))
            #expect(try String(contentsOfFile: folder + "/mine.genac", encoding: .utf8) == "generate\n")
            let none = try Binary.run(["-c", "session restore"], folder: folder)
            #expect(none.status == 1)
            #expect(none.errors.contains("no session is kept here"))
        }
    }

    @Test("the start tells of runs that stopped, and how the newest goes on")
    func stoppedRuns() throws {
        let workspace = try TinyWorkspace()
        try workspace.writeRun("sft-1", steps: 9)
        try workspace.write("runs/genac-1/recipe.json", #"{"stage":"genac","settings":{},"steps":200}"#)
        try workspace.write("runs/genac-1/checkpoints/40/state.json", "{}")
        try workspace.write("runs/ppo-1/recipe.json", #"{"stage":"ppo","settings":{},"steps":40}"#)
        try workspace.write("runs/ppo-1/checkpoints/40/state.json", "{}")
        let terminal = try PseudoTerminal(folder: workspace.folder)
        try terminal.expect("kept here: 3 runs")
        try terminal.expect("genac-1 stopped at step 40 of 200: `resume genac-1` goes on")
        #expect(!terminal.screen.lines.contains { $0.contains("ppo-1") })
    }
}
