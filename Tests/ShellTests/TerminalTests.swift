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
        let text = "# " + String(repeating: "abcdefghi ", count: 6)
        terminal.send(text)
        try terminal.expect("abcdefghi abcdefghi")
        terminal.resize(columns: 40)
        kill(terminal.process, SIGWINCH)
        terminal.send("END")
        try terminal.wait("the wrapped line") { terminal in
            terminal.screen.lines.suffix(2).joined().replacingOccurrences(of: " ", with: "").hasSuffix("abcdefghiabcdefghiEND")
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

    @Test("SIGTERM and SIGHUP leave at the prompt")
    func leaving() throws {
        for signal in [SIGTERM, SIGHUP] {
            let terminal = try PseudoTerminal()
            try terminal.expectLast("genac>")
            kill(terminal.process, signal)
            #expect(try terminal.exitCode() == 128 + signal)
        }
    }
}
