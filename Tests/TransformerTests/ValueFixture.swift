import Checkpoints
import Compute
import Foundation
import Transformer

/// A tiny value model with transformers' values of four sequences, three of which share prefixes, and PyTorch's
/// gradients of a weighted sum of them (Tests/Oracles/value_head.py).
struct ValueFixture: Decodable {
    var trunk, branch: Int
    var sequences: [[Int32]]
    var coefficients, values: [[Float]]

    static let names = ["llama", "qwen2", "qwen3"]

    private static func folder(_ name: String) -> URL { GradientFixture.root.appendingPathComponent("values/\(name)") }

    static func load(_ name: String) throws -> ValueFixture {
        let data = try Data(contentsOf: folder(name).appendingPathComponent("case.json"))
        return try JSONDecoder().decode(ValueFixture.self, from: data)
    }

    static func checkpoint(_ name: String) throws -> Checkpoint { try Checkpoint.load(folder(name).path) }

    static func model(_ name: String) throws -> TrainableModel {
        let configuration = try checkpoint(name).model.configuration
        let tensors = try TensorFile(folder(name).appendingPathComponent("model.safetensors"))
        return try TrainableModel(
            configuration: configuration, values: tensors.flat(ParameterLayout(configuration, valueHead: true)),
            valueHead: true)
    }

    static func gradients(_ name: String) throws -> TensorFile {
        try TensorFile(folder(name).appendingPathComponent("gradients.expected.safetensors"))
    }

    /// The sequences side by side, and the derivatives of all values in order.
    func packed() -> (batch: TrainingBatch, derivatives: [Float]) {
        var batch = TrainingBatch()
        for sequence in sequences {
            batch.append(sequence)
            for row in batch.rows - sequence.count..<batch.rows { batch.value(after: row) }
        }
        return (batch, coefficients.flatMap { $0 })
    }

    /// The same with every shared prefix computed once: its values are asked for once by each sharer.
    func tree() -> (batch: TrainingBatch, derivatives: [Float]) {
        var batch = TrainingBatch()
        var derivatives: [Float] = []
        func add(_ tokens: Range<Int>, sharers: [Int], after parent: Int?) -> Int {
            let segment = batch.append(sequences[sharers[0]][tokens], after: parent)
            for (row, index) in zip(batch.segments[segment].rows, tokens) {
                for sharer in sharers {
                    batch.value(after: row)
                    derivatives.append(coefficients[sharer][index])
                }
            }
            return segment
        }
        let shared = add(0..<trunk, sharers: [0, 1, 2], after: nil)
        let inner = add(trunk..<trunk + branch, sharers: [1, 2], after: shared)
        _ = add(trunk..<sequences[0].count, sharers: [0], after: shared)
        for sharer in [1, 2] { _ = add(trunk + branch..<sequences[sharer].count, sharers: [sharer], after: inner) }
        _ = add(0..<sequences[3].count, sharers: [3], after: nil)
        return (batch, derivatives)
    }
}

/// Inference's values after every token.
func inferredValues(_ model: Model, _ head: ValueHead, _ ids: [Int32]) throws -> [Float] {
    try Cores.shared.withLease(.interactive) {
        let cache = KVCache(configuration: model.configuration)
        let segment = Segment(tokens: ids, path: try cache.extended(KVPath(), by: ids.count))
        return head.values(
            try model.forward([segment], cache: cache, scratch: ForwardScratch()), rows: Array(ids.indices))
    }
}
