import ChildProcess
import Foundation
import Testing

/// What studies and runs with a name keep, and how they go on from it, through the binary on the starter pair.
@Suite(.serialized, .enabled(if: Binary.starterIsThere)) struct StudyKeepingTests {
    @Test(
        "a study that was killed goes on where it was and ends in the same bits; asked again it tells the same at once")
    func goesOn() throws {
        try Binary.withFolder { folder in
            let script =
                "set critic.icc.measured_on 20; load actor starter:actor; load critic starter:critic; "
                + "study approximation --problems 16 --rollouts 16 --shift none --shift longer --name a"
            let child = try Binary.start(["-c", script], folder: folder)
            let measured = folder + "/studies/a/measurements.jsonl"
            func lines() -> Int {
                (try? String(contentsOfFile: measured, encoding: .utf8))?.split(separator: "\n").count ?? 0
            }
            #expect(try child.waitUntil("has measured five problems") { lines() >= 5 })
            child.send(SIGKILL)
            #expect(try child.wait() == 128 + SIGKILL && (5..<32).contains(lines()), "killed in its midst")
            #expect(!FileManager.default.fileExists(atPath: folder + "/studies/a/result.json"))
            let again = try Binary.run(["-c", script], folder: folder)
            #expect(
                again.status == 0 && again.errors.contains("of its measurements already") && lines() == 32,
                "\(again.errors)")
            _ = try Binary.json(script.replacingOccurrences(of: "--name a", with: "--name b"), folder)
            #expect(try Binary.kept("a", "result.json", folder) == Binary.kept("b", "result.json", folder))
            #expect(try Binary.kept("a", "table.csv", folder) == Binary.kept("b", "table.csv", folder))
            let fewer = script.replacingOccurrences(of: "--rollouts 16", with: "--rollouts 8")
            let other = try Binary.run(["-c", fewer], folder: folder)
            #expect(other.status == 1 && other.errors.contains("rollouts: 16, not 8"), "\(other.errors)")
        }
    }

    @Test("what an iteration costs is kept: asked again, the same seconds")
    func cost() throws {
        try Binary.withFolder { folder in
            let script =
                "load actor starter:actor --measure none; study cost --name c --rollouts 1 --prompt 8 --response 8 "
                + "--prefixes 2 --suffix 4 --chain 4 --continuations 2 --runs 1"
            let (first, again) = (try Binary.json(script, folder).last, try Binary.json(script, folder).last)
            #expect(first?["rows"] as? NSArray == again?["rows"] as? NSArray)
            #expect(
                (first?["rows"] as? [[String: Any]])?.compactMap { $0["method"] as? String } == [
                    "ppo", "genac", "vineppo", "grpo",
                ])
        }
    }

    @Test("a run with a name is gone on with when the script that began it is run again")
    func namedRuns() throws {
        try Binary.withFolder { folder in
            func train(_ more: String) -> String {
                "train grpo model.path=starter:actor data.train_files=starter:jumps:train data.train_batch_size=2 "
                    + "actor.optim.lr=1e-4 trainer.total_training_steps=2 trainer.experiment_name=\(more) --wait"
            }
            _ = try Binary.json(train("mine"), folder)
            let again = try Binary.json(train("mine"), folder)
            #expect(again.last?["state"] as? String == "finished" && again.last?["run"] as? String == "mine")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/runs") == ["mine"])
            // As a kill leaves it: no checkpoint, some of the log.
            try FileManager.default.removeItem(atPath: folder + "/runs/mine/checkpoints")
            let resumed = try Binary.json(train("mine"), folder)
            #expect(
                resumed.last?["step"] as? Int == 2
                    && FileManager.default.fileExists(atPath: folder + "/runs/mine/checkpoints/2/state.json"))
            let other = try Binary.run(["-c", train("mine rollout.n=5")], folder: folder)
            #expect(other.status == 1 && other.errors.contains("rollout.n=4, not 5"), "\(other.errors)")
            for name in ["last", "7", "a/b", ".x"] {
                let refused = try Binary.run(["-c", train(name)], folder: folder)
                #expect(
                    refused.status == 1 && refused.errors.contains("trainer.experiment_name"),
                    "\(name): \(refused.errors)")
            }
        }
    }
}
