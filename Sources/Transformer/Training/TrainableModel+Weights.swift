import Compute

/// From the weights that inference and checkpoints hold to f32 master weights, and back.
extension TrainableModel {
    /// Copies `model`'s weights, however stored, into f32 master weights of its own.
    /// - Parameter valueHead: makes it a value model, whose language-model head is left behind.
    /// - Throws: ``TransformerError/missingTensor(_:)``, ``TransformerError/wrongSize(tensor:expected:found:)``,
    ///   ``TransformerError/notFinite(_:)``: training from such weights would spoil or teach nothing.
    package convenience init(_ model: Model, valueHead: ValueHead? = nil) throws {
        let layout = ParameterLayout(model.configuration, valueHead: valueHead != nil)
        let values = try FloatBuffer(count: layout.count)
        var sources: [String: () -> [Float]] = [:]
        for (spec, stored) in model.weights.tensors { sources[spec.name] = stored.floats }
        for (spec, floats) in valueHead?.tensors ?? [] { sources[spec.name] = { floats } }
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

    /// A model for inference over these very weights: matrices are shared, norms and biases copied.
    /// - Throws: ``ComputeError/outOfMemory(bytes:)``; what ``Model/init(configuration:weights:)`` throws.
    package func inferenceModel() throws -> Model {
        let entries = Dictionary(uniqueKeysWithValues: layout.entries.map { ($0.name, $0) })
        let weights = try Weights(configuration: configuration) { name in
            guard let entry = entries[name] else { throw TransformerError.missingTensor(name) }
            let bytes = UnsafeRawBufferPointer(start: value(entry.offset), count: 4 * entry.count)
            return try WeightMatrix(
                name: name, type: .f32, rows: entry.tensor.rows, columns: entry.tensor.columns, bytes: bytes,
                owner: values)
        }
        return try Model(configuration: configuration, weights: weights)
    }

    /// A copy of the value head as it is now; nil where there is none.
    /// - Throws: ``ComputeError/outOfMemory(bytes:)``.
    package func inferenceValueHead() throws -> ValueHead? {
        guard let head = layout.valueHead else { return nil }
        let weight = try FloatBuffer(count: configuration.hidden)
        weight.pointer.update(from: value(head.weight), count: weight.count)
        return ValueHead(weight: weight, bias: value(head.bias).pointee)
    }

    /// The first weight that is infinite or no number; nil where all are numbers.
    package var firstNotFinite: NotFinite? {
        for entry in layout.entries {
            if let found = NotFinite(in: value(entry.offset), count: entry.count, of: entry.name) { return found }
        }
        return nil
    }
}
