import Compute
import Formats
import Transformer

/// The tensors that a value model has beside its decoder: `score.weight` [1, hidden] and `score.bias` [1], which some
/// trainers leave out and is then 0.
struct ValueHeadTensors {
    private let weight: TensorTable.Located
    private let bias: TensorTable.Located?

    /// Takes them out of `table`.
    /// - Throws: ``CheckpointsError/tensor(file:name:what:)`` for one that is missing, of another shape, or in excess.
    init(takenFrom table: inout TensorTable, hidden: Int) throws {
        guard let weight = table.remove(ValueHead.weightName) else {
            throw CheckpointsError.tensor(file: table.source, name: ValueHead.weightName, what: "it is missing")
        }
        self.weight = weight
        bias = table.remove(ValueHead.biasName)
        if let extra = table.remove("lm_head.weight") {
            throw CheckpointsError.tensor(
                file: extra.container.path, name: extra.entry.name, what: "a value model has no language-model head")
        }
        for (found, shape) in [(weight, [1, hidden])] + (bias.map { [($0, [1])] } ?? [])
        where found.entry.shape != shape {
            throw CheckpointsError.tensor(
                file: found.container.path, name: found.entry.name,
                what: "its shape is \(found.entry.shape) where a value head of this model has \(shape)")
        }
    }

    func valueHead() throws -> ValueHead {
        ValueHead(weight: try FloatBuffer(try floats(weight)), bias: try bias.map { try floats($0)[0] } ?? 0)
    }

    private func floats(_ found: TensorTable.Located) throws -> [Float] {
        let bytes = try found.container.bytes(of: found.entry)
        guard let floats = found.entry.type?.dequantise(bytes, count: found.entry.elements), !floats.isEmpty else {
            throw CheckpointsError.tensor(
                file: found.container.path, name: found.entry.name,
                what: "its type \(found.entry.typeName) cannot be read")
        }
        return floats
    }
}
