import Compute
import Foundation
import Testing
import Transformer

/// A tiny model with PyTorch's gradients of a loss over four sequences, three of which share prefixes
/// (Tests/Oracles/gradients.py).
struct GradientFixture: Decodable {
    struct Shape: Decodable {
        var hidden_size, intermediate_size, num_hidden_layers, num_attention_heads, num_key_value_heads: Int
        var head_dim, vocab_size, max_position_embeddings: Int
        var rope_theta, rms_norm_eps: Double
        var tie_word_embeddings: Bool
        var family: String
        /// Gemma's; Mistral's window is of every layer.
        var layer_types: [String]?
        var sliding_window: Int?
        /// SmolLM3's.
        var no_rope_layers: [Int]?
        var attention_bias, mlp_bias: Bool?
        /// YaRN's.
        var rope_scaling: Scaling?

        struct Scaling: Decodable {
            var factor, original_max_position_embeddings: Double
        }
        var rope_local_base_freq, query_pre_attn_scalar: Double?
    }

    var config: Shape
    var trunk, branch: Int
    var sequences: [[Int32]]
    var coefficients, entropies, logprobs: [[Float]]

    static let names = [
        "llama-untied", "llama-tied", "qwen2-tied", "qwen2-untied", "qwen3-untied", "qwen3-tied",
        "gemma3-tied", "mistral-untied", "smollm3-tied", "olmo2-untied",
    ]
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fixtures")

    static func folder(_ name: String) -> URL { root.appendingPathComponent("gradients/\(name)") }

    static func load(_ name: String) throws -> GradientFixture {
        let data = try Data(contentsOf: folder(name).appendingPathComponent("case.json"))
        return try JSONDecoder().decode(GradientFixture.self, from: data)
    }

    static func model(_ name: String) throws -> TrainableModel {
        let configuration = try load(name).config.configuration()
        let tensors = try TensorFile(folder(name).appendingPathComponent("model.safetensors"))
        return try TrainableModel(
            configuration: configuration, values: tensors.flat(ParameterLayout(configuration)))
    }

    static func gradients(_ name: String) throws -> TensorFile {
        try TensorFile(folder(name).appendingPathComponent("gradients.safetensors"))
    }

    /// The sequences side by side, with the coefficients of their targets in order.
    func packed() -> (TrainingBatch, TargetCoefficients) {
        var batch = TrainingBatch()
        for sequence in sequences { batch.appendSequence(sequence, scored: 1..<sequence.count) }
        return (
            batch,
            TargetCoefficients(
                logprobs: coefficients.flatMap { $0 }, entropies: entropies.flatMap { $0 })
        )
    }

    /// The same loss with every shared prefix computed once: a shared target carries its sharers' sum.
    func tree() -> (TrainingBatch, TargetCoefficients) {
        var batch = TrainingBatch()
        var pushes: [Float] = [], spreads: [Float] = []
        func add(_ tokens: Range<Int>, of owner: Int, sharers: [Int], after parent: Int?) -> Int {
            let sequence = sequences[owner]
            let segment = batch.append(sequence[tokens], after: parent)
            let first = batch.segments[segment].rows.lowerBound
            for index in tokens.dropFirst(tokens.lowerBound == 0 ? 1 : 0) {
                let row =
                    index == tokens.lowerBound
                    ? batch.segments[parent ?? 0].rows.upperBound - 1 : first + index - tokens.lowerBound - 1
                batch.target(sequence[index], after: row)
                pushes.append(sharers.reduce(0) { $0 + coefficients[$1][index - 1] })
                spreads.append(sharers.reduce(0) { $0 + entropies[$1][index - 1] })
            }
            return segment
        }
        let shared = add(0..<trunk, of: 0, sharers: [0, 1, 2], after: nil)
        let inner = add(trunk..<trunk + branch, of: 1, sharers: [1, 2], after: shared)
        _ = add(trunk..<sequences[0].count, of: 0, sharers: [0], after: shared)
        _ = add(trunk + branch..<sequences[1].count, of: 1, sharers: [1], after: inner)
        _ = add(trunk + branch..<sequences[2].count, of: 2, sharers: [2], after: inner)
        _ = add(0..<sequences[3].count, of: 3, sharers: [3], after: nil)
        return (batch, TargetCoefficients(logprobs: pushes, entropies: spreads))
    }
}

extension GradientFixture.Shape {
    func configuration() throws -> Configuration {
        Configuration(
            architecture: try #require(Architecture.named(family)), hidden: hidden_size, layers: num_hidden_layers,
            heads: num_attention_heads, kvHeads: num_key_value_heads, headDim: head_dim,
            intermediate: intermediate_size, vocabulary: vocab_size, maxPositions: max_position_embeddings,
            ropeTheta: rope_theta,
            ropeScaling: rope_scaling.map {
                .yarn(Yarn(factor: $0.factor, originalContext: $0.original_max_position_embeddings))
            } ?? .none, rmsEpsilon: rms_norm_eps, tiedHead: tie_word_embeddings,
            localRopeTheta: rope_local_base_freq,
            layerAttention: layerAttention, queryScalar: query_pre_attn_scalar,
            biases: Biases(
                qkv: family == "qwen2" || attention_bias == true, output: attention_bias == true, mlp: mlp_bias == true)
        )
    }

    private var layerAttention: [LayerAttention] {
        if let layer_types {
            return layer_types.map {
                $0 == "full_attention" ? .full : LayerAttention(window: sliding_window, rotary: .local)
            }
        }
        return (0..<num_hidden_layers).map { index in
            LayerAttention(window: sliding_window, rotary: no_rope_layers?[index] == 0 ? .none : .main)
        }
    }
}

/// The f32 tensors of a small trusted safetensors file.
struct TensorFile {
    private(set) var tensors: [String: [Float]] = [:]

    init(_ url: URL) throws {
        let data = try Data(contentsOf: url)
        let size = data.prefix(8).enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
        let header = try JSONSerialization.jsonObject(with: data[8..<8 + size]) as? [String: Any] ?? [:]
        for (name, value) in header {
            guard let offsets = (value as? [String: Any])?["data_offsets"] as? [Int] else { continue }
            let bytes = data[8 + size + offsets[0]..<8 + size + offsets[1]]
            tensors[name] = bytes.withUnsafeBytes { Array(UnsafeRawBufferPointer($0).bindMemory(to: Float.self)) }
        }
    }

    func flat(_ layout: ParameterLayout) throws -> FloatBuffer {
        let buffer = try FloatBuffer(count: layout.count)
        for entry in layout.entries {
            for (index, value) in (tensors[entry.name] ?? []).enumerated() { buffer[entry.offset + index] = value }
        }
        return buffer
    }
}

/// |a - b| / |b|, by the Euclidean norm.
func relativeError(_ a: some Sequence<Float>, _ b: some Sequence<Float>) -> Double {
    var difference = 0.0, size = 0.0
    for (x, y) in zip(a, b) {
        difference += Double(x - y) * Double(x - y)
        size += Double(y) * Double(y)
    }
    return (difference / max(size, 1e-30)).squareRoot()
}
