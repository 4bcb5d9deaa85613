import Checkpoints
import Compute
import Formats
import Foundation
import Jumps
import Problems
import Tokenizers
import Training
import Transformer

/// Tiny models and rows that tests train on.
enum Support {
    /// Where the fixtures are; the task whose problems tests train on is known from the first use on.
    static let fixtures: URL = {
        Tasks.register(JumpsTask())
        return URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Fixtures")
    }()

    /// - Parameter windows: Gemma 3's shape, whose first layer sees 7 tokens.
    static func checkpoint(seed: UInt64 = 3, windows: Bool = false) throws -> Checkpoint {
        let tokenizer = try Tokenizer(tokenizerJSON: JumpsTask.tokenizerJSON(), file: "starter")
        var shape = Configuration(
            architecture: windows ? .gemma3 : .llama, hidden: 32, layers: 2, heads: 4, kvHeads: 2, headDim: 8,
            intermediate: 48, vocabulary: tokenizer.vocabularySize, maxPositions: 256)
        if windows {
            shape.localRopeTheta = 500
            shape.layerAttention = [LayerAttention(window: 7, rotary: .local), .full]
        }
        let end = try required(tokenizer.id(ofSpecial: JumpsTask.endOfText))
        return Checkpoint(
            name: "tiny", origin: "test", model: try Initialisation.model(shape, seed: seed), tokenizer: tokenizer,
            endTokens: [end])
    }

    /// A folder that is removed by `body`'s end, with `train.jsonl` (23 rows) and `val.jsonl` (5 rows) in it.
    static func withFolder<T>(_ body: (String) throws -> T) throws -> T {
        _ = fixtures
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("genac-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        func rows(_ range: Range<Int>) -> String {
            range.map { #"{"prompt": "\#($0 % 10) + \#($0 % 7) = ", "response": "\#(($0 % 10 + $0 % 7) % 10) ok"}"# }
                .joined(separator: "\n") + "\n"
        }
        try rows(0..<23).write(toFile: folder + "/train.jsonl", atomically: true, encoding: .utf8)
        try rows(40..<45).write(toFile: folder + "/val.jsonl", atomically: true, encoding: .utf8)
        return try body(folder)
    }

    static func recipe(_ folder: String, _ more: String...) throws -> Recipe {
        try Recipe(
            method: .sft,
            assignments: [
                "model=tiny", "data.train_files=\(folder)/train.jsonl", "data.val_files=\(folder)/val.jsonl",
                "data.train_batch_size=5", "actor.optim.lr=1e-2", "actor.optim.lr_scheduler_type=cosine",
                "actor.optim.lr_warmup_steps=2", "trainer.total_training_steps=12", "trainer.save_freq=4",
                "trainer.test_freq=3", "data.max_token_len_per_gpu=40",
            ] + more)
    }

    static func centre(
        _ folder: String, windows: Bool = false, notify: @escaping @Sendable (JobEvent) -> Void = { _ in }
    ) -> JobCentre {
        JobCentre(runs: folder + "/runs", load: { _, _ in try checkpoint(windows: windows) }, notify: notify)
    }

    /// A run's metrics without what depends on the clock.
    static func metrics(_ run: String, _ folder: String) throws -> [[String: String]] {
        try JSONLines.objects(in: "\(folder)/runs/\(run)/metrics.jsonl").map { line in
            var kept: [String: String] = [:]
            for (key, value) in line.members where !key.hasPrefix("timing_s/") && !key.hasPrefix("perf/") {
                kept[key] = value.text()
            }
            return kept
        }
    }

    /// The bytes of a run's newest checkpoint, state.json's log length aside.
    static func checkpointBytes(_ run: String, _ folder: String) throws -> [String: Data] {
        let step = try RunDirectory.checkpoints(of: run, in: folder + "/runs").last ?? -1
        let root = "\(folder)/runs/\(run)/checkpoints/\(step)"
        var files: [String: Data] = ["step": Data("\(step)".utf8)]
        for file in ["actor/model.safetensors", "actor/config.json", "actor-optimiser.safetensors"] {
            files[file] = try Data(contentsOf: URL(fileURLWithPath: root + "/" + file))
        }
        return files
    }
}

extension Job {
    /// Waits until it is over; a job that hangs fails its test, not the suite.
    func end() throws {
        guard wait(seconds: 300) else { throw Hanging(status: current) }
    }
}

struct Hanging: Error {
    var status: JobStatus
}

struct Missing: Error {}

/// Unwraps or fails the test that asked.
func required<T>(_ value: T?) throws -> T {
    guard let value else { throw Missing() }
    return value
}
