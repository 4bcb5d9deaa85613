import Checkpoints
import Compute
import Formats
import Foundation
import Synchronization
import Testing
import Training
import Transformer

/// Weights, losses and gradients that are no numbers end a run with an error that says so.
@Suite struct NotFiniteTests {
    /// The tiny checkpoint with some of its tensors changed.
    private static func checkpoint(
        _ change: (_ name: String, _ place: Int, _ value: Float) -> Float
    ) throws -> Checkpoint {
        let plain = try Support.checkpoint()
        let shape = plain.model.configuration, layout = ParameterLayout(shape)
        let values = try FloatBuffer(count: layout.count), source = try TrainableModel(plain.model).values
        for entry in layout.entries {
            for place in 0..<entry.count {
                values[entry.offset + place] = change(entry.name, place, source[entry.offset + place])
            }
        }
        return plain.replacing(
            model: try TrainableModel(configuration: shape, values: values).inferenceModel(), valueHead: nil)
    }

    private func failure(_ checkpoint: Checkpoint, _ more: [String] = []) throws -> TrainingError {
        try Support.withFolder { folder in
            let centre = JobCentre(runs: folder + "/runs", load: { _, _ in checkpoint }, notify: { _ in })
            let job = try centre.start(
                try Recipe(
                    method: .sft,
                    assignments: [
                        "model=tiny", "data.train_files=\(folder)/train.jsonl", "trainer.total_training_steps=3",
                    ] + more)
            ).job
            try job.end()
            #expect(job.current.state == .failed)
            return try required(job.current.error as? TrainingError)
        }
    }

    @Test("weights that are no numbers are named before anything is trained")
    func spoiledWeightsAreNamed() throws {
        let spoiled = try Self.checkpoint { name, place, value in
            name == "model.layers.1.mlp.up_proj.weight" && place == 5 ? .nan : value
        }
        let error = #expect(throws: TransformerError.self) { try TrainableModel(spoiled.model) }
        #expect(
            error?.what == "the weights are not all numbers: model.layers.1.mlp.up_proj.weight holds NaN at place 5")
    }

    @Test("a head of another size is an error, not zeros that train")
    func aTensorOfAnotherSizeIsRefused() throws {
        let head = ValueHead(weight: try FloatBuffer(Array(repeating: 1, count: 16)), bias: 0)
        let error = #expect(throws: TransformerError.self) {
            try TrainableModel(Support.checkpoint().model, valueHead: head)
        }
        guard case .wrongSize("score.weight", 128, 64)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("a loss that is no number ends the run at its step, and its weights are not saved")
    func aLossThatIsNoNumberEndsTheRun() throws {
        let overflowing = try Self.checkpoint { name, _, value in name == "model.norm.weight" ? 3e38 : value }
        let error = try failure(overflowing)
        guard case .notFinite(_, _, step: 1, tensor: nil) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(error.what == "the actor's loss is no number (NaN) at step 1")
    }

    @Test("a run whose every gradient overflowed fails, and says so before its end")
    func skippedStepsAreNoTraining() throws {
        // gate = 0 makes the layer say nothing, so that the loss is finite; its gradient is up times down.
        let overflowing = try Self.checkpoint { name, _, value in
            name.contains("gate_proj")
                ? 0
                : name.contains("up_proj") ? value * 1e37 : name.contains("down_proj") ? value * 1e9 : value
        }
        try Support.withFolder { folder in
            let said = Said()
            let centre = JobCentre(
                runs: folder + "/runs", load: { _, _ in overflowing },
                notify: { event in
                    if case .warning(_, let text) = event { said.add(text) }
                })
            let job = try centre.start(
                try Recipe(
                    method: .sft,
                    assignments: [
                        "model=tiny", "data.train_files=\(folder)/train.jsonl", "trainer.total_training_steps=4",
                    ])
            ).job
            try job.end()
            guard case .nothingLearned(steps: 4, skipped: 4)? = job.current.error as? TrainingError else {
                Issue.record("\(job.current)")
                return
            }
            #expect(said.all == ["no update was made in any of the 3 steps so far: the weights are what they were"])
            let rows = try JSONLines.objects(in: "\(folder)/runs/\(job.run)/metrics.jsonl")
            #expect(
                rows.allSatisfy {
                    $0["train/skipped"]?.asInt == 1 && $0["train/loss"]?.asDouble != nil && $0["train/grad_norm"] == nil
                })
        }
    }
}

/// What a job said, from its own thread.
final class Said: Sendable {
    private let texts = Mutex([String]())

    func add(_ text: String) { texts.withLock { $0.append(text) } }
    var all: [String] { texts.withLock { $0 } }
}
