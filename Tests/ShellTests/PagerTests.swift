import Foundation
import Testing

/// What is taller than the screen, shown page by page.
@Suite("Pages in a terminal", .serialized)
struct PagerTests {
    private static let hasLess = FileManager.default.isExecutableFile(atPath: "/usr/bin/less")

    @Test("less shows what is taller than the screen; q and Ctrl-C give the prompt back", .enabled(if: hasLess))
    func pages() throws {
        let terminal = try PseudoTerminal()
        try terminal.expectLast("genac>")
        for leave in ["q", "\u{03}"] {
            terminal.send("settings\r")
            try terminal.expectLast(":")
            #expect(terminal.screen.lines.contains { $0.hasPrefix("model.path") })
            #expect(!terminal.screen.lines.contains { $0.hasPrefix("trainer.max_ckpt_to_keep") })
            terminal.send(leave)
            try terminal.wait("the prompt") { $0.screen.lines.last?.hasSuffix("genac>") == true }
            // The terminal is as it was: a line can be typed, edited and run.
            terminal.send("explain sed\u{7F}ed\r")
            try terminal.expect("seed = 0")
            try terminal.expectLast("genac>")
        }
        terminal.send("explain seed\r")
        try terminal.expectLast("genac>")
    }

    @Test(
        "no pager for PAGER=cat, an empty PAGER or a dumb terminal",
        arguments: [["PAGER": "cat"], ["PAGER": ""], ["TERM": "dumb"]])
    func none(environment: [String: String]) throws {
        let terminal = try PseudoTerminal(environment: environment)
        try terminal.expectLast("genac>")
        terminal.send("settings\r")
        try terminal.expect("trainer.max_ckpt_to_keep")
        try terminal.wait("the prompt below the settings") { terminal in
            terminal.screen.lines.last == "genac>"
                && terminal.screen.lines.dropLast().last?.contains("want of room") == true
        }
    }

    @Test("$PAGER is used as it is named; what cannot be run is said, and the text printed")
    func named() throws {
        let terminal = try PseudoTerminal(environment: ["PAGER": "sed s/^/paged:/"])
        try terminal.expectLast("genac>")
        terminal.send("settings\r")
        try terminal.expect("paged:trainer.max_ckpt_to_keep")
        try terminal.expectLast("genac>")
        terminal.send("explain seed\r")
        try terminal.expect("seed = 0")
        #expect(!terminal.screen.lines.contains { $0.hasPrefix("paged:seed") }, "what fits is just printed")
        let broken = try PseudoTerminal(environment: ["PAGER": "/no/such/pager"])
        try broken.expectLast("genac>")
        broken.send("settings\r")
        try broken.expect("cannot run")
        #expect(String(decoding: broken.raw, as: UTF8.self).contains("trainer.max_ckpt_to_keep"))
    }

    @Test("a script is not paged, on a terminal or off it")
    func scripts() throws {
        let terminal = try PseudoTerminal(["-c", "settings; explain seed"], environment: ["PAGER": "sed s/^/paged:/"])
        #expect(try terminal.exitCode() == 0)
        #expect(!String(decoding: terminal.raw, as: UTF8.self).contains("paged:"))
        let tiny = try TinyWorkspace()
        try tiny.write("s.genac", "settings")
        let shell = try PseudoTerminal(environment: ["PAGER": "sed s/^/paged:/"], folder: tiny.folder)
        try shell.expectLast("genac>")
        shell.send("source s.genac\r")
        try shell.expect("trainer.max_ckpt_to_keep")
        #expect(!String(decoding: shell.raw, as: UTF8.self).contains("paged:"))
    }

    @Test("what a job says while pages are turned waits until they are left", .enabled(if: hasLess))
    func besideJob() throws {
        let tiny = try TinyWorkspace()
        let terminal = try PseudoTerminal(columns: 100, folder: tiny.folder)
        try terminal.expectLast("genac>")
        terminal.send(
            "train sft model.path=\(TinyWorkspace.model) data.train_files=rows.jsonl trainer.save_freq=0 "
                + "trainer.total_training_steps=40; settings\r")
        try terminal.expectLast(":")
        let metrics = tiny.folder + "/runs/sft-1/checkpoints/40/state.json"
        try terminal.wait("the job's end") { _ in FileManager.default.fileExists(atPath: metrics) }
        terminal.pump(0.5)
        #expect(terminal.screen.lines.last == ":" && !terminal.screen.lines.contains { $0.contains("finished at") })
        terminal.send("q")
        try terminal.expect("[job 1, sft-1] finished at step 40")
        try terminal.expectLast("genac>")
    }

    @Test("a script shows its progress where standard error is a terminal, and only there")
    func progress() throws {
        let tiny = try TinyWorkspace()
        try tiny.write(
            "long.genac",
            TinyWorkspace.opening
                + "problem '1+1' --answer 2 --steps tokens:1\ngenerate -n 1\ntruth --rollouts 100000 > truth.txt\n")
        let terminal = try PseudoTerminal(["long.genac"], folder: tiny.folder)
        try terminal.wait("a bar") { $0.screen.lines.contains { $0.hasPrefix("truth ") && $0.contains("/s") } }
        terminal.send("\u{03}")
        #expect(try terminal.exitCode() == 130)
        let off = try tiny.run("problem '1+1' --answer 2; generate -n 1; truth --rollouts 3000")
        #expect(off.status == 0 && !off.errors.contains("\r") && !off.errors.contains("truth"), "\(off.errors)")
    }
}
