import Compute

/// A read-out of the final normed hidden state beside a ``Model``: v = weight · norm(x) + bias, in f32, not squashed.
/// It is transformers' token classifier of one label, `score.weight` [1, hidden] and `score.bias` [1].
package struct ValueHead: Sendable {
    /// [hidden].
    package let weight: FloatBuffer
    /// Added to every value.
    package let bias: Float

    /// - Parameter weight: [hidden], kept, not copied.
    package init(weight: FloatBuffer, bias: Float) {
        self.weight = weight
        self.bias = bias
    }

    /// `score.weight`, [1, hidden].
    package static func weightSpec(hidden: Int) -> TensorSpec {
        TensorSpec(name: "score.weight", ggufName: nil, shape: [1, hidden], start: .normal)
    }

    /// `score.bias`, [1].
    package static let biasSpec = TensorSpec(name: "score.bias", ggufName: nil, shape: [1], start: .zeros)

    /// Its two tensors and their numbers.
    package var tensors: [(spec: TensorSpec, floats: [Float])] {
        [(Self.weightSpec(hidden: weight.count), weight.array), (Self.biasSpec, [bias])]
    }

    /// Trainable numbers.
    package var parameters: Int { weight.count + 1 }

    /// The values of the given rows of a hidden state that ``Model/forward(_:cache:scratch:)`` returned: the bits that
    /// ``TrainableModel/headValues()`` computes of the same weights.
    package func values(_ hidden: FloatBuffer, rows: [Int]) -> [Float] {
        let width = weight.count
        return rows.map { row in
            precondition(row >= 0 && (row + 1) * width <= hidden.count)
            return Self.value(hidden.pointer + row * width, weight.pointer, bias, width: width)
        }
    }

    /// One row through the linear kernel, whose bits depend on nothing but the row and the weight.
    static func value(
        _ normed: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, _ bias: Float, width: Int
    ) -> Float {
        var product: Float = 0
        ForwardKernels.linear(rows: 1, inputs: width, outputs: 1, normed, weight, into: &product)
        return product + bias
    }
}

extension Configuration {
    /// The same decoder without an output head of its own, as under a value head: only the embedding is left.
    package var headless: Configuration {
        var configuration = self
        configuration.tiedHead = true
        return configuration
    }
}
