import Foundation
import Testing

@Suite("Watching a job", .serialized)
struct WatchTests {
    private let train =
        "train sft model.path=\(TinyWorkspace.model) data.train_files=rows.jsonl data.train_batch_size=2 "
        + "trainer.save_freq=0"

    @Test("a live picture is drawn in place, fits every size, and gives the screen back")
    func live() throws {
        let tiny = try TinyWorkspace()
        let terminal = try PseudoTerminal(columns: 90, folder: tiny.folder)
        try terminal.expectLast("genac>")
        terminal.send("\(train) trainer.total_training_steps=100000\r")
        try terminal.expect("genac (1 job)>")
        terminal.send("watch last\r")
        try terminal.wait("a picture with a chart") {
            $0.isPicture(rows: 50) && $0.screen.lines.contains { $0.contains("│") }
                && $0.screen.lines.contains { $0.contains("mean of 20") }
        }
        terminal.send("typed unseen")
        for (columns, rows) in [(90, 12), (40, 50), (30, 3), (10, 1), (120, 40)] {
            terminal.resize(columns: columns, rows: rows)
            let before = terminal.raw.count
            try terminal.wait("a picture of \(columns) by \(rows)", seconds: 20) {
                $0.raw.count > before + 2 && $0.isWholeFrame && $0.isPicture(rows: rows)
            }
            #expect(!terminal.screen.lines.contains { $0.contains("unseen") })
        }
        terminal.send("\u{03}")
        try terminal.wait("the prompt") { !$0.screen.isOnOtherScreen && $0.screen.lines.last == "genac (1 job)>" }
        #expect(
            terminal.screen.lines.filter { $0.hasPrefix("job 1  run sft-1") }.count == 1,
            "the table as it was last, once")
        terminal.send("stop last; watch sft-1\r")
        try terminal.wait("the ended job's table") {
            $0.screen.lines.contains { $0.hasPrefix("job 1  run sft-1  sft  stopped") }
                && $0.screen.lines.last == "genac>"
        }
    }

    @Test("a signal that ends the shell gives the screen back first")
    func leaving() throws {
        let tiny = try TinyWorkspace()
        let terminal = try PseudoTerminal(folder: tiny.folder)
        try terminal.expectLast("genac>")
        terminal.send("\(train) trainer.total_training_steps=100000; watch last train/epoch 'none/*'\r")
        try terminal.wait("charts of what was asked for") {
            $0.screen.isOnOtherScreen
                // A job this fast may have more steps than a chart has dots before the first picture; it comes to them.
                && ["train/epoch  (running mean of 20 steps)", "none/*", "  (no values yet)"]
                    .allSatisfy($0.screen.lines.contains)
        }
        kill(terminal.process, SIGTERM)
        #expect(try terminal.exitCode() == 128 + SIGTERM)
        #expect(!terminal.screen.isOnOtherScreen)
    }

    @Test("off a terminal the table is printed once, when the job is over")
    func plain() throws {
        let tiny = try TinyWorkspace()
        let result = try tiny.run("\(train) trainer.total_training_steps=8; watch 1; watch sft-1 'train/*'")
        #expect(result.status == 0, "\(result.errors)")
        #expect(
            result.output.components(separatedBy: "job 1  run sft-1  sft  finished  ██████████  step 8/8").count == 3,
            "\(result.output)")
        #expect(result.output.contains("\ntrain/loss ") && !result.output.contains("\u{1B}"))
        let json = try tiny.run("\(train) trainer.total_training_steps=8; watch 1", json: true).json.last
        #expect(
            json?["command"] as? String == "watch" && json?["job"] as? Int == 1
                && json?["state"] as? String == "finished" && json?["step"] as? Int == 8)
        #expect(json?["remaining_seconds"] is NSNull && json?["metrics"] is [String: Any])
        #expect(
            try tiny.run("\(train) trainer.total_training_steps=2; watch 1 train/lost").errors.contains(
                "has no metric train/lost; did you mean train/loss?"))
    }

    @Test("a job is named by number, run or last")
    func names() throws {
        let tiny = try TinyWorkspace()
        let result = try tiny.run(
            "\(train) trainer.total_training_steps=100000; pause last; resume sft-1; stop last; stop sft-1; stop "
                + "run:sft-1",
            json: true)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.json.suffix(5).allSatisfy { $0["run"] as? String == "sft-1" })
        #expect(
            try tiny.run(
                "\(train) trainer.total_training_steps=4; watch last; plot last; plot 1; plot run:sft-2", json: true
            ).status == 0)
    }
}

extension PseudoTerminal {
    /// Nothing of a frame is still to come.
    fileprivate var isWholeFrame: Bool { raw.suffix(8).elementsEqual(Array("\u{1B}[?2026l".utf8)) }

    /// The screen holds one whole picture and nothing else: its header is the first row, and there once.
    fileprivate func isPicture(rows: Int) -> Bool {
        let lines = screen.lines
        return screen.isOnOtherScreen && isWholeFrame && (1...rows).contains(lines.count)
            && lines.enumerated().allSatisfy { $0.element.hasPrefix("job 1") == ($0.offset == 0) }
    }
}
