import Foundation

/// The shape of a decoder of one of the families in ``Architecture``: sizes, rotary positions, and the norm's epsilon.
package struct Configuration: Sendable, Equatable {
    /// How rotary frequencies are stretched for longer contexts (transformers' `rope_parameters`).
    package enum RopeScaling: Sendable, Equatable {
        /// Frequencies as they are.
        case none
        /// Every frequency divided by `factor`.
        case linear(factor: Double)
        /// Llama 3's: frequencies whose wavelength is below `originalContext / highFrequency` are kept, those above
        /// `originalContext / lowFrequency` divided.
        case llama3(factor: Double, lowFrequency: Double, highFrequency: Double, originalContext: Double)
        /// YaRN's.
        case yarn(Yarn)
    }

    /// The family, which says what optional tensors there are.
    package var architecture: Architecture
    /// Size of the hidden state.
    package var hidden: Int
    /// How many layers.
    package var layers: Int
    /// Query heads, a multiple of `kvHeads`.
    package var heads: Int
    /// Key and value heads.
    package var kvHeads: Int
    /// Size of one head, even; not always `hidden / heads`.
    package var headDim: Int
    /// Size of the MLP's inner state.
    package var intermediate: Int
    /// Tokens that have an embedding.
    package var vocabulary: Int
    /// The longest context, in tokens.
    package var maxPositions: Int
    /// The base of the rotary frequencies.
    package var ropeTheta: Double
    /// How those frequencies are stretched.
    package var ropeScaling: RopeScaling
    /// The base of the frequencies that turn ``LayerAttention/Rotary/local`` layers; nil where there are none.
    package var localRopeTheta: Double?
    /// What each layer's attention sees, one a layer; empty where all are ``LayerAttention/full``.
    package var layerAttention: [LayerAttention]
    /// Scores are divided by its root; nil: by that of `headDim`.
    package var queryScalar: Double?
    /// Which linear layers add biases.
    package var biases: Biases
    /// What RMS norms add to the mean square.
    package var rmsEpsilon: Double
    /// The output head is the embedding.
    package var tiedHead: Bool

    /// Sizes are checked where a ``Model`` is made.
    /// - Parameter biases: nil for those that the family always has.
    package init(
        architecture: Architecture, hidden: Int, layers: Int, heads: Int, kvHeads: Int, headDim: Int, intermediate: Int,
        vocabulary: Int, maxPositions: Int, ropeTheta: Double = 10_000, ropeScaling: RopeScaling = .none,
        rmsEpsilon: Double = 1e-5, tiedHead: Bool = true, localRopeTheta: Double? = nil,
        layerAttention: [LayerAttention] = [], queryScalar: Double? = nil,
        biases: Biases? = nil
    ) {
        self.architecture = architecture
        self.hidden = hidden
        self.layers = layers
        self.heads = heads
        self.kvHeads = kvHeads
        self.headDim = headDim
        self.intermediate = intermediate
        self.vocabulary = vocabulary
        self.maxPositions = maxPositions
        self.ropeTheta = ropeTheta
        self.ropeScaling = ropeScaling
        self.rmsEpsilon = rmsEpsilon
        self.tiedHead = tiedHead
        self.localRopeTheta = localRopeTheta
        self.layerAttention = layerAttention.allSatisfy { $0 == .full } ? [] : layerAttention
        self.queryScalar = queryScalar
        self.biases = biases ?? Biases(qkv: architecture.hasQKVBias)
    }

    /// Size of all query heads together.
    package var queryWidth: Int { heads * headDim }
    /// Size of all key heads together, and of all value heads.
    package var kvWidth: Int { kvHeads * headDim }

    /// Of RoPE's `headDim / 2` frequencies number `index`, in radians a position, before any scaling, rounded to f32 as
    /// transformers rounds it.
    package func plainFrequency(_ index: Int) -> Float {
        Float(1.0 / pow(ropeTheta, Double(2 * index) / Double(headDim)))
    }
}

extension Configuration {
    /// What embeddings are multiplied by; nil for 1. transformers rounds it to the type that it computes in: here f32,
    /// also where the weights are bf16.
    var embeddingScale: Float? { architecture.scalesEmbeddings ? Float(Double(hidden).squareRoot()) : nil }

    /// - Throws: ``TransformerError/invalidConfiguration(_:)`` for sizes that no decoder has.
    func validate() throws {
        let sizes = [hidden, layers, heads, kvHeads, headDim, intermediate, vocabulary, maxPositions]
        guard sizes.allSatisfy({ $0 > 0 && $0 < 1 << 24 }) else {
            throw TransformerError.invalidConfiguration("a size is zero, negative or absurd: \(sizes)")
        }
        guard heads % kvHeads == 0 else {
            throw TransformerError.invalidConfiguration("\(heads) heads do not divide into \(kvHeads) key/value heads")
        }
        guard headDim % 2 == 0 else { throw TransformerError.invalidConfiguration("head size \(headDim) is odd") }
        guard layerAttention.isEmpty || layerAttention.count == layers,
            layerAttention.allSatisfy({ $0.windowOrAll > 0 }),
            localRopeTheta != nil || layerAttention.allSatisfy({ $0.rotary != .local })
        else {
            throw TransformerError.invalidConfiguration(
                "attention is told of \(layerAttention.count) layers out of \(layers), or has a window of 0, or no "
                    + "frequencies for its local layers")
        }
    }
}
