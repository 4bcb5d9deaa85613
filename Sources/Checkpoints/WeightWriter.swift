import Compute
import Formats
import Transformer

/// A model's tensors as safetensors sources, under their Hugging Face names. A value head takes the place of the output
/// head.
struct WeightWriter {
    private let tensors: [(spec: TensorSpec, stored: Weights.Stored)]
    private let valueHead: [(spec: TensorSpec, floats: [Float])]
    /// What config.json says the weights are: the matrices' common type where norms and biases fit it too, else f32.
    let declaredType: ElementType

    init(_ model: Model, valueHead: ValueHead? = nil) {
        let head = TensorSpec.outputHeadNames.huggingFace
        tensors = model.weights.tensors.filter { valueHead == nil || $0.spec.name != head }
        self.valueHead = valueHead?.tensors ?? []
        var types: Set<ElementType> = [], vectors = self.valueHead.map(\.floats)
        for (_, stored) in tensors {
            switch stored {
            case .matrix(let matrix): types.insert(matrix.type)
            case .vector(let vector): vectors.append(vector.array)
            }
        }
        let common = types.count == 1 ? types.first : nil
        let fits = common.map { type in vectors.allSatisfy { Self.narrowed($0, to: type) != nil } } ?? false
        declaredType = common.flatMap { fits ? $0 : nil } ?? .f32
    }

    /// In the decoder's order, a value head's last. Matrices keep their type, quantised ones become f32; vectors are of
    /// the declared type.
    func sources() -> [TensorSource] {
        tensors.map { spec, stored in
            switch stored {
            case .matrix(let matrix): Self.source(spec, matrix)
            case .vector(let vector): source(spec, vector.array)
            }
        } + valueHead.map { source($0.spec, $0.floats) }
    }

    private static func source(_ spec: TensorSpec, _ matrix: WeightMatrix) -> TensorSource {
        let isPlain = matrix.type.blockElements == 1
        return TensorSource(name: spec.name, type: isPlain ? matrix.type : .f32, shape: spec.shape) { sink in
            if isPlain {
                try sink.write(matrix.bytes)
            } else {
                try writeDequantised(matrix, to: sink)
            }
        }
    }

    /// Some rows at a time, so that a large matrix never exists twice.
    private static func writeDequantised(_ matrix: WeightMatrix, to sink: FileSink) throws {
        let step = max(1, (1 << 20) / max(matrix.columns, 1))
        for start in stride(from: 0, to: matrix.rows, by: step) {
            let values = matrix.floats(rows: start..<min(matrix.rows, start + step))
            try values.withUnsafeBytes { try sink.write($0) }
        }
    }

    private func source(_ spec: TensorSpec, _ values: [Float]) -> TensorSource {
        guard let bits = Self.narrowed(values, to: declaredType) else {
            return TensorSource(name: spec.name, shape: spec.shape, values: values)
        }
        return TensorSource(name: spec.name, type: declaredType, shape: spec.shape) { sink in
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
        case .f32, .q8_0, .q4_1, .q4_0, .q5_0, .q5_1, .q4_k, .q5_k, .q6_k: return nil
        }
    }
}
