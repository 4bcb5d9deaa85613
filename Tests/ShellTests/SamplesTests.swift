import Foundation
import Shell
import Testing

@Suite("The samples command")
struct SamplesTests {
    private func workspace() throws -> TinyWorkspace {
        let tiny = try TinyWorkspace()
        try tiny.writeRun("ppo-1", steps: 4)
        try tiny.writeRollouts("ppo-1", step: 1, [TinyWorkspace.rollout(sample: 0, score: 1)])
        try tiny.writeRollouts(
            "ppo-1", step: 3,
            (0..<6).map { TinyWorkspace.rollout(sample: $0, score: $0 % 2, text: "one\n\u{1B}[31manswer: 2\n") })
        return tiny
    }

    private func run(_ command: String, _ tiny: TinyWorkspace, json: Bool = false) throws -> Binary.Result {
        try Binary.run((json ? ["--json"] : []) + ["-c", command], folder: tiny.folder)
    }

    @Test("steps with values, chains under them, what was left out and why, and the sum of all")
    func text() throws {
        let result = try run("samples last", try workspace())
        #expect(result.status == 0, "\(result.errors)")
        for part in [
            "run ppo-1, step 3  (kept: 1 3)", "problem 5  test, answer 2",
            "rollout 2 of 6, sample 1  by m^[]0;x^G, told 25 % (ema@3), right, answer 2, reward 1",
            "ICC off: sampling", "novelty new↵field",
            "chain 1  parsed  score 7  reward -0.49  adv. +0.100  first line … Score: 7",
            "chain 2  failed (no_cue)  score -", "left out of training: it has no score",
            "left out of training: its step is cut", "… and 2 more: --limit 6",
            "6 rollouts, 3 right (50 %), mean reward 0.50, 12 prefixes, 12 chains of mean reward -0.25, 6 parse "
                + "failures; left out of training: 6 prefixes, 6 chains",
        ] { #expect(result.output.contains(part), "\(part) is missing in\n\(result.output)") }
        #expect(!result.output.contains("middle") && !result.output.contains("<solution>"))
        #expect(
            result.output.unicodeScalars.allSatisfy {
                $0 == "\n" || $0.value >= 0x20 && !(0x80..<0xA0).contains($0.value) && $0 != "\u{202E}"
            })
    }

    @Test("--full prints whole chains and what was read, --problem and --limit choose")
    func choosing() throws {
        let tiny = try workspace()
        let full = try run("samples ppo-1 3 --problem 7 --full", tiny)
        #expect(
            full.output.contains("          middle\n")
                && full.output.contains("the critic read (9 tokens):\n          <solution></solution>\n"))
        #expect(full.output.contains("rollout 1 of 1, sample 2") && !full.output.contains("sample 1"))
        let json = try run("samples ppo-1 --limit 2", tiny, json: true).json.last
        let rows = json?["rows"] as? [[String: Any]]
        #expect(
            json?["run"] as? String == "ppo-1" && json?["step"] as? Int == 3 && json?["steps"] as? [Int] == [1, 3]
                && rows?.count == 2)
        #expect(
            rows?.first?["output"] as? String == "one\n\u{1B}[31manswer: 2\n"
                && rows?.first?["novelty"] as? String == "new\nfield")
        #expect((try run("samples ppo-1", tiny, json: true).json.last?["rows"] as? [Any])?.count == 6)
    }

    @Test("rows of almost nothing are shown as far as they go")
    func sparse() throws {
        let tiny = try workspace()
        try tiny.writeRollouts(
            "ppo-1", step: 9,
            [
                [:], ["output": "only text", "score": NSNull(), "prefixes": NSNull(), "masked": NSNull()],
                ["prefixes": [[:], ["chains": [[:]]]]],
            ])
        let result = try run("samples ppo-1", tiny)
        #expect(
            result.status == 0 && result.output.contains("  only text\n")
                && result.output.contains("3 rollouts, 2 prefixes, 1 chain, 0 parse failures"), "\(result.output)")
    }

    @Test("a step that is not kept, a problem that is not there, and a broken row are told")
    func refusals() throws {
        let tiny = try workspace()
        #expect(try run("samples ppo-1 2", tiny).errors.contains("keeps no rollouts of step 2; it keeps: 1 3"))
        #expect(try run("samples ppo-1 --problem 99", tiny).errors.contains("it has: 5 6 7 8 9 10"))
        try tiny.writeRun("sft-2", steps: 1)
        #expect(try run("samples sft-2", tiny).errors.contains("the run sft-2 keeps no rollouts"))
        try tiny.write("runs/ppo-1/rollouts/4.jsonl", "{\"output\":\"a\"}\n{\"output\":\n{\"output\":\"b\"}\n")
        let broken = try run("samples ppo-1", tiny)
        #expect(
            broken.status == 1 && broken.errors.contains("runs/ppo-1/rollouts/4.jsonl:2: ")
                && broken.errors.split(separator: "\n").count == 1, "\(broken.errors)")
        #expect(broken.output.isEmpty)
        // Rollouts are written all at once: a line that stops short was cut off later.
        try tiny.write("runs/ppo-1/rollouts/4.jsonl", "{\"output\":\"whole\"}\n{\"output\":\"cut o")
        #expect(try run("samples ppo-1", tiny).errors.contains("rollouts/4.jsonl:2: "))
    }

    @Test("many steps are listed by what is regular in them")
    func listing() {
        for (steps, text) in [
            ([], ""), ([3], "3"), ([1, 3], "1 3"), ([1, 2, 3, 5], "1-3 5"), ([1, 10, 20, 30, 35], "1 10-30 by 10 35"),
            ([2, 4, 6, 7, 8], "2-6 by 2 7 8"),
        ] { #expect(RolloutFolder.listed(steps) == text) }
    }

    @Test("Tab completes runs, and the metrics of the newest")
    func completing() throws {
        let tiny = try workspace()
        let terminal = try PseudoTerminal(folder: tiny.folder)
        try terminal.expectLast("genac>")
        terminal.send("plot pp\ttrain/l\t")
        try terminal.expectLast("genac> plot ppo-1 train/loss")
        terminal.send("\u{03}")
        try terminal.expectLast("genac>")
        terminal.send("samples l\t1\r")
        try terminal.expect("1 rollout, 1 right (100 %)")
    }
}
