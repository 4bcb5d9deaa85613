import Compute
import Formats
import Transformer

/// A model's tensors as safetensors sources, under their Hugging Face names. A value head takes the place of the output
/// head.
struct WeightWriter {
    private let model: Model
    private let valueHead: ValueHead?
    private var configuration: Configuration { valueHead == nil ? model.configuration : model.configuration.headless }
    /// What config.json says the weights are: the matrices' common type where norms and biases fit it too, else f32.
    let declaredType: ElementType

    init(_ model: Model, valueHead: ValueHead? = nil) {
        self.model = model
        self.valueHead = valueHead
        let types = Set(Self.matrices(model, hasHead: valueHead == nil).map(\.matrix.type))
        let common = types.count == 1 ? types.first : nil
        let vectors = Self.vectors(model).map(\.buffer.array) + Self.vectors(valueHead).map(\.values)
        let fits = common.map { type in vectors.allSatisfy { Self.narrowed($0, to: type) != nil } } ?? false
        declaredType = common.flatMap { fits ? $0 : nil } ?? .f32
    }

    func sources() -> [TensorSource] {
        var sources: [UTF8Key: TensorSource] = [:]
        for (name, matrix) in Self.matrices(model, hasHead: valueHead == nil) {
            sources[UTF8Key(name)] = Self.source(name, matrix)
        }
        for (name, buffer) in Self.vectors(model) {
            sources[UTF8Key(name)] = source(name, [buffer.count], buffer.array)
        }
        return configuration.expectedTensors.compactMap { sources[UTF8Key($0.name)] }
            + Self.vectors(valueHead).map { source($0.name, $0.shape, $0.values) }
    }

    private static func source(_ name: String, _ matrix: WeightMatrix) -> TensorSource {
        let isPlain = matrix.type.blockElements == 1
        return TensorSource(name: name, type: isPlain ? matrix.type : .f32, shape: [matrix.rows, matrix.columns]) {
            sink in
            if isPlain {
                try sink.write(matrix.bytes)
            } else {
                try writeDequantised(matrix, to: sink)
            }
        }
    }

    /// Some rows at a time, so that a large matrix never exists twice.
    private static func writeDequantised(_ matrix: WeightMatrix, to sink: FileSink) throws {
        let rowBytes = matrix.bytes.count / max(matrix.rows, 1)
        let step = max(1, (1 << 20) / max(matrix.columns, 1))
        for start in stride(from: 0, to: matrix.rows, by: step) {
            let rows = start..<min(matrix.rows, start + step)
            let slice = UnsafeRawBufferPointer(
                rebasing: matrix.bytes[(rows.lowerBound * rowBytes)..<(rows.upperBound * rowBytes)])
            let values = matrix.type.dequantise(slice, count: rows.count * matrix.columns) ?? []
            try values.withUnsafeBytes { try sink.write($0) }
        }
    }

    private func source(_ name: String, _ shape: [Int], _ values: [Float]) -> TensorSource {
        guard let bits = Self.narrowed(values, to: declaredType) else {
            return TensorSource(name: name, shape: shape, values: values)
        }
        return TensorSource(name: name, type: declaredType, shape: shape) { sink in
            try bits.withUnsafeBytes { try sink.write($0) }
        }
    }

    /// The values as 16-bit patterns of `type`; nil when it is no 16-bit type or would lose anything.
    private static func narrowed(_ values: [Float], to type: ElementType) -> [UInt16]? {
        switch type {
        case .bf16:
            guard values.allSatisfy({ $0.bitPattern & 0xFFFF == 0 }) else { return nil }
            return values.map { UInt16($0.bitPattern >> 16) }
        case .f16:
            guard values.allSatisfy({ Float(Float16($0)).bitPattern == $0.bitPattern }) else { return nil }
            return values.map { Float16($0).bitPattern }
        default: return nil
        }
    }

    private static func matrices(_ model: Model, hasHead: Bool) -> [(name: String, matrix: WeightMatrix)] {
        let weights = model.weights
        var all = [("model.embed_tokens.weight", weights.embedding)]
        if hasHead, !model.configuration.tiedHead { all.append(("lm_head.weight", weights.head)) }
        for (index, layer) in weights.layers.enumerated() {
            let named = [
                ("self_attn.q", layer.q), ("self_attn.k", layer.k), ("self_attn.v", layer.v), ("self_attn.o", layer.o),
                ("mlp.gate", layer.gate), ("mlp.up", layer.up), ("mlp.down", layer.down),
            ]
            all += named.map { ("model.layers.\(index).\($0)_proj.weight", $1) }
        }
        return all
    }

    /// `score.weight` [1, hidden] and `score.bias` [1].
    private static func vectors(_ head: ValueHead?) -> [(name: String, shape: [Int], values: [Float])] {
        guard let head else { return [] }
        return [
            (ValueHead.weightName, [1, head.weight.count], head.weight.array), (ValueHead.biasName, [1], [head.bias]),
        ]
    }

    private static func vectors(_ model: Model) -> [(name: String, buffer: FloatBuffer)] {
        var all = [("model.norm.weight", model.weights.finalNorm)]
        for (index, layer) in model.weights.layers.enumerated() {
            let prefix = "model.layers.\(index)."
            all += [
                (prefix + "input_layernorm.weight", layer.inputNorm),
                (prefix + "post_attention_layernorm.weight", layer.postNorm),
            ]
            for (letter, bias) in [("q", layer.qBias), ("k", layer.kBias), ("v", layer.vBias)] {
                if let bias { all.append((prefix + "self_attn.\(letter)_proj.bias", bias)) }
            }
        }
        return all
    }
}
