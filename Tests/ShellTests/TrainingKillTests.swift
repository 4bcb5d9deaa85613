import ChildProcess
import Foundation
import Testing

/// `train` through the binary, ended in every way there is, then resumed: bit for bit the uninterrupted run.
@Suite(.serialized) struct TrainingKillTests {
    private let folder = NSTemporaryDirectory() + "genac-kill-\(UUID().uuidString)"
    private static let steps = 150

    private static let train =
        "train sft model.path=\(TinyWorkspace.model) data.train_files=rows.jsonl data.chat_template=off "
        + "data.train_batch_size=8 actor.optim.lr=1e-3 trainer.total_training_steps=\(steps) trainer.save_freq=7 --wait"

    /// Runs a command until its run's log has `bytes`, then sends `signal`.
    /// - Returns: Whether the signal ended it; if not, the command had come to its end by itself, and well.
    /// - Throws: when it does neither: what hangs is no kill.
    private func run(_ command: String, run: String, until bytes: Int, signal: Int32) throws -> Bool {
        let process = try Binary.start(["-c", command], folder: folder)
        let log = "\(folder)/runs/\(run)/metrics.jsonl"
        let isThere = try process.waitUntil("has \(bytes) bytes in \(log)") {
            ((try? FileManager.default.attributesOfItem(atPath: log)[.size] as? Int) ?? 0) >= bytes
        }
        if isThere { process.send(signal) }
        let code = try process.wait()
        #expect(code == 128 + signal || code == 0, "\(process.errors)")
        return code == 128 + signal
    }

    /// A moment in each of `count` equal parts of a log of `size` bytes.
    private func moments(_ count: Int, _ size: Int) -> [Int] {
        (0..<count).map { Int.random(in: size * $0 / count..<size * ($0 + 1) / count) }
    }

    private func finish(_ run: String) throws {
        let result = try Binary.run(["-c", "resume \(run) --wait"], folder: folder)
        #expect(result.status == 0, "\(result.errors)")
    }

    private func files(_ run: String, steps: Int = steps, models: [String] = ["actor"]) throws -> [String: Data] {
        let root = "\(folder)/runs/\(run)"
        var files: [String: Data] = [:]
        for file in models.flatMap({ ["\($0)/model.safetensors", "\($0)-optimiser.safetensors"] }) {
            files[file] = try Data(contentsOf: URL(fileURLWithPath: "\(root)/checkpoints/\(steps)/\(file)"))
        }
        let log = try String(contentsOfFile: root + "/metrics.jsonl", encoding: .utf8)
        let lines = try log.split(separator: "\n").map { line -> [String: Any] in
            let row = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
            return row.filter { !$0.key.hasPrefix("timing_s/") && !$0.key.hasPrefix("perf/") }
        }
        #expect(lines.count == steps)
        files["metrics"] = try JSONSerialization.data(withJSONObject: lines, options: .sortedKeys)
        return files
    }

    @Test func killedTenTimesEndsAsUninterrupted() throws {
        try withSums(in: folder) {
            #expect(try Binary.run(["-c", Self.train], folder: folder).status == 0)
            let size = try Data(contentsOf: URL(fileURLWithPath: folder + "/runs/sft-1/metrics.jsonl")).count
            let moments = moments(10, size)
            var killed = 0
            for moment in moments {
                let begun = FileManager.default.fileExists(atPath: folder + "/runs/sft-2/recipe.json")
                let command = begun ? "resume sft-2 --wait" : Self.train
                if try run(command, run: "sft-2", until: moment, signal: SIGKILL) { killed += 1 }
            }
            // On a busy machine some come too late: the command has ended by itself.
            #expect(killed >= 5, "killed when the log had \(moments) bytes")
            try finish("sft-2")
            let runs = try FileManager.default.contentsOfDirectory(atPath: folder + "/runs")
            #expect(runs.sorted() == ["sft-1", "sft-2"])
            #expect(try files("sft-1") == files("sft-2"), "killed when the log had \(moments) bytes")
        }
    }

    /// A critic's stage on the starter pair, small enough for a kill to fall anywhere in it.
    private static func critic(_ stage: String) -> String {
        "train \(stage) model.path=starter:critic data.actors=starter:actor,starter:critic "
            + "data.train_files=starter:jumps:train "
            + "data.train_max_samples=40 data.train_batch_size=2 rollout.n=2 rollout.response_length=40 "
            + "critic.icc.measured_on=6 "
            + "critic.optim.lr=1e-3 trainer.total_training_steps=\(criticSteps) trainer.save_freq=3 rollout.log_freq=2 "
            + "--wait"
    }

    private static let criticSteps = 14

    /// Joint training of the starter pair, as small.
    private static func policy(_ stage: String) -> String {
        let own = [
            "genac":
                "critic.model.path=starter:critic critic.num_samples=2 critic.icc.measured_on=6 critic.optim.lr=1e-3 "
                + "critic.max_prefixes=3 ",
            "ppo":
                "critic.model.path=starter:actor critic.icc.measured_on=6 critic.optim.lr=1e-3 trainer.critic_warmup=2 "
                + "",
            "vineppo": "algorithm.mc_rollouts=2 critic.max_prefixes=3 ",
        ]
        return
            "train \(stage) model.path=starter:actor data.train_files=starter:jumps:train data.train_max_samples=40 "
            + "data.train_batch_size=2 rollout.n=2 "
            + "rollout.response_length=40 actor.optim.lr=1e-3 actor.ppo_mini_batch_size=1 "
            + "data.val_files=starter:jumps:dev data.val_max_samples=4 "
            + "trainer.test_freq=4 " + (own[stage] ?? "")
            + "trainer.total_training_steps=\(criticSteps) trainer.save_freq=3 rollout.log_freq=2 --wait"
    }

    @Test(
        "killed ten times over the critics' stages, each ends as if nothing had happened",
        arguments: ["critic-rl", "value-head"])
    func criticsKilledEndAsUninterrupted(_ stage: String) throws {
        try endsAsUninterrupted(Self.critic(stage), stage, kills: 5, models: ["critic"])
    }

    @Test(
        "killed twenty times over all methods of joint training, each ends as if nothing had happened",
        arguments: ["genac", "ppo", "grpo", "rloo", "vineppo"])
    func policiesKilledEndAsUninterrupted(_ stage: String) throws {
        try endsAsUninterrupted(
            Self.policy(stage), stage, kills: 4,
            models: ["genac", "ppo"].contains(stage) ? ["actor", "critic"] : ["actor"])
    }

    private func endsAsUninterrupted(_ train: String, _ stage: String, kills: Int, models: [String]) throws {
        try withSums(in: folder) {
            let whole = try Binary.run(["-c", train], folder: folder)
            #expect(whole.status == 0, "\(whole.errors)")
            let size = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/runs/\(stage)-1/metrics.jsonl")).count
            let moments = moments(kills, size)
            var killed = 0
            for moment in moments {
                let begun = FileManager.default.fileExists(atPath: "\(folder)/runs/\(stage)-2/recipe.json")
                let command = begun ? "resume \(stage)-2 --wait" : train
                if try run(command, run: "\(stage)-2", until: moment, signal: SIGKILL) { killed += 1 }
            }
            #expect(killed >= kills / 2, "killed when the log had \(moments) bytes")
            try finish("\(stage)-2")
            #expect(
                try everything("\(stage)-1", models) == everything("\(stage)-2", models),
                "killed when the log had \(moments) bytes")
        }
    }

    private func criticFiles(_ run: String) throws -> [String: Data] { try everything(run, ["critic"]) }

    /// Weights, moments, metrics and rollouts.
    private func everything(_ run: String, _ models: [String]) throws -> [String: Data] {
        var files = try files(run, steps: Self.criticSteps, models: models)
        for name in try FileManager.default.contentsOfDirectory(atPath: "\(folder)/runs/\(run)/rollouts") {
            files[name] = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/runs/\(run)/rollouts/\(name)"))
        }
        #expect(files.keys.count { $0.hasSuffix(".jsonl") } == 8)
        return files
    }

    @Test("a full disk stops a run with one error and loses nothing; with room again it ends as ever")
    func aFullDiskLosesNothing() throws {
        try withSums(in: folder) {
            let train = Self.critic("critic-rl")
            #expect(try Binary.run(["-c", train], folder: folder).status == 0)
            // No file may grow beyond 4 MiB: the weights' 3.7 MB fit, the optimiser's 7.3 do not.
            let cut = try limited(to: 4 << 10, train)
            #expect(cut.status == 1 && cut.errors.contains("critic-optimiser.safetensors"), "\(cut.errors)")
            #expect(cut.errors.contains("File too large"), "\(cut.errors)")
            #expect(FileManager.default.fileExists(atPath: folder + "/runs/critic-rl-2/recipe.json"))
            try finish("critic-rl-2")
            #expect(try criticFiles("critic-rl-1") == criticFiles("critic-rl-2"))
        }
    }

    @Test("a run directory that cannot be written is named, and goes on once it can")
    func anUnwritableRunIsNamed() throws {
        try withSums(in: folder) {
            let train = Self.critic("value-head")
            #expect(try Binary.run(["-c", train], folder: folder).status == 0)
            #expect(try run(train, run: "value-head-2", until: 4500, signal: SIGKILL))
            // Rights do not stop root: a plain file where the folder was does.
            let checkpoints = folder + "/runs/value-head-2/checkpoints"
            try FileManager.default.moveItem(atPath: checkpoints, toPath: folder + "/aside")
            try Data().write(to: URL(fileURLWithPath: checkpoints))
            let failed = try Binary.run(["-c", "resume value-head-2 --wait"], folder: folder)
            #expect(failed.status == 1 && failed.errors.contains("value-head-2/checkpoints"), "\(failed.errors)")
            try FileManager.default.removeItem(atPath: checkpoints)
            try FileManager.default.moveItem(atPath: folder + "/aside", toPath: checkpoints)
            try finish("value-head-2")
            #expect(try criticFiles("value-head-1") == criticFiles("value-head-2"))
        }
    }

    /// Runs a command under a limit of `blocks` kilobytes for any file.
    private func limited(to blocks: Int, _ command: String) throws -> (status: Int32, errors: String) {
        let process = try ChildProcess(
            "/bin/bash", ["-c", "trap '' XFSZ; ulimit -f \(blocks); exec \"$0\" -c \"$1\"", Binary.path, command],
            environment: ["HOME": folder, "PATH": "/usr/bin:/bin", "GENAC_HOME": Binary.root], folder: folder)
        return (try process.wait(), process.errors)
    }

    @Test func theNumberOfThreadsChangesNoBit() throws {
        try withSums(in: folder) {
            for threads in ["1", "2", "5"] {
                let result = try Binary.run(
                    ["-c", Self.train], folder: folder, environment: ["GENAC_THREADS": threads])
                #expect(result.status == 0, "\(result.errors)")
            }
            #expect(try files("sft-1") == files("sft-2") && files("sft-2") == files("sft-3"))
        }
    }

    @Test(arguments: [SIGTERM, SIGHUP]) func aPoliteSignalLeavesACheckpoint(_ signal: Int32) throws {
        try withSums(in: folder) {
            #expect(try Binary.run(["-c", Self.train], folder: folder).status == 0)
            #expect(try run(Self.train, run: "sft-2", until: 3000, signal: signal))
            let steps = try FileManager.default.contentsOfDirectory(atPath: folder + "/runs/sft-2/checkpoints")
                .compactMap { Int($0) }
            let log = try String(contentsOfFile: folder + "/runs/sft-2/metrics.jsonl", encoding: .utf8)
            #expect(steps.max() == log.split(separator: "\n").count)
            try finish("sft-2")
            #expect(try files("sft-1") == files("sft-2"))
        }
    }
}
