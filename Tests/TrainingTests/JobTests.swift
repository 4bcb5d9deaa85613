import Checkpoints
import Foundation
import Testing
import Training

/// Jobs, their centre and those who wait for them, from several threads.
@Suite struct JobTests {
    /// Runs `body` on a thread of its own and gives up on it after a minute.
    private func ends(_ body: @escaping @Sendable () throws -> Void) -> Bool {
        let done = DispatchSemaphore(value: 0)
        Thread {
            do { try body() } catch { Issue.record("\(error)") }
            done.signal()
        }.start()
        return done.wait(timeout: .now() + 60) == .success
    }

    @Test("whoever waits for a job may ask the job and the centre: no lock is held meanwhile")
    func aWaitingPredicateMayAskAnything() throws {
        let isOver = ends {
            try Support.withFolder { folder in
                let centre = Support.centre(folder)
                let job = try centre.start(try Support.recipe(folder)).job
                let isSeen = job.wait(seconds: 30) { _ in
                    job.current.step >= 1 && centre.ahead(of: job) == nil && centre.jobs.count == 1
                }
                #expect(isSeen)
                try job.end()
                #expect(job.current.state == .finished)
            }
        }
        #expect(isOver, "nobody waits for ever")
    }

    @Test("four jobs, asked and steered from five threads at once, all end")
    func manyThreadsSteerManyJobs() throws {
        let isOver = ends {
            try Support.withFolder { folder in
                let centre = Support.centre(folder)
                let jobs = try (0..<4).map { _ in try centre.start(try Support.recipe(folder)).job }
                let group = DispatchGroup()
                for job in jobs {
                    Thread.detach(in: group) {
                        for _ in 0..<20 {
                            do { try job.pause() } catch { return }
                            _ = job.wait(seconds: 0.001) { $0 == .paused || centre.ahead(of: job) != nil }
                            do { try job.resume() } catch { return }
                        }
                    }
                }
                Thread.detach(in: group) { for _ in 0..<200 { for job in centre.jobs { _ = centre.ahead(of: job) } } }
                group.wait()
                for job in jobs {
                    if job.current.state == .paused { try job.resume() }
                    try job.end()
                    #expect(job.current.state == .finished)
                }
            }
        }
        #expect(isOver, "nobody waits for ever")
    }
}

extension Thread {
    fileprivate static func detach(in group: DispatchGroup, _ body: @escaping @Sendable () -> Void) {
        group.enter()
        Thread {
            body()
            group.leave()
        }.start()
    }
}

/// What a damaged or edited run directory must not turn into.
@Suite struct DamagedRunTests {
    private func finished(_ folder: String) throws -> (run: String, root: String) {
        let job = try Support.centre(folder).start(
            try Support.recipe(folder, "trainer.save_freq=1", "trainer.max_ckpt_to_keep=20")
        ).job
        try job.end()
        let root = "\(folder)/runs/\(job.run)"
        try FileManager.default.removeItem(atPath: root + "/checkpoints/12")
        return (job.run, root)
    }

    private func change(_ file: String, _ old: String, _ new: String) throws {
        let text = try String(contentsOfFile: file, encoding: .utf8)
        #expect(text.contains(old), "\(text)")
        try text.replacingOccurrences(of: old, with: new).write(toFile: file, atomically: true, encoding: .utf8)
    }

    @Test("a checkpoint that lost its state is said to be damaged and kept, not written over")
    func aCheckpointWithoutStateIsNamed() throws {
        try Support.withFolder { folder in
            let (run, root) = try finished(folder)
            try FileManager.default.removeItem(atPath: root + "/checkpoints/11/state.json")
            let resumed = try Support.centre(folder).resume(run)
            #expect(
                resumed.warnings.count == 1 && resumed.warnings[0].contains("checkpoint 11 is damaged"),
                "\(resumed.warnings)")
            try resumed.job.end()
            #expect(FileManager.default.fileExists(atPath: root + "/checkpoints/11.damaged/actor/model.safetensors"))
        }
    }

    @Test(
        "numbers that no run can have are damage, not a trap",
        arguments: [
            ("\"actor_updates\": 11", "\"actor_updates\": 9223372036854775807"),
            ("\"actor_updates\": 11", "\"actor_updates\": -3"),
        ])
    func absurdNumbersAreDamage(_ old: String, _ new: String) throws {
        try Support.withFolder { folder in
            let (run, root) = try finished(folder)
            try change(root + "/checkpoints/11/state.json", old, new)
            let resumed = try Support.centre(folder).resume(run)
            #expect(resumed.warnings.contains { $0.contains("checkpoint 11 is damaged") }, "\(resumed.warnings)")
            try resumed.job.end()
        }
    }

    @Test("a log is cut at a line's end or not at all")
    func aLogIsNotCutInsideALine() throws {
        try Support.withFolder { folder in
            let file = folder + "/log.jsonl"
            try "{\"a\":1}\n{\"a\":2}\n".write(toFile: file, atomically: true, encoding: .utf8)
            let log = try AppendLog(path: file)
            #expect(throws: TrainingError.self) { try log.cut(to: 5) }
            try log.cut(to: 8)
            #expect(try String(contentsOfFile: file, encoding: .utf8) == "{\"a\":1}\n")
        }
    }

    @Test("settings that a kept recipe lacks are named")
    func absentSettingsAreNamed() throws {
        try Support.withFolder { folder in
            let (run, root) = try finished(folder)
            let file = root + "/recipe.json", text = try String(contentsOfFile: file, encoding: .utf8)
            let lines = text.split(separator: "\n").filter { !$0.contains("trainer.save_minutes") }
            try lines.joined(separator: "\n").write(toFile: file, atomically: true, encoding: .utf8)
            let resumed = try Support.centre(folder).resume(run)
            #expect(resumed.warnings.contains { $0.contains("trainer.save_minutes=5") }, "\(resumed.warnings)")
            #expect(resumed.beginning.hasPrefix("begun by genac 0."))
            try resumed.job.end()
        }
    }

    @Test("rollouts with a score or an id that none has are refused, line by line")
    func absurdRolloutsAreRefused() throws {
        try Support.withFolder { folder in
            let runs = StarterRuns(folder: folder)
            let run = try runs.run(
                try Recipe(
                    method: .rloo,
                    assignments: [
                        "model=starter:actor", "data.train_files=starter:jumps:train", "data.train_batch_size=1",
                        "rollout.n=2",
                        "trainer.total_training_steps=1",
                    ]))
            let file = runs.rollouts(run, 1), text = try String(contentsOfFile: file, encoding: .utf8)
            for (pattern, new) in [(#""score":[0-9.]+"#, #""score":-1e300"#), (#""id":[0-9]+"#, #""id":-5"#)] {
                let bad = folder + "/bad.jsonl"
                let changed = text.replacingOccurrences(of: pattern, with: new, options: .regularExpression)
                #expect(changed != text)
                try changed.write(toFile: bad, atomically: true, encoding: .utf8)
                let error = #expect(throws: TrainingError.self) { try SampledRow.read(bad) }
                #expect(error?.location == bad + ":1")
            }
        }
    }
}
