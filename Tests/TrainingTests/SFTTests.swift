import Compute
import Foundation
import Testing
import Training

@Suite struct SFTTests {
    @Test func lossFallsAndTheCheckpointLoads() throws {
        try Support.withFolder { folder in
            let centre = Support.centre(folder)
            let (job, _) = try centre.start(
                try Support.recipe(folder, "trainer.total_training_steps=30", "actor.optim.lr=2e-2"))
            try job.end()
            #expect(job.current.state == .finished, "\(String(describing: job.current.error))")
            let metrics = try Support.metrics(job.run, folder)
            #expect(metrics.count == 30)
            let losses = try metrics.map { try required(Double(try required($0["train/loss"]))) }
            #expect(losses[29] < 0.5 * losses[0])
            #expect(metrics[2]["val/loss"] != nil && metrics[3]["val/loss"] == nil && metrics[29]["val/loss"] != nil)
            let path = try RunDirectory.modelPath(of: job.run, preferring: .actor, in: folder + "/runs")
            #expect(FileManager.default.fileExists(atPath: path + "/model.safetensors"))
            #expect(try RunDirectory.checkpoints(of: job.run, in: folder + "/runs") == [28, 30])
        }
    }

    @Test func stoppedAndResumedEqualsUninterrupted() throws {
        try Support.withFolder { folder in
            let centre = Support.centre(folder)
            let whole = try centre.start(try Support.recipe(folder)).job
            try whole.end()
            let stopper = Stopper(atStep: 5)
            let parts = try Support.centre(folder) { stopper.heard($0) }.start(try Support.recipe(folder)).job
            stopper.watch(parts)
            try parts.end()
            #expect(parts.current.state == .stopped && parts.current.step == 5)
            let third = Support.centre(folder)
            let resumed = try third.resume(parts.run)
            try resumed.job.end()
            #expect(resumed.job.current.state == .finished && resumed.warnings.isEmpty)
            #expect(try Support.checkpointBytes(whole.run, folder) == Support.checkpointBytes(parts.run, folder))
            #expect(try Support.metrics(whole.run, folder) == Support.metrics(parts.run, folder))
        }
    }

    @Test func killedBetweenCheckpointsEqualsUninterrupted() throws {
        try Support.withFolder { folder in
            let centre = Support.centre(folder)
            let whole = try centre.start(try Support.recipe(folder, "trainer.max_ckpt_to_keep=9")).job
            try whole.end()
            let runs = folder + "/runs", copy = "sft-7"
            for lastStep in [8, 4, 0] {
                try? FileManager.default.removeItem(atPath: "\(runs)/\(copy)")
                try FileManager.default.copyItem(atPath: "\(runs)/\(whole.run)", toPath: "\(runs)/\(copy)")
                for step in [4, 8, 12] where step > lastStep {
                    try FileManager.default.removeItem(atPath: "\(runs)/\(copy)/checkpoints/\(step)")
                }
                let log = "\(runs)/\(copy)/metrics.jsonl"
                let torn = try Data(contentsOf: URL(fileURLWithPath: log)).dropLast(25)
                try Data(torn).write(to: URL(fileURLWithPath: log))
                try FileManager.default.createDirectory(
                    atPath: "\(runs)/\(copy)/checkpoints/.11.99-1.tmp", withIntermediateDirectories: true)
                let resumed = try Support.centre(folder).resume(copy).job
                try resumed.end()
                #expect(try Support.checkpointBytes(whole.run, folder) == Support.checkpointBytes(copy, folder))
                #expect(try Support.metrics(whole.run, folder) == Support.metrics(copy, folder))
                #expect(!FileManager.default.fileExists(atPath: "\(runs)/\(copy)/checkpoints/.11.99-1.tmp"))
            }
        }
    }

    @Test func aRunIsOpenOnce() throws {
        try Support.withFolder { folder in
            let recipe = try Support.recipe(folder)
            let held = try RunDirectory.create(in: folder + "/runs", recipe: recipe, steps: 1)
            #expect(throws: TrainingError.self) { try RunDirectory.open(held.id, in: folder + "/runs") }
            #expect(throws: TrainingError.self) { try Support.centre(folder).resume(held.id) }
            #expect(throws: TrainingError.self) { try RunDirectory.open("../x", in: folder + "/runs") }
            withExtendedLifetime(held) {}
        }
    }

    @Test func passesOfAnySizeGiveTheSameStep() throws {
        try Support.withFolder { folder in
            var losses: [[Double]] = []
            for size in [8, 40, 4096] {
                let job = try Support.centre(folder).start(
                    try Support.recipe(folder, "data.max_token_len_per_gpu=\(size)", "trainer.total_training_steps=4")
                ).job
                try job.end()
                losses.append(
                    try Support.metrics(job.run, folder).map { try required(Double(try required($0["train/loss"]))) })
            }
            for other in losses.dropFirst() { #expect(zip(losses[0], other).allSatisfy { abs($0 - $1) < 1e-5 }) }
        }
    }

    @Test func pauseHoldsAndSnapshotWrites() throws {
        try Support.withFolder { folder in
            let stopper = Stopper()
            let centre = Support.centre(folder) { stopper.heard($0) }
            let job = try centre.start(
                try Support.recipe(
                    folder, "trainer.total_training_steps=4000", "trainer.save_freq=0", "trainer.test_freq=0")
            ).job
            job.snapshot()
            #expect(try !RunDirectory.checkpoints(of: job.run, in: folder + "/runs").isEmpty)
            try job.pause()
            try stopper.wait(for: .paused)
            let step = job.current.step
            #expect(!job.wait(seconds: 0.05) && job.current.step == step)
            try job.resume()
            centre.leave()
            #expect(job.current.state == .stopped)
            #expect(throws: TrainingError.self) { try job.pause() }
        }
    }

    @Test func twoJobsRunOneAfterTheOther() throws {
        try Support.withFolder { folder in
            let centre = Support.centre(folder)
            let jobs = try (0..<2).map { _ in
                try centre.start(try Support.recipe(folder, "trainer.total_training_steps=3")).job
            }
            for job in jobs { try job.end() }
            #expect(jobs.map(\.current.state) == [.finished, .finished])
            #expect(try Support.checkpointBytes(jobs[0].run, folder) == Support.checkpointBytes(jobs[1].run, folder))
        }
    }

    @Test func aPausedJobLetsTheNextOneRun() throws {
        try Support.withFolder { folder in
            let stopper = Stopper()
            let centre = Support.centre(folder) { stopper.heard($0) }
            let first = try centre.start(try Support.recipe(folder, "trainer.total_training_steps=300")).job
            try first.pause()
            try stopper.wait(for: .paused)
            let second = try centre.start(try Support.recipe(folder, "trainer.total_training_steps=2")).job
            try second.end()
            #expect(second.current.state == .finished && first.current.state == .paused)
            try first.resume()
            try first.end()
            #expect(first.current.state == .finished)
        }
    }

    @Test func resumeRefusesOtherData() throws {
        try Support.withFolder { folder in
            let job = try Support.centre(folder).start(try Support.recipe(folder, "trainer.total_training_steps=2")).job
            try job.end()
            let file = folder + "/train.jsonl"
            let rows = try String(contentsOfFile: file, encoding: .utf8)
            try rows.replacingOccurrences(of: "5 ok", with: "6 ok").write(
                toFile: file, atomically: true, encoding: .utf8)
            #expect(throws: TrainingError.self) { try Support.centre(folder).resume(job.run) }
        }
    }

    @Test(arguments: ["state.json", "actor-optimiser.safetensors", "actor/model.safetensors", "actor/config.json"])
    func damagedCheckpointsAreNamedAndNothingIsLost(_ name: String) throws {
        try Support.withFolder { folder in
            let job = try Support.centre(folder).start(try Support.recipe(folder, "trainer.total_training_steps=5")).job
            try job.end()
            let root = "\(folder)/runs/\(job.run)/checkpoints"
            let file = "\(root)/5/\(name)"
            try Data(contentsOf: URL(fileURLWithPath: file)).dropLast(40).write(to: URL(fileURLWithPath: file))
            let before = try Support.checkpointBytes(job.run, folder).filter { $0.key != name }
            let again = try Support.centre(folder).resume(job.run), (resumed, warnings) = (again.job, again.warnings)
            #expect(
                warnings.count == 1 && warnings[0].contains("checkpoint 5 is damaged") && warnings[0].contains("/5/"))
            #expect(FileManager.default.fileExists(atPath: "\(root)/5.damaged/\(name)"))
            try resumed.end()
            #expect(resumed.current.state == .finished)
            #expect(try Support.checkpointBytes(job.run, folder).filter { $0.key != name } == before)
        }
    }

    @Test func whatDoesNotFitInMemoryIsRefusedBeforeARunExists() throws {
        try Support.withFolder { folder in
            let centre = JobCentre(
                runs: folder + "/runs", load: { _, _ in try Support.checkpoint() }, availableMemory: 100_000,
                notify: { _ in })
            let error = #expect(throws: TrainingError.self) { try centre.start(try Support.recipe(folder)) }
            #expect(error?.what.contains("1 MB are free") == true)
            #expect(!FileManager.default.fileExists(atPath: folder + "/runs"))
        }
    }

    @Test(arguments: [
        (#"{"prompt": "a"}"#, ":2"), (#"{"prompt": 3, "response": "b"}"#, ":2"),
        (#"{"prompt": "a", "response": 4}"#, ":2"),
        (#"[1]"#, ":2"), (#"{"prompt": "", "response": "b"}"#, ":2"), (#"{"prompt": [], "response": "b"}"#, ":2"),
        (#"{"prompt": "a", "response": "b""#, ":2"),
    ])
    func badRowsNameFileAndLine(_ line: String, _ place: String) throws {
        try Support.withFolder { folder in
            let file = folder + "/bad.jsonl"
            try (#"{"prompt": "a", "response": "b"}"# + "\n" + line + "\n").write(
                toFile: file, atomically: true, encoding: .utf8)
            do {
                _ = try Support.centre(folder).start(try Support.recipe(folder, "data.train_files=\(file)"))
                Issue.record("accepted")
            } catch let error as any GenacError {
                #expect(error.location?.contains("bad.jsonl" + place) == true, "\(error)")
            }
        }
    }
}
