import Compute
import Formats
import Transformer

/// The tensors that a value model has beside its decoder: a weight [1, hidden], and a bias [1], which some trainers
/// leave out and is then 0.
struct ValueHeadTensors {
    private let form: ValueHeadForm
    private let weight: TensorTable.Located
    private let bias: TensorTable.Located?

    /// Takes them out of `table`.
    /// - Throws: ``CheckpointsError/tensor(file:name:what:)`` for one that is missing, of another shape, or in excess.
    init(_ form: ValueHeadForm, takenFrom table: inout TensorTable, hidden: Int) throws {
        self.form = form
        guard let weight = table.remove(form.name + ".weight") else {
            throw CheckpointsError.tensor(file: table.source, name: form.name + ".weight", what: "it is missing")
        }
        self.weight = weight
        bias = table.remove(form.name + ".bias")
        if let extra = table.remove(TensorSpec.outputHeadNames.huggingFace), !form.isBesideLanguageModel {
            throw CheckpointsError.tensor(
                file: extra.container.path, name: extra.entry.name, what: "a value model has no language-model head")
        }
        let expected = [(weight, [1, hidden])] + (bias.map { [($0, [1])] } ?? [])
        for (found, shape) in expected where found.entry.shape != shape {
            throw CheckpointsError.tensor(
                file: found.container.path, name: found.entry.name,
                what: "its shape is \(found.entry.shape) where a value head of this model has \(shape)")
        }
    }

    /// What normalises the values becomes part of the weight and the bias: (w·h + b - mean) / deviation.
    /// - Throws: `FormatsError` for a type that cannot be read; `ComputeError/outOfMemory(bytes:)`.
    func valueHead() throws -> ValueHead {
        let bias = try self.bias?.floats().first ?? 0
        return ValueHead(
            weight: try FloatBuffer(try weight.floats().map { Float(Double($0) / form.deviation) }),
            bias: Float((Double(bias) - form.mean) / form.deviation))
    }
}
