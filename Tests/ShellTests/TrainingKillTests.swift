import Foundation
import Testing

/// `train sft` through the binary, ended in every way there is, then resumed: bit for bit the uninterrupted run.
@Suite(.serialized) struct TrainingKillTests {
    private let folder = NSTemporaryDirectory() + "genac-kill-\(UUID().uuidString)"
    private static let steps = 150

    private func withFolder(_ body: () throws -> Void) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let rows = (0..<40).map { "{\"prompt\":\"\($0)+1\\n=\\n\",\"response\":\"\($0 + 1)\"}\n" }.joined()
        try rows.write(toFile: folder + "/rows.jsonl", atomically: true, encoding: .utf8)
        try body()
    }

    private static let train =
        "train sft model.path=\(TinyWorkspace.model) data.train_files=rows.jsonl data.chat_template=off "
        + "data.train_batch_size=8 actor.optim.lr=1e-3 trainer.total_training_steps=\(steps) trainer.save_freq=7 --wait"

    /// Runs a command until its run's log has `bytes`, then sends `signal`.
    /// - Returns: Whether the process was still there to be signalled.
    private func run(_ command: String, run: String, until bytes: Int, signal: Int32) throws -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Binary.path)
        process.arguments = ["-c", command]
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.environment = ["HOME": folder, "PATH": "/usr/bin:/bin", "GENAC_HOME": Binary.root]
        (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
        try process.run()
        let log = "\(folder)/runs/\(run)/metrics.jsonl"
        while process.isRunning {
            let size = (try? FileManager.default.attributesOfItem(atPath: log)[.size] as? Int) ?? 0
            if size >= bytes { break }
            usleep(200)
        }
        guard process.isRunning else { return false }
        kill(process.processIdentifier, signal)
        process.waitUntilExit()
        return true
    }

    private func finish(_ run: String) throws {
        let result = try Binary.run(["-c", "resume \(run) --wait"], folder: folder)
        #expect(result.status == 0, "\(result.errors)")
    }

    private func files(_ run: String) throws -> [String: Data] {
        let root = "\(folder)/runs/\(run)"
        var files: [String: Data] = [:]
        for file in ["actor/model.safetensors", "optimiser.safetensors"] {
            files[file] = try Data(contentsOf: URL(fileURLWithPath: "\(root)/checkpoints/\(Self.steps)/\(file)"))
        }
        let log = try String(contentsOfFile: root + "/metrics.jsonl", encoding: .utf8)
        let lines = try log.split(separator: "\n").map { line -> [String: Any] in
            let row = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
            return row.filter { !$0.key.hasPrefix("timing_s/") && !$0.key.hasPrefix("perf/") }
        }
        #expect(lines.count == Self.steps)
        files["metrics"] = try JSONSerialization.data(withJSONObject: lines, options: .sortedKeys)
        return files
    }

    @Test func killedTenTimesEndsAsUninterrupted() throws {
        try withFolder {
            #expect(try Binary.run(["-c", Self.train], folder: folder).status == 0)
            let size = try Data(contentsOf: URL(fileURLWithPath: folder + "/runs/sft-1/metrics.jsonl")).count
            var generator = SystemRandomNumberGenerator()
            let moments = (0..<10).map { _ in Int.random(in: 0..<size, using: &generator) }.sorted()
            for (index, moment) in moments.enumerated() {
                let begun = FileManager.default.fileExists(atPath: folder + "/runs/sft-2/recipe.json")
                _ = try run(begun ? "resume sft-2 --wait" : Self.train, run: "sft-2", until: moment, signal: SIGKILL)
                if index == 4, FileManager.default.fileExists(atPath: folder + "/runs/sft-3") { Issue.record("a second run") }
            }
            try finish("sft-2")
            #expect(try files("sft-1") == files("sft-2"), "killed when the log had \(moments) bytes")
        }
    }

    @Test func theNumberOfThreadsChangesNoBit() throws {
        try withFolder {
            for threads in ["1", "2", "5"] {
                let result = try Binary.run(["-c", Self.train], folder: folder, environment: ["GENAC_THREADS": threads])
                #expect(result.status == 0, "\(result.errors)")
            }
            #expect(try files("sft-1") == files("sft-2") && files("sft-2") == files("sft-3"))
        }
    }

    @Test(arguments: [SIGTERM, SIGHUP]) func aPoliteSignalLeavesACheckpoint(_ signal: Int32) throws {
        try withFolder {
            #expect(try Binary.run(["-c", Self.train], folder: folder).status == 0)
            #expect(try run(Self.train, run: "sft-2", until: 3000, signal: signal))
            let steps = try FileManager.default.contentsOfDirectory(atPath: folder + "/runs/sft-2/checkpoints").compactMap { Int($0) }
            let log = try String(contentsOfFile: folder + "/runs/sft-2/metrics.jsonl", encoding: .utf8)
            #expect(steps.max() == log.split(separator: "\n").count)
            try finish("sft-2")
            #expect(try files("sft-1") == files("sft-2"))
        }
    }
}
