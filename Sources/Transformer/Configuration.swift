/// The shape of a decoder: Llama (and SmolLM2) or Qwen2. Nothing else is loaded.
package struct Configuration: Sendable, Equatable {
    package enum Architecture: String, Sendable { case llama, qwen2 }

    /// How rotary frequencies are stretched for longer contexts (transformers' `rope_parameters`).
    package enum RopeScaling: Sendable, Equatable {
        case none
        case linear(factor: Double)
        case llama3(factor: Double, lowFrequency: Double, highFrequency: Double, originalContext: Double)
    }

    package var architecture: Architecture
    package var hidden: Int
    package var layers: Int
    package var heads: Int
    package var kvHeads: Int
    package var headDim: Int
    package var intermediate: Int
    package var vocabulary: Int
    package var maxPositions: Int
    package var ropeTheta: Double
    package var ropeScaling: RopeScaling
    package var rmsEpsilon: Double
    /// The output head is the embedding.
    package var tiedHead: Bool
    /// q, k and v have biases (Qwen2).
    package var qkvBias: Bool

    package init(
        architecture: Architecture, hidden: Int, layers: Int, heads: Int, kvHeads: Int, headDim: Int, intermediate: Int,
        vocabulary: Int, maxPositions: Int, ropeTheta: Double = 10_000, ropeScaling: RopeScaling = .none,
        rmsEpsilon: Double = 1e-5, tiedHead: Bool = true, qkvBias: Bool = false
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
        self.qkvBias = qkvBias
    }

    package var queryWidth: Int { heads * headDim }
    package var kvWidth: Int { kvHeads * headDim }

    /// Trainable numbers; a tied head is counted once.
    package var parameters: Int { expectedTensors.reduce(0) { $0 + $1.shape.reduce(1, *) } }

    /// Every tensor by its Hugging Face name with its shape [rows, columns] or [length], in file order.
    package var expectedTensors: [(name: String, shape: [Int])] {
        var all: [(String, [Int])] = [("model.embed_tokens.weight", [vocabulary, hidden])]
        for layer in 0..<layers {
            let prefix = "model.layers.\(layer)."
            all.append((prefix + "input_layernorm.weight", [hidden]))
            for (name, width) in [("q", queryWidth), ("k", kvWidth), ("v", kvWidth)] {
                all.append((prefix + "self_attn.\(name)_proj.weight", [width, hidden]))
                if qkvBias { all.append((prefix + "self_attn.\(name)_proj.bias", [width])) }
            }
            all.append((prefix + "self_attn.o_proj.weight", [hidden, queryWidth]))
            all.append((prefix + "post_attention_layernorm.weight", [hidden]))
            all.append((prefix + "mlp.gate_proj.weight", [intermediate, hidden]))
            all.append((prefix + "mlp.up_proj.weight", [intermediate, hidden]))
            all.append((prefix + "mlp.down_proj.weight", [hidden, intermediate]))
        }
        all.append(("model.norm.weight", [hidden]))
        if !tiedHead { all.append(("lm_head.weight", [vocabulary, hidden])) }
        return all
    }
}
