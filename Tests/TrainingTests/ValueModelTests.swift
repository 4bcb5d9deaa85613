import Checkpoints
import Compute
import Generation
import Testing
import Training
import Transformer

@Suite struct ValueModelTests {
    private func sequences(_ checkpoint: Checkpoint, count: Int = 4, length: Int = 60) -> [[Int32]] {
        (0..<count).map { index in
            let key = RandomKey(seed: 21, purpose: .test, sample: UInt64(index))
            return (0..<length).map { Int32(key.index(below: checkpoint.tokenizer.vocabularySize, UInt64($0))) }
        }
    }

    private func inferred(_ checkpoint: Checkpoint, _ sequences: [[Int32]]) throws -> [Float] {
        try required(checkpoint.valueModel()).values(
            sequences.map { ($0, Array($0.indices)) }, cancellation: Cancellation(), progress: nil
        ).flatMap { $0 }
    }

    private func batch(_ sequences: [[Int32]]) -> TrainingBatch {
        var batch = TrainingBatch()
        for sequence in sequences { batch.append(sequence) }
        for row in 0..<batch.rows { batch.value(after: row) }
        return batch
    }

    /// correctness.md, 19.
    @Test(arguments: [1, 2, 3] as [UInt64]) func firstValuesAreSmall(_ seed: UInt64) throws {
        let base = try Support.checkpoint(seed: seed)
        let critic = base.replacing(valueHead: try Initialisation.valueHead(hidden: 32, seed: seed))
        let values = try inferred(critic, sequences(base, count: 20))
        let largest = values.map { abs($0) }.max() ?? .nan
        #expect(largest < 1 && largest > 0.01)
    }

    @Test func aFreshHeadIsNormalAndItsSeedsOwn() throws {
        let (head, same, other) = try (
            Initialisation.valueHead(hidden: 4096, seed: 5), Initialisation.valueHead(hidden: 4096, seed: 5),
            Initialisation.valueHead(hidden: 4096, seed: 6)
        )
        #expect(head.weight.array == same.weight.array && head.weight.array != other.weight.array && head.bias == 0)
        let mean = head.weight.array.reduce(0.0) { $0 + Double($1) } / 4096
        let deviation = (head.weight.array.reduce(0.0) { $0 + Double($1) * Double($1) } / 4096).squareRoot()
        #expect(abs(mean) < 5 / (4097 * 64) && abs(deviation * 4097 - 1) < 0.06)
    }

    /// There and back, through a step of the optimiser: what is trained is what is then asked.
    @Test func trainedValuesAreInferencesBits() throws {
        let base = try Support.checkpoint(), texts = sequences(base)
        let critic = base.replacing(valueHead: try Initialisation.valueHead(hidden: 32, seed: 1))
        let model = try TrainableModel(critic.model, valueHead: critic.valueHead)
        let optimiser = try AdamW(count: model.layout.count)
        for step in 0..<2 {
            let now = critic.replacing(model: try model.inferenceModel(), valueHead: try model.inferenceValueHead())
            try model.forward(batch(texts))
            let values = try model.headValues()
            #expect(values == (try inferred(now, texts)))
            if step == 0 { #expect(values == (try inferred(critic, texts))) }
            model.clearGradients()
            try model.backward(values: values.map { ($0 - 0.5) / Float(values.count) })
            optimiser.update(model.values, model.gradients, learningRate: 1e-3)
        }
        try #expect(TrainableModel(base.model).inferenceValueHead() == nil)
    }

    /// Half of the texts are worth 1, half 0: a regression on their ends learns which.
    @Test func aRegressionLearns() throws {
        let base = try Support.checkpoint(), texts = sequences(base, count: 8, length: 20)
        let model = try TrainableModel(base.model, valueHead: Initialisation.valueHead(hidden: 32, seed: 1))
        let optimiser = try AdamW(count: model.layout.count)
        var work = TrainingBatch()
        for text in texts {
            work.append(text)
            work.value(after: work.rows - 1)
        }
        var loss: Float = 1
        for _ in 0..<60 {
            try model.forward(work)
            let errors = try model.headValues().enumerated().map { $1 - Float($0 % 2) }
            loss = errors.reduce(0) { $0 + $1 * $1 } / 8
            model.clearGradients()
            try model.backward(values: errors.map { $0 / 4 })
            optimiser.update(model.values, model.gradients, learningRate: 3e-3)
        }
        #expect(loss < 0.01)
    }
}
