import Compute
import Foundation
import Transformer

/// A model of random f32 weights for tests, with its tensors by name.
struct RandomModel {
    let model: Model
    let tensors: [String: FloatBuffer]

    init(_ configuration: Configuration, seed: UInt64 = 1, scale: Float = 0.3) throws {
        var tensors: [String: FloatBuffer] = [:]
        var matrices: [String: WeightMatrix] = [:]
        for (index, spec) in configuration.tensors.enumerated() {
            let key = RandomKey(seed: seed, purpose: .test, iteration: UInt64(index))
            let count = spec.count
            let center: Float = spec.start == .ones ? 1 : 0
            let values = (0..<count).map { center + scale * Float(key.uniform(UInt64($0)) * 2 - 1) }
            let buffer = try FloatBuffer(values)
            tensors[spec.name] = buffer
            matrices[spec.name] = try WeightMatrix(
                name: spec.name, buffer: buffer, rows: spec.rows, columns: spec.columns)
        }
        let found = matrices
        model = try Model(
            configuration: configuration,
            weights: Weights(configuration: configuration) { name in
                guard let matrix = found[name] else { throw TransformerError.invalidConfiguration("no \(name)") }
                return matrix
            })
        self.tensors = tensors
    }

    static func tokens(_ count: Int, vocabulary: Int, seed: UInt64 = 5) -> [Int32] {
        let key = RandomKey(seed: seed, purpose: .test)
        return (0..<count).map { Int32(key.index(below: vocabulary, UInt64($0))) }
    }
}

extension Configuration {
    /// One of every kind of layer there is.
    static let small = [smallQwen, smallQwen3, smallLlama, smallGemma, smallWindows, smallOlmo]
    /// Grouped queries, a head size that is no multiple of the lanes, biases, an untied head.
    static let smallQwen = Configuration(
        architecture: .qwen2, hidden: 40, layers: 2, heads: 4, kvHeads: 2, headDim: 10, intermediate: 72,
        vocabulary: 61,
        maxPositions: 256, tiedHead: false)
    /// Heads that are normed, and wider together than the hidden state.
    static let smallQwen3 = Configuration(
        architecture: .qwen3, hidden: 40, layers: 2, heads: 4, kvHeads: 2, headDim: 18, intermediate: 56,
        vocabulary: 61, maxPositions: 256, tiedHead: false)
    /// All of Gemma 3: windows that turn by other frequencies, norms before and after, a GELU, scaled embeddings.
    static let smallGemma = Configuration(
        architecture: .gemma3, hidden: 40, layers: 3, heads: 4, kvHeads: 2, headDim: 18, intermediate: 56,
        vocabulary: 61, maxPositions: 256, tiedHead: true, localRopeTheta: 300,
        layerAttention: [
            LayerAttention(window: 7, rotary: .local), .full, LayerAttention(window: 20, rotary: .local),
        ], queryScalar: 24)
    /// Windows of one row and of a page, and a layer without positions.
    static let smallWindows = Configuration(
        architecture: .llama, hidden: 64, layers: 4, heads: 4, kvHeads: 1, headDim: 16, intermediate: 96,
        vocabulary: 50, maxPositions: 256,
        layerAttention: [
            LayerAttention(window: 1, rotary: .main), LayerAttention(window: nil, rotary: .none),
            LayerAttention(window: 16, rotary: .main), .full,
        ])
    /// Norms after, and over all heads at once; biases of every linear layer.
    static let smallOlmo = Configuration(
        architecture: .olmo2, hidden: 40, layers: 2, heads: 4, kvHeads: 2, headDim: 10, intermediate: 56,
        vocabulary: 61, maxPositions: 256, tiedHead: false, biases: Biases(qkv: true, output: true, mlp: true))
    static let smallLlama = Configuration(
        architecture: .llama, hidden: 64, layers: 3, heads: 4, kvHeads: 1, headDim: 16, intermediate: 96,
        vocabulary: 50,
        maxPositions: 256, ropeTheta: 100_000, tiedHead: true)
}
