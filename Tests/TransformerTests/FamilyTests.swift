import Checkpoints
import Compute
import Foundation
import Testing
import Transformer

/// What every family of the table promises.
@Suite struct FamilyTests {
    private func configuration(_ architecture: Architecture, tiedHead: Bool = false) -> Configuration {
        Configuration(
            architecture: architecture, hidden: 24, layers: 2, heads: 4, kvHeads: 2, headDim: 10, intermediate: 16,
            vocabulary: 31, maxPositions: 64, tiedHead: tiedHead)
    }

    @Test(arguments: Architecture.all.map(\.name)) func layoutWeightsAndNamesAreTheTables(_ name: String) throws {
        let c = configuration(try #require(Architecture.named(name)))
        let tensors = c.tensors, layout = ParameterLayout(c)
        #expect(layout.entries.map(\.tensor) == tensors && layout.parameters == c.parameters)
        for (entry, next) in zip(layout.entries, layout.entries.dropFirst()) {
            #expect(entry.range.upperBound <= next.offset && next.offset % 16 == 0)
        }
        #expect(Set(tensors.map(\.name)).count == tensors.count)
        #expect(Set(tensors.compactMap(\.ggufName)).count == tensors.count)
        let model = try Initialisation.model(c, seed: 3)
        #expect(model.weights.tensors.map(\.spec) == tensors && model.firstNotFinite == nil)
        for (spec, stored) in model.weights.tensors {
            let floats = stored.floats()
            switch spec.start {
            case .ones: #expect(floats.allSatisfy { $0 == 1 })
            case .zeros: #expect(floats.allSatisfy { $0 == 0 })
            case .normal: #expect(floats.contains { $0 < 0 } && floats.contains { $0 > 0 })
            }
        }
        #expect(configuration(c.architecture, tiedHead: true).tensors == Array(tensors.dropLast()))
    }

    @Test func qwen3HasTheTensorsOfTransformers() throws {
        let names = try Checkpoint.inspect(
            GradientFixture.root.appendingPathComponent("checkpoints/qwen3-bf16-tied").path
        ).tensors.map(\.name)
        let configuration = try Checkpoint.load(
            GradientFixture.root.appendingPathComponent("checkpoints/qwen3-bf16-tied").path
        ).model.configuration
        #expect(Set(names) == Set(configuration.tensors.map(\.name)) && names.count == 2 * 11 + 2)
    }

    /// What norms of heads keep for the backward pass is counted.
    @Test func memoryCountsWhatNormsOfHeadsKeep() {
        let (plain, normed) = (configuration(.llama), configuration(.qwen3))
        let layouts = ParameterLayout(normed).count - ParameterLayout(plain).count
        let kept = 4 * 50 * plain.layers * (plain.queryWidth + plain.kvWidth)
        #expect(
            TrainableModel.bytes(normed, rows: 50) - TrainableModel.bytes(plain, rows: 50) == kept + 8 * layouts)
    }

    /// What norms of what is added keep for the backward pass is counted.
    @Test func memoryCountsWhatNormsOfTheAddedKeep() {
        let (before, around) = (configuration(.qwen3), configuration(.gemma3))
        let layouts = ParameterLayout(around).count - ParameterLayout(before).count
        let kept = 4 * 50 * (before.layers * 2 + 1) * before.hidden
        #expect(TrainableModel.bytes(around, rows: 50) - TrainableModel.bytes(before, rows: 50) == kept + 8 * layouts)
    }

    /// Some steps downhill on a stored model, saved and loaded again: every kind of tensor has learned.
    @Test(arguments: [
        "llama-f32-tied", "qwen2-bf16-tied", "qwen3-bf16-tied", "qwen3-q4_0.gguf", "gemma3-f16", "gemma3-q8_0.gguf",
        "mistral-bf16-window", "smollm3-bf16-window", "olmo2-bf16-untied", "llama-f16-biases",
    ])
    func aFamilyLearnsIsSavedAndLoaded(_ name: String) throws {
        let path = GradientFixture.root.appendingPathComponent("checkpoints/\(name)").path
        let checkpoint = try Checkpoint.load(path)
        let model = try TrainableModel(checkpoint.model), before = model.values.array
        var batch = TrainingBatch()
        batch.appendSequence(RandomModel.tokens(40, vocabulary: model.configuration.vocabulary), scored: 1..<40)
        let downhill = TargetCoefficients(logprobs: [Float](repeating: -1, count: batch.targets.count))
        var losses: [Float] = []
        for _ in 0..<4 {
            model.clearGradients()
            try model.forward(batch)
            losses.append(-(try model.backward(downhill)).logprobs.reduce(0, +))
            for i in 0..<model.values.count { model.values[i] -= 2e-4 * model.gradients[i] }
        }
        #expect(zip(losses, losses.dropFirst()).allSatisfy { $0 > $1 }, "\(losses)")
        for entry in model.layout.entries { #expect(before[entry.range] != model.values.array[entry.range]) }

        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("genac-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try checkpoint.replacing(model: try model.inferenceModel()).save(to: folder)
        let loaded = try TrainableModel(try Checkpoint.load(folder).model)
        #expect(loaded.layout == model.layout)
        for entry in model.layout.entries {
            #expect(entry.range.map { loaded.values[$0] } == entry.range.map { model.values[$0] }, "\(entry.name)")
        }
        try loaded.forward(batch)
        try model.forward(batch)
        try #expect(loaded.scores() == model.scores())
    }

    /// Training's forward pass is inference's, norms of heads and windows included.
    @Test(arguments: Configuration.small)
    func aModelTrainsOnTheBitsThatItGenerates(_ configuration: Configuration) throws {
        let model = try RandomModel(configuration).model, size = configuration.vocabulary
        let tokens = RandomModel.tokens(45, vocabulary: size)
        let inferred = try Cores.shared.withLease(.interactive) {
            let cache = KVCache(configuration: model.configuration), scratch = ForwardScratch()
            let segment = Segment(tokens: tokens, path: try cache.extended(KVPath(), by: tokens.count))
            let hidden = try model.forward([segment], cache: cache, scratch: scratch)
            let logits = try model.logits(hidden, rows: Array(tokens.indices.dropLast()), scratch: scratch)
            return tokens.dropFirst().enumerated().map { row, id in
                LogSum(logits.pointer + row * size, count: size, temperature: 1).logprob(
                    of: logits[row * size + Int(id)])
            }
        }
        var batch = TrainingBatch()
        batch.appendSequence(tokens, scored: 1..<tokens.count)
        let trainable = try TrainableModel(model)
        try trainable.forward(batch)
        try #expect(trainable.scores().logprobs == inferred)
    }
}
