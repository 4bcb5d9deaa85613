import Compute

/// New weights for a shape: each tensor as its ``TensorSpec/Start`` says, of random numbers that are a function of the
/// seed and the tensor's place in the decoder.
package enum Initialisation {
    /// The spread of matrices. At Hugging Face's 0.02 for every size, models of hidden size 96 stayed on a plateau for
    /// millions of tokens that they left within half a million at 0.08 (Benchmarks/LOG.md).
    package static func deviation(hidden: Int) -> Double { 1 / Double(hidden).squareRoot() }

    /// All weights, laid out by `ParameterLayout(configuration)`.
    /// - Parameter deviation: nil for ``deviation(hidden:)``.
    /// - Throws: ``ComputeError/outOfMemory(bytes:)``.
    package static func values(
        _ configuration: Configuration, seed: UInt64, deviation: Double? = nil
    ) throws -> FloatBuffer {
        let layout = ParameterLayout(configuration)
        let values = try FloatBuffer(count: layout.count)
        let spread = deviation ?? Self.deviation(hidden: configuration.hidden)
        for (index, entry) in layout.entries.enumerated() {
            switch entry.tensor.start {
            case .zeros: break
            case .ones: (values.pointer + entry.offset).update(repeating: 1, count: entry.count)
            case .normal:
                let key = RandomKey(seed: seed, purpose: .initialisation, problem: UInt64(index))
                for i in 0..<entry.count { values[entry.offset + i] = Float(spread * key.normal(UInt64(i))) }
            }
        }
        return values
    }

    /// A fresh value head: normal with deviation 1 / (hidden + 1) as in OpenRLHF, so that first values lie within
    /// about 1 / sqrt(hidden) of 0; bias 0. Its random numbers are no matrix's of the same seed.
    /// - Throws: ``ComputeError/outOfMemory(bytes:)``.
    package static func valueHead(hidden: Int, seed: UInt64) throws -> ValueHead {
        let key = RandomKey(seed: seed, purpose: .initialisation, iteration: 1)
        let deviation = 1 / Double(hidden + 1)
        let weight = (0..<hidden).map { Float(deviation * key.normal(UInt64($0))) }
        return ValueHead(weight: try FloatBuffer(weight), bias: 0)
    }

    /// A model ready to be trained.
    /// - Throws: ``TransformerError/invalidConfiguration(_:)`` for a shape that no decoder has;
    ///   ``ComputeError/outOfMemory(bytes:)``.
    package static func model(_ configuration: Configuration, seed: UInt64, deviation: Double? = nil) throws -> Model {
        let values = try values(configuration, seed: seed, deviation: deviation)
        return try TrainableModel(configuration: configuration, values: values).inferenceModel()
    }
}
