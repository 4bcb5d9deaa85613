import Foundation
import Testing

@Suite("Jobs and their runs, on a random model")
struct TrainingCommandTests {
    @Test("train, jobs, stop, resume, plot, and the run's weights")
    func training() throws {
        let tiny = try TinyWorkspace()
        let train =
            "train sft model.path=\(TinyWorkspace.model) data.train_files=rows.jsonl data.train_batch_size=2 "
            + "trainer.total_training_steps=6 trainer.save_freq=2"
        let result = try tiny.run(
            "\(train) --wait; jobs; runs; plot 1; load actor run:sft-1@4 --as t; load actor run:last --as u; models",
            json: true)
        let row = try Binary.last(result, "train")
        #expect(
            row["state"] as? String == "finished" && row["step"] as? Int == 6 && row["steps"] as? Int == 6
                && row["run"] as? String == "sft-1")
        #expect((try Binary.last(result, "jobs")["jobs"] as? [[String: Any]])?.first?["state"] as? String == "finished")
        #expect((try Binary.last(result, "plot")["metrics"] as? [String: Any])?.isEmpty == false)
        let resumed = try Binary.last(try tiny.run("resume sft-1 --wait", json: true), "resume")
        #expect(resumed["state"] as? String == "finished" && resumed["step"] as? Int == 6)
        let long = train.replacingOccurrences(of: "steps=6", with: "steps=100000")
        let stopped = try Binary.last(try tiny.run("\(long); jobs; stop 1", json: true), "stop")
        #expect(stopped["state"] as? String == "stopped")
        let left = try tiny.run("\(long); quit")
        #expect(left.status == 0 && left.errors.contains("resume sft-"), "\(left.errors)")
        #expect(try tiny.run("train sft model.path=x").errors.contains("data.train_files"))
        #expect(try tiny.run("train sft actor.optim.rl=1").errors.contains("actor.optim.lr"))
    }

    @Test("SIGTERM and SIGHUP have a job write its checkpoint, whether a command waits for it or nothing runs")
    func leaving() throws {
        let train =
            "train sft model.path=\(TinyWorkspace.model) data.train_files=rows.jsonl "
            + "trainer.total_training_steps=100000 trainer.save_freq=0"
        for (signal, waits) in [(SIGTERM, true), (SIGHUP, false)] {
            let tiny = try TinyWorkspace()
            let process = try Binary.start([], input: nil, folder: tiny.folder)
            process.write(train + (waits ? " --wait\n" : "\n"))
            try tiny.waitForStep(of: "sft-1")
            process.send(signal)
            #expect(try process.wait() == 128 + signal)
            let runs = try tiny.run("runs", json: true).json.last?["runs"] as? [[String: Any]]
            #expect((runs?.first?["checkpoints"] as? [Int])?.count == 1)
        }
    }

    @Test("a run's checkpoint by the seconds it took, and its metrics over them: tests do not count")
    func bySeconds() throws {
        let tiny = try TinyWorkspace()
        let train =
            "train sft model.path=\(TinyWorkspace.model) data.train_files=rows.jsonl data.train_batch_size=2 "
            + "trainer.total_training_steps=6 trainer.save_freq=2 trainer.max_ckpt_to_keep=9"
        #expect(try tiny.run("\(train) --wait").status == 0)
        // Each step took a quarter of a second, and the third tested for ten more.
        try tiny.write(
            "runs/sft-1/metrics.jsonl",
            (1...6).map { step in
                let seconds = step == 3 ? #"10.25,"timing_s/testing":10"# : "0.25"
                return #"{"step":\#(step),"train/loss":\#(step),"timing_s/step":\#(seconds)}"# + "\n"
            }.joined())
        let plotted = try tiny.run("plot sft-1 train/loss --by seconds", json: true).json.last
        let points = try #require((plotted?["metrics"] as? [String: Any])?["train/loss"] as? [[Double]])
        #expect(points == (1...6).map { [0.25 * Double($0), Double($0)] })
        // Another seed, twice as slow and up to its fourth step: the mean is of the steps that both have.
        try tiny.writeRun("other", steps: 4, scale: 12)
        try tiny.write(
            "runs/other/metrics.jsonl",
            (1...4).map { "{\"step\":\($0),\"train/loss\":\(3 * $0),\"timing_s/step\":0.5}\n" }.joined())
        let mean = try tiny.run("plot sft-1,other train/loss --by seconds", json: true).json.last
        #expect(
            (mean?["metrics"] as? [String: Any])?["train/loss"] as? [[Double]]
                == (1...4).map { [0.375 * Double($0), 2 * Double($0)] })
        for (seconds, step) in [("1.3", 4), ("1", 4), ("0.99", 2), ("60", 6)] {
            let result = try tiny.run(
                "load actor run:sft-1@\(seconds)s --as t; train sft model.path=run:sft-1@\(seconds)s "
                    + "data.train_files=rows.jsonl trainer.total_training_steps=1 --wait",
                json: true)
            #expect(result.status == 0, "\(result.errors)")
            let newest = try #require(
                try FileManager.default.contentsOfDirectory(atPath: tiny.folder + "/runs").sorted {
                    $0.compare($1, options: .numeric) == .orderedAscending
                }.last)
            #expect(
                try String(contentsOfFile: "\(tiny.folder)/runs/\(newest)/recipe.json", encoding: .utf8).contains(
                    "run:sft-1@\(step)\""))
        }
        let early = try tiny.run("load actor run:sft-1@0.3s")
        #expect(
            early.status == 1
                && early.errors.contains("step 2 (after 0.5 s), step 4 (after 1 s), step 6 (after 1.5 s)"),
            "\(early.errors)")
    }

    @Test("a running job's weights are written when run:ID is loaded")
    func snapshot() throws {
        let tiny = try TinyWorkspace()
        let train =
            "train sft model.path=\(TinyWorkspace.model) data.train_files=rows.jsonl "
            + "trainer.total_training_steps=100000 trainer.save_freq=0"
        let result = try tiny.run("\(train); load actor run:sft-1 --as t; jobs; stop 1", json: true)
        #expect(result.status == 0, "\(result.errors)")
        #expect((try Binary.last(result, "jobs")["jobs"] as? [[String: Any]])?.first?["state"] as? String == "running")
    }
}
