import Compute
import Foundation
import Testing
import Transformer

@Suite struct GradientTests {
    @Test(arguments: GradientFixture.names)
    func packedGradientsEqualPyTorch(_ name: String) throws {
        let fixture = try GradientFixture.load(name)
        let (batch, coefficients) = fixture.packed()
        try expectPyTorchGradients(name, batch, coefficients, logprobs: fixture.logprobs.flatMap { $0 })
    }

    @Test(arguments: GradientFixture.names)
    func treeGradientsEqualPyTorchOnSeparateSequences(_ name: String) throws {
        let (batch, coefficients) = try GradientFixture.load(name).tree()
        try expectPyTorchGradients(name, batch, coefficients, logprobs: nil)
    }

    @Test(arguments: GradientFixture.names)
    func treeGradientsEqualOwnSeparateSequences(_ name: String) throws {
        let fixture = try GradientFixture.load(name)
        let (packed, tree) = (try gradients(name, fixture.packed()), try gradients(name, fixture.tree()))
        #expect(relativeError(tree, packed) < 1e-5)
    }

    @Test func gradientsAddUpOverMicroBatches() throws {
        let fixture = try GradientFixture.load("qwen2-tied")
        let whole = try gradients("qwen2-tied", fixture.packed())
        let model = try GradientFixture.model("qwen2-tied")
        for (index, sequence) in fixture.sequences.enumerated() {
            var batch = TrainingBatch()
            batch.appendSequence(sequence, scored: 1..<sequence.count)
            try model.forward(batch)
            try model.backward(
                TargetCoefficients(
                    logprobs: fixture.coefficients[index], entropies: fixture.entropies[index]))
        }
        #expect(relativeError(model.gradients.array, whole) < 1e-6)
    }

    @Test func theSameBatchTwiceGivesTheSameBits() throws {
        let fixture = try GradientFixture.load("llama-untied")
        #expect(try gradients("llama-untied", fixture.tree()) == gradients("llama-untied", fixture.tree()))
    }

    @Test func rowsOutsideVocabularyOrContextAreRefused() throws {
        let model = try GradientFixture.model("llama-tied")
        var batch = TrainingBatch()
        batch.append([0, 61])
        #expect(throws: TrainingPassError.self) { try model.forward(batch) }
        var long = TrainingBatch()
        long.append([Int32](repeating: 1, count: 129))
        #expect(throws: TrainingPassError.self) { try model.forward(long) }
    }

    /// The head's work is shared out in blocks of 4,096 outputs and of 64 inputs; here there are several of both. Along
    /// its own gradient the loss must rise by the gradient's square.
    @Test(arguments: [false, true]) func aLargeVocabularyIsSharedOut(isTied: Bool) throws {
        let shape = Configuration(
            architecture: .gemma3, hidden: 144, layers: 1, heads: 2, kvHeads: 1, headDim: 16, intermediate: 32,
            vocabulary: 9000, maxPositions: 128, tiedHead: isTied)
        let model = try TrainableModel(Initialisation.model(shape, seed: 9))
        var batch = TrainingBatch()
        batch.appendSequence(RandomModel.tokens(90, vocabulary: 9000), scored: 1..<90)
        func loss() throws -> Double {
            try model.forward(batch)
            return try model.scores().logprobs.reduce(0) { $0 - Double($1) }
        }
        let slopes = TargetCoefficients(logprobs: [Float](repeating: -1, count: batch.targets.count))
        try model.forward(batch)
        try model.backward(slopes)
        let square = model.gradients.array.reduce(0) { $0 + Double($1) * Double($1) }
        let step = Float(0.25 / square)
        func move(_ by: Float) { for i in 0..<model.values.count { model.values[i] += by * model.gradients[i] } }
        move(step)
        let up = try loss()
        move(-2 * step)
        let down = try loss()
        #expect(abs((up - down) / 0.5 - 1) < 5e-3, "\((up - down) / 0.5)")
    }

    private func gradients(_ name: String, _ work: (TrainingBatch, TargetCoefficients)) throws -> [Float] {
        let model = try GradientFixture.model(name)
        try model.forward(work.0)
        try model.backward(work.1)
        return model.gradients.array
    }

    private func expectPyTorchGradients(
        _ name: String, _ batch: TrainingBatch, _ coefficients: TargetCoefficients, logprobs: [Float]?
    ) throws {
        let model = try GradientFixture.model(name)
        try model.forward(batch)
        let before = try model.scores(wantsEntropy: true)
        let scores = try model.backward(coefficients, wantsEntropy: true)
        #expect(scores == before)
        if let logprobs {
            #expect(zip(scores.logprobs, logprobs).allSatisfy { abs($0 - $1) < 1e-4 })
        }
        let expected = try GradientFixture.gradients(name)
        for entry in model.layout.entries {
            let reference = try #require(expected.tensors[entry.name])
            let ours = entry.range.map { model.gradients[$0] }
            // Where keys do not know positions, their bias adds the same to all scores, and has no gradient but noise.
            let isNoise = (ours + reference).allSatisfy { abs($0) < 1e-5 } && entry.name.hasSuffix("k_proj.bias")
            #expect(isNoise || relativeError(ours, reference) < 1e-4, "\(entry.name)")
        }
    }
}
