import ChildProcess
import Foundation
import Testing

/// A run that another shell trains: looked into from here, steered from there.
@Suite("A second shell beside a training one", .serialized)
struct SecondShellTests {
    private let tiny: TinyWorkspace
    private let first: ChildProcess

    init() throws {
        tiny = try TinyWorkspace()
        first = try Binary.start(
            [
                "-c",
                "train sft model.path=\(TinyWorkspace.model) data.train_files=rows.jsonl data.train_batch_size=2 "
                    + "trainer.save_freq=0 trainer.total_training_steps=1000000 --wait",
            ], folder: tiny.folder)
        try tiny.waitForStep(of: "sft-1")
    }

    private func end() throws {
        first.send(SIGTERM)
        #expect(try first.wait() == 128 + SIGTERM, "\(first.errors)")
    }

    @Test("it lists, plots and follows the run, and the following ends with it")
    func looks() throws {
        let listed = try Binary.run(["--json", "-c", "runs; jobs; plot sft-1"], folder: tiny.folder)
        #expect(listed.status == 0, "\(listed.errors)")
        let run = (listed.json[0]["runs"] as? [[String: Any]])?.first,
            other = (listed.json[1]["others"] as? [[String: Any]])?.first
        #expect(run?["state"] as? String == "trained by process \(first.id)")
        #expect(other?["process"] as? Int == Int(first.id) && other?["run"] as? String == "sft-1")
        #expect((listed.json[1]["jobs"] as? [Any])?.isEmpty == true)
        let second = try PseudoTerminal(columns: 100, folder: tiny.folder)
        try second.expectLast("genac>")
        second.send("watch\r")
        func step() -> Int? {
            second.screen.lines.first?.firstMatch(of: #/step (\d+)\/1000000/#).flatMap { Int($0.1) }
        }
        try second.wait("a live picture") {
            $0.screen.isOnOtherScreen && $0.screen.lines.first?.hasPrefix("run sft-1  sft  trained by process") == true
        }
        let before = try #require(step())
        try second.wait("more steps") { _ in step().map { $0 > before } ?? false }
        second.send("\u{03}")
        try second.expectLast("genac>")
        second.send("watch sft-1\r")
        try second.wait("the picture again") { $0.screen.isOnOtherScreen }
        try end()
        try second.wait("the end of watching") {
            !$0.screen.isOnOtherScreen && $0.screen.lines.last == "genac>"
                && $0.screen.lines.contains { $0.hasPrefix("run sft-1  sft  stopped") }
        }
    }

    @Test("off a terminal it follows too; steering is refused with who trains it")
    func steers() throws {
        for command in ["pause", "stop"] {
            let result = try Binary.run(["-c", "\(command) sft-1"], folder: tiny.folder)
            #expect(
                result.status == 1
                    && result.errors.contains(
                        "sft-1 is trained by process \(first.id), not by this shell; pause or stop it there"),
                "\(result.errors)")
        }
        let resumed = try Binary.run(["-c", "resume"], folder: tiny.folder)
        #expect(
            resumed.status == 1
                && resumed.errors.contains(
                    "runs/sft-1: process \(first.id) has it open; stop it there, or wait for its end"),
            "\(resumed.errors)")
        let watcher = try Binary.start(["--json", "-c", "watch sft-1"], folder: tiny.folder)
        Thread.sleep(forTimeInterval: 0.5)
        #expect(watcher.output.isEmpty)
        try end()
        #expect(try watcher.wait() == 0, "\(watcher.errors)")
        #expect(watcher.output.contains(#""state":"stopped""#), "\(watcher.output)")
        let gone = try Binary.run(["-c", "watch sft-1; resume sft-1; stop"], folder: tiny.folder)
        #expect(gone.status == 0 && gone.output.contains("run sft-1  sft  stopped"), "\(gone.errors)\(gone.output)")
    }
}
