import Foundation
import Testing

@Suite("The shell in a terminal", .serialized)
struct TerminalTests {
    @Test("typing, editing and recalling a line")
    func typing() throws {
        let terminal = try PseudoTerminal()
        try terminal.expectLast("genac>")
        terminal.send("timing onn\u{7F}\r")
        try terminal.expect("(")
        try terminal.expectLast("genac>")
        terminal.send("sed 5\u{1B}[D\u{1B}[D\u{1B}[D\u{1B}[De\u{1}\u{0B}")
        terminal.send("explain seed\r")
        try terminal.expect("seed = 0")
        try terminal.expectLast("genac>")
        terminal.send("\u{1B}[A")
        try terminal.expectLast("genac> explain seed")
        terminal.send("\u{03}")
        try terminal.expectLast("genac>")
        terminal.send("\u{04}")
        #expect(try terminal.exitCode() == 0)
    }

    @Test("characters of several bytes and of two columns are edited whole")
    func wide() throws {
        let terminal = try PseudoTerminal(environment: ["LC_ALL": "C"])
        try terminal.expectLast("genac>")
        terminal.send("# é漢😀x")
        try terminal.expectLast("genac> # é漢😀x")
        terminal.send("\u{7F}\u{7F}\u{7F}!")
        try terminal.expectLast("genac> # é!")
    }

    @Test("Tab completes commands, options, settings and paths, and lists what is open")
    func completing() throws {
        let terminal = try PseudoTerminal()
        try FileManager.default.createDirectory(atPath: terminal.folder + "/scripts", withIntermediateDirectories: true)
        try Data("explain rollout.n\n".utf8).write(to: URL(fileURLWithPath: terminal.folder + "/scripts/one.genac"))
        try terminal.expectLast("genac>")
        terminal.send("expl\trollout.temp\t\r")
        try terminal.expect("rollout.temperature = 1.0")
        terminal.send("set rollout.top\t\t")
        try terminal.expect("rollout.top_k  rollout.top_p")
        try terminal.expectLast("genac> set rollout.top_")
        terminal.send("k 5\r")
        try terminal.expect("rollout.top_k = 5")
        terminal.send("source scr\t\t\r")
        try terminal.expect("rollout.n = 4")
        terminal.send("help jum\t\r")
        try terminal.expect("The problem: a digit and groups of operations")
        terminal.send("load actor starter:\t\t")
        try terminal.expect("starter:actor")
        #expect(!terminal.screen.lines.contains { $0.contains("starter:README") })
    }

    @Test("a paste is one entry; nothing of it runs before Return")
    func pasting() throws {
        let terminal = try PseudoTerminal()
        try terminal.expectLast("genac>")
        #expect(String(decoding: terminal.raw, as: UTF8.self).contains("\u{1B}[?2004h"))
        terminal.send("\u{1B}[200~set seed 5\rexplain seed\r\u{1B}[201~")
        try terminal.expect("explain seed")
        #expect(!terminal.screen.lines.contains { $0.contains("seed = 5") })
        terminal.send("\r")
        try terminal.wait("both commands") { $0.screen.lines.filter { $0.hasPrefix("seed = 5") }.count == 2 }
        try terminal.expectLast("genac>")
        terminal.send("\u{1B}[A")
        try terminal.wait("the recalled entry") { $0.screen.lines.suffix(2) == ["genac> set seed 5", "explain seed"] }
    }

    @Test("Ctrl-C gives up the line, Ctrl-D leaves, and the terminal is left as it was")
    func interrupting() throws {
        let terminal = try PseudoTerminal()
        try terminal.expectLast("genac>")
        terminal.send("quit")
        try terminal.expectLast("genac> quit")
        terminal.send("\u{03}")
        try terminal.expect("quit^C")
        try terminal.expectLast("genac>")
        terminal.send("help quit\r")
        try terminal.expect("Leave the shell")
        try terminal.expectLast("genac>")
        terminal.send("\u{04}")
        #expect(try terminal.exitCode() == 0)
        #expect(String(decoding: terminal.raw, as: UTF8.self).hasSuffix("\u{1B}[?2004l\r\n"))
    }

    @Test("a resize draws a wrapped line again at the new width")
    func resizing() throws {
        let terminal = try PseudoTerminal(columns: 80)
        try terminal.expectLast("genac>")
        let text = "# " + Array(repeating: "abcdefghi", count: 6).joined(separator: " ")
        terminal.send(text)
        // The whole of it: what was drawn for 80 columns and arrives in a window of 40 is nobody's fault.
        try terminal.expectLast("genac> " + text)
        terminal.resize(columns: 40)
        kill(terminal.process, SIGWINCH)
        terminal.send("END")
        try terminal.wait("the wrapped line") { terminal in
            terminal.screen.lines.suffix(2).joined().replacingOccurrences(of: " ", with: "").hasSuffix(
                "abcdefghiabcdefghiEND")
        }
        terminal.send("\u{03}")
        try terminal.expectLast("genac>")
    }

    @Test("Ctrl-Z stops the shell, and continuing it gives the line back, editable")
    func stopping() throws {
        let terminal = try PseudoTerminal()
        try terminal.expectLast("genac>")
        terminal.send("help qu")
        try terminal.expectLast("genac> help qu")
        kill(terminal.process, SIGSTOP)
        usleep(100_000)
        kill(terminal.process, SIGCONT)
        terminal.send("it\u{1B}[D\u{1B}[C\r")
        try terminal.expect("Leave the shell")
    }

    @Test("history is kept for the next shell, in a file of its owner's alone")
    func history() throws {
        let first = try PseudoTerminal()
        try first.expectLast("genac>")
        first.send("explain rollout.n\r")
        try first.expectLast("genac>")
        first.send(" secret word\r")
        try first.expectLast("genac>")
        first.send("quit\r")
        #expect(try first.exitCode() == 0)
        let path = first.folder + "/.local/state/genac/history"
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "\"explain rollout.n\"\n\"quit\"\n")
        let second = try PseudoTerminal(folder: first.folder)
        try second.expectLast("genac>")
        second.send("\u{1B}[A\u{1B}[A")
        try second.expectLast("genac> explain rollout.n")
    }

    @Test("a dumb terminal and NO_COLOR get no escape sequences but libedit's own line ends")
    func dumb() throws {
        let terminal = try PseudoTerminal(environment: ["TERM": "dumb"])
        try terminal.expectLast("genac>")
        terminal.send("explain seed\r")
        try terminal.expect("seed = 0")
        #expect(!terminal.raw.contains(0x1B))
    }

    @Test("the start file is read in interactive use")
    func startFile() throws {
        let folder = NSTemporaryDirectory() + "genac-terminal-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder + "/.config/genac", withIntermediateDirectories: true)
        try Data("set seed 42".utf8).write(to: URL(fileURLWithPath: folder + "/.config/genac/init.genac"))
        let terminal = try PseudoTerminal([], folder: folder)
        try terminal.expectLast("genac>")
        terminal.send("explain seed\r")
        try terminal.expect("seed = 42")
    }

    @Test("a plain start opens on the starter models, or says clearly that there are none")
    func starters() throws {
        let terminal = try PseudoTerminal([])
        try terminal.expectLast("genac>")
        if Binary.starterIsThere {
            try terminal.expect("actor: actor")
            try terminal.expect("critic: critic")
            terminal.send("generate -n 1\r")
            try terminal.expect("tokens/s")
        } else {
            try terminal.expect("there is no starter")
        }
    }

    @Test("SIGTERM, SIGHUP and SIGQUIT leave at the prompt, and so does Ctrl-\\")
    func leaving() throws {
        for signal in [SIGTERM, SIGHUP, SIGQUIT, 0] {
            let terminal = try PseudoTerminal()
            try terminal.expectLast("genac>")
            if signal == 0 { terminal.send("\u{1C}") } else { kill(terminal.process, signal) }
            #expect(try terminal.exitCode() == 128 + (signal == 0 ? SIGQUIT : signal))
            #expect(terminal.screen.lines.count < 4, "\(terminal.screen.lines)")
        }
    }
}

@Suite("A job and a model in a terminal", .serialized)
struct TerminalJobTests {
    private let train =
        "train sft model.path=\(TinyWorkspace.model) data.train_files=rows.jsonl data.train_batch_size=2"

    @Test("a job's report stands above the half-typed line, which stays whole and editable, wrapped or not")
    func jobBesideLine() throws {
        let tiny = try TinyWorkspace()
        for text in ["explain see", "# " + String(repeating: "é漢word ", count: 12) + "explain see"] {
            let terminal = try PseudoTerminal(columns: 60, folder: tiny.folder)
            try terminal.expectLast("genac>")
            terminal.send("\(train) trainer.total_training_steps=400 trainer.save_freq=0\r")
            try terminal.expect("genac (1 job)>")
            terminal.send(text)
            try terminal.expect("finished at step 400", seconds: 60)
            try terminal.wait("the line as it was") { terminal in
                let joined = terminal.screen.lines.joined()
                guard let start = joined.range(of: "genac (1 job)> ", options: .backwards) else { return false }
                return String(joined[start.upperBound...]) == text
                    && joined.components(separatedBy: "explain see").count == 2
            }
            terminal.send("d\r")
            try terminal.expectLast("genac>")
            if text.hasPrefix("explain") { try terminal.expect("seed = 0") }
            terminal.send("quit\r")
            #expect(try terminal.exitCode() == 0)
        }
    }

    @Test("Ctrl-C cancels the running command, keeps what is finished, and never ends the shell")
    func cancelling() throws {
        let tiny = try TinyWorkspace()
        let terminal = try PseudoTerminal(folder: tiny.folder)
        try terminal.expectLast("genac>")
        terminal.send(TinyWorkspace.opening.split(separator: "\n").joined(separator: "; ") + "\r")
        try terminal.expect("rollout.response_length = 24")
        try terminal.expectLast("genac>")
        terminal.send("problem \"1+1\" --answer 2 --steps tokens:1; generate -n 1; truth last --rollouts 100000\r")
        try terminal.expect("truth", seconds: 30)
        try terminal.expect("tokens/s")
        Thread.sleep(forTimeInterval: 1)
        terminal.send("\u{03}")
        try terminal.expect("interrupted", seconds: 30)
        try terminal.expectLast("genac>")
        terminal.send("show last\r")
        try terminal.expect("solution 1")
    }

    @Test("Ctrl-D asks once while a job runs; leaving writes a checkpoint that resume goes on from")
    func leavingWithJob() throws {
        let tiny = try TinyWorkspace()
        let first = try PseudoTerminal(folder: tiny.folder)
        try first.expectLast("genac>")
        first.send("\(train) trainer.total_training_steps=100000 trainer.save_freq=0\r")
        try first.expect("genac (1 job)>")
        try tiny.waitForStep(of: "sft-1")
        first.send("\u{04}")
        try first.expect("Ctrl-D again")
        try first.expectLast("genac (1 job)>")
        first.send("\u{04}")
        #expect(try first.exitCode() == 0)
        let runs = try tiny.run("runs", json: true).json.last?["runs"] as? [[String: Any]]
        #expect((runs?.first?["checkpoints"] as? [Int])?.isEmpty == false)
        let second = try PseudoTerminal(folder: tiny.folder)
        try second.expectLast("genac>")
        second.send("resume sft-1\r")
        try second.expect("genac (1 job)>")
        kill(second.process, SIGTERM)
        #expect(try second.exitCode() == 128 + SIGTERM)
    }
}
