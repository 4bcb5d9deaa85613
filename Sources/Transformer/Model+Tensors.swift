import CKernels
import Compute

extension Model {
    /// Every tensor under its Hugging Face name, read as f32 when called.
    package func namedTensors() -> [(name: String, floats: () -> [Float])] {
        var list: [(String, () -> [Float])] = [
            ("model.embed_tokens.weight", { self.weights.embedding.floats() }),
            ("model.norm.weight", { self.weights.finalNorm.array }),
        ]
        if !configuration.tiedHead { list.append(("lm_head.weight", { self.weights.head.floats() })) }
        for (index, layer) in weights.layers.enumerated() {
            let prefix = "model.layers.\(index)."
            for (name, matrix) in [
                ("self_attn.q_proj", layer.q), ("self_attn.k_proj", layer.k), ("self_attn.v_proj", layer.v),
                ("self_attn.o_proj", layer.o), ("mlp.gate_proj", layer.gate), ("mlp.up_proj", layer.up),
                ("mlp.down_proj", layer.down),
            ] { list.append((prefix + name + ".weight", { matrix.floats() })) }
            for (name, vector) in [
                ("input_layernorm.weight", layer.inputNorm), ("post_attention_layernorm.weight", layer.postNorm),
                ("self_attn.q_proj.bias", layer.qBias), ("self_attn.k_proj.bias", layer.kBias),
                ("self_attn.v_proj.bias", layer.vBias),
            ] { if let vector { list.append((prefix + name, { vector.array })) } }
        }
        return list
    }

    /// The first tensor with an infinity or a NaN in it; nil where all weights are numbers. Reads every one of them.
    package var firstNotFinite: NotFinite? {
        for (name, floats) in namedTensors() {
            let floats = floats()
            if let found = NotFinite(in: floats, count: floats.count, of: name) { return found }
        }
        return nil
    }
}

extension ValueHead {
    /// Its first weight that is infinite or no number; nil where all are numbers.
    package var firstNotFinite: NotFinite? {
        NotFinite(in: weight.pointer, count: weight.count, of: Self.weightName)
            ?? NotFinite(in: [bias], count: 1, of: Self.biasName)
    }
}

/// A weight that is infinite or no number, and where it stands.
package struct NotFinite: Sendable, Equatable, CustomStringConvertible {
    package let tensor: String
    /// Its place among the tensor's numbers, row after row, from 0.
    package let place: Int
    package let value: Float

    /// Nil where all of the `count` floats are finite.
    init?(in floats: UnsafePointer<Float>, count: Int, of tensor: String) {
        let place = ck_first_not_finite(floats, count)
        guard place >= 0 else { return nil }
        (self.tensor, self.place, value) = (tensor, place, floats[place])
    }

    package var description: String { "\(tensor) holds \(value.isNaN ? "NaN" : "\(value)") at place \(place)" }
}

extension TrainableModel {
    /// Copies `model`'s weights, however stored, into f32 master weights of its own.
    /// - Parameter valueHead: makes it a value model, whose language-model head is left behind.
    /// - Throws: ``TransformerError/missingTensor(_:)``, ``TransformerError/wrongSize(tensor:expected:found:)``,
    ///   ``TransformerError/notFinite(_:)``: training from such weights would spoil or teach nothing.
    package convenience init(_ model: Model, valueHead: ValueHead? = nil) throws {
        let layout = ParameterLayout(model.configuration, valueHead: valueHead != nil)
        let values = try FloatBuffer(count: layout.count)
        var sources = Dictionary(uniqueKeysWithValues: model.namedTensors())
        if let valueHead {
            sources[ValueHead.weightName] = { valueHead.weight.array }
            sources[ValueHead.biasName] = { [valueHead.bias] }
        }
        for entry in layout.entries {
            guard let floats = sources[entry.name]?() else { throw TransformerError.missingTensor(entry.name) }
            guard floats.count == entry.count else {
                throw TransformerError.wrongSize(tensor: entry.name, expected: 4 * entry.count, found: 4 * floats.count)
            }
            if let bad = NotFinite(in: floats, count: floats.count, of: entry.name) {
                throw TransformerError.notFinite(bad)
            }
            floats.withUnsafeBufferPointer { source in
                if let base = source.baseAddress {
                    (values.pointer + entry.offset).update(from: base, count: entry.count)
                }
            }
        }
        try self.init(configuration: model.configuration, values: values, valueHead: valueHead != nil)
    }

    /// The first weight that is infinite or no number; nil where all are numbers.
    package var firstNotFinite: NotFinite? {
        for entry in layout.entries {
            if let found = NotFinite(in: value(entry.offset), count: entry.count, of: entry.name) { return found }
        }
        return nil
    }
}
