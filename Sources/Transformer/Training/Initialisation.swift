import Compute
import Formats
import Transformer

/// From f32 master weights to what inference and checkpoints take.
extension TrainableModel {
    /// A model for inference over these very weights: matrices are shared, norms and biases copied.
    package func inferenceModel() throws -> Model {
        let entries = Dictionary(uniqueKeysWithValues: layout.entries.map { ($0.name, $0) })
        let weights = try Weights(configuration: configuration) { name in
            guard let entry = entries[name] else { throw TransformerError.invalidConfiguration("no tensor \(name)") }
            let bytes = UnsafeRawBufferPointer(start: values.pointer + entry.offset, count: 4 * entry.count)
            return try WeightMatrix(
                name: name, type: .f32, rows: entry.shape.count == 2 ? entry.shape[0] : 1,
                columns: entry.shape.last ?? 0,
                bytes: bytes, owner: values)
        }
        return try Model(configuration: configuration, weights: weights)
    }

    /// A copy of the value head as it is now; nil where there is none.
    package func inferenceValueHead() throws -> ValueHead? {
        func floats(_ name: String) -> [Float]? {
            layout.entries.first { $0.name == name }.map { entry in entry.range.map { values[$0] } }
        }
        guard let weight = floats(ValueHead.weightName), let bias = floats(ValueHead.biasName)?.first else {
            return nil
        }
        return ValueHead(weight: try FloatBuffer(weight), bias: bias)
    }
}

/// New weights for a shape: matrices normal, biases 0, norms 1.
package enum Initialisation {
    /// The spread of matrices. At Hugging Face's 0.02 for every size, models of hidden size 96 stayed on a plateau for
    /// millions of tokens that they left within half a million at 0.08 (Benchmarks/LOG.md).
    package static func deviation(hidden: Int) -> Double { 1 / Double(hidden).squareRoot() }

    /// - Parameter deviation: nil for ``deviation(hidden:)``.
    package static func values(
        _ configuration: Configuration, seed: UInt64, deviation: Double? = nil
    ) throws -> FloatBuffer {
        let layout = ParameterLayout(configuration)
        let values = try FloatBuffer(count: layout.count)
        let spread = deviation ?? Self.deviation(hidden: configuration.hidden)
        for (index, entry) in layout.entries.enumerated() {
            if entry.shape.count == 1 {
                if entry.name.hasSuffix("norm.weight") {
                    (values.pointer + entry.offset).update(repeating: 1, count: entry.count)
                }
                continue
            }
            let key = RandomKey(seed: seed, purpose: .initialisation, problem: UInt64(index))
            for i in 0..<entry.count { values[entry.offset + i] = Float(spread * key.normal(UInt64(i))) }
        }
        return values
    }

    /// A fresh value head: normal with deviation 1 / (hidden + 1) as in OpenRLHF, so that first values lie within
    /// about 1 / sqrt(hidden) of 0; bias 0. Its random numbers are no matrix's of the same seed.
    package static func valueHead(hidden: Int, seed: UInt64) throws -> ValueHead {
        let key = RandomKey(seed: seed, purpose: .initialisation, iteration: 1)
        let deviation = 1 / Double(hidden + 1)
        let weight = (0..<hidden).map { Float(deviation * key.normal(UInt64($0))) }
        return ValueHead(weight: try FloatBuffer(weight), bias: 0)
    }

    /// A model ready to be trained.
    package static func model(_ configuration: Configuration, seed: UInt64, deviation: Double? = nil) throws -> Model {
        let values = try values(configuration, seed: seed, deviation: deviation)
        return try TrainableModel(configuration: configuration, values: values).inferenceModel()
    }
}
