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
        let (weightSpec, biasSpec) = (ValueHead.weightSpec(hidden: hidden), ValueHead.biasSpec)
        guard let weight = table.remove(weightSpec.name) else {
            throw CheckpointsError.tensor(file: table.source, name: weightSpec.name, what: "it is missing")
        }
        self.weight = weight
        bias = table.remove(biasSpec.name)
        if let extra = table.remove(TensorSpec.outputHeadNames.huggingFace) {
            throw CheckpointsError.tensor(
                file: extra.container.path, name: extra.entry.name, what: "a value model has no language-model head")
        }
        for (found, spec) in [(weight, weightSpec)] + (bias.map { [($0, biasSpec)] } ?? [])
        where found.entry.shape != spec.shape {
            throw CheckpointsError.tensor(
                file: found.container.path, name: found.entry.name,
                what: "its shape is \(found.entry.shape) where a value head of this model has \(spec.shape)")
        }
    }

    /// - Throws: `FormatsError` for a type that cannot be read; `ComputeError/outOfMemory(bytes:)`.
    func valueHead() throws -> ValueHead {
        ValueHead(weight: try FloatBuffer(try weight.floats()), bias: try bias?.floats().first ?? 0)
    }
}
