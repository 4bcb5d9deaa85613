/// Where a layer's norms stand: before what they feed, or after what they check, before it is added.
package enum NormPlacement: Sendable, Equatable {
    /// Before attention and before the MLP.
    case before
    /// Before and after each.
    case around
    /// After each.
    case after

    var areBefore: Bool { self != .after }
    var areAfter: Bool { self != .before }
}

/// How config.json speaks of a sliding window.
package enum WindowSetting: Sendable, Equatable {
    /// Not at all.
    case none
    /// `sliding_window` is in use unless it is null; where it is not named, it is the given one.
    case always(unnamed: Int)
    /// `use_sliding_window` puts it to use, in the layers that `layer_types` says, or from `max_window_layers` on;
    /// where it is not named, it is the given one.
    case switched(unnamed: Int?)
    /// `layer_types` says which layers see only `sliding_window` positions, turned by frequencies of their own; where
    /// it is not named, all but every `sliding_window_pattern`th do. The two given are those of files that name none.
    case byLayer(window: Int, pattern: Int)
}

/// A family of decoders: which of ``Decoder``'s optional tensors it has, and how its files say what it is. A family
/// made of known parts is one more entry here and in ``all``; everything else follows.
package struct Architecture: Sendable, Equatable {
    /// `model_type` in config.json.
    package let name: String
    /// `general.architecture` in a GGUF file; nil where such files go by another family's name.
    package let ggufName: String?
    /// The models of this shape, as people call them.
    package let models: [String]
    /// What the names of transformers' classes begin with: `Llama` of `LlamaForCausalLM`.
    let classPrefix: String
    /// q, k and v are projected with biases.
    package let hasQKVBias: Bool
    /// What norms of q and k there are.
    package let qkNorm: QKNorm
    /// llama.cpp stores each head's rows of q and k so that the two that RoPE turns together are neighbours.
    package let hasRotaryPairsInGGUF: Bool
    /// Where config.json names no `num_key_value_heads`, there are as many as query heads; otherwise it must.
    package let hasDefaultKVHeads: Bool
    /// What `head_dim` is where config.json does not name it; nil: `hidden_size / num_attention_heads`.
    package let defaultHeadDim: Int?
    /// config.json's switches for biases of attention's linear layers (`attention_bias`) and of the MLP's (`mlp_bias`).
    package internal(set) var biasSwitches: [BiasSwitch] = []
    /// Switches of config.json for what is not computed here: on, they are refused, and a saved file says `false`.
    package internal(set) var refusedSwitches: [String] = []
    /// `rope_theta` and `rms_norm_eps` where config.json does not name them.
    package internal(set) var defaultRopeTheta = 10_000.0, defaultEpsilon = 1e-6
    /// Every so many layers one does not know positions, unless config.json's `no_rope_layers` says otherwise; nil: all
    /// do.
    package internal(set) var unturnedInterval: Int?
    /// Where the norms of a layer stand.
    package internal(set) var norms = NormPlacement.before
    /// Added to every norm's weight: 1 where weights are stored as their distance from 1.
    package internal(set) var normShift: Float = 0
    /// What the MLP does to its gate, and config.json's key for it.
    package internal(set) var activation = Activation.silu
    package internal(set) var activationKey = "hidden_act"
    /// Scores are divided by the root of config.json's `query_pre_attn_scalar`, which is this where it is not named;
    /// nil where there is no such key: by that of the heads' size.
    package internal(set) var defaultQueryScalar: Double?
    /// Embeddings are multiplied by sqrt(hidden), as f32.
    package internal(set) var scalesEmbeddings = false
    /// How config.json speaks of a sliding window.
    package let window: WindowSetting

    /// Llama 2 and 3, TinyLlama, SmolLM2 and whatever else has Llama's shape.
    package static let llama = Architecture(
        name: "llama", ggufName: "llama", models: ["Llama", "TinyLlama", "SmolLM2"], classPrefix: "Llama",
        hasQKVBias: false, qkNorm: .none,
        hasRotaryPairsInGGUF: true, hasDefaultKVHeads: true, defaultHeadDim: nil,
        biasSwitches: [.attention, .mlp], window: .none)
    /// Mistral: Llama's shape with a window, which only the first model uses. In GGUF files it is `llama`.
    package static let mistral = Architecture(
        name: "mistral", ggufName: nil, models: ["Mistral"], classPrefix: "Mistral", hasQKVBias: false,
        qkNorm: .none, hasRotaryPairsInGGUF: true, hasDefaultKVHeads: false, defaultHeadDim: nil,
        window: .always(unnamed: 4096))
    /// Qwen2 and Qwen2.5, not their mixtures of experts.
    package static let qwen2 = Architecture(
        name: "qwen2", ggufName: "qwen2", models: ["Qwen2", "Qwen2.5"], classPrefix: "Qwen2", hasQKVBias: true,
        qkNorm: .none,
        hasRotaryPairsInGGUF: false, hasDefaultKVHeads: false, defaultHeadDim: nil,
        window: .switched(unnamed: 4096))
    /// Qwen3, dense: not its mixtures of experts.
    package static let qwen3 = Architecture(
        name: "qwen3", ggufName: "qwen3", models: ["Qwen3"], classPrefix: "Qwen3", hasQKVBias: false, qkNorm: .heads,
        hasRotaryPairsInGGUF: false, hasDefaultKVHeads: false, defaultHeadDim: 128,
        biasSwitches: [.attention], window: .switched(unnamed: 4096))
    /// SmolLM3: Llama's shape, of which every fourth layer does not know positions.
    package static let smollm3 = Architecture(
        name: "smollm3", ggufName: "smollm3", models: ["SmolLM3"], classPrefix: "SmolLM3", hasQKVBias: false,
        qkNorm: .none, hasRotaryPairsInGGUF: true, hasDefaultKVHeads: false, defaultHeadDim: nil,
        biasSwitches: [.attention, .mlp], defaultRopeTheta: 2_000_000, unturnedInterval: 4,
        window: .switched(unnamed: nil))
    /// OLMo 2: norms of what attention and the MLP add, and of all heads of q and of k at once.
    package static let olmo2 = Architecture(
        name: "olmo2", ggufName: "olmo2", models: ["OLMo 2"], classPrefix: "Olmo2", hasQKVBias: false, qkNorm: .whole,
        hasRotaryPairsInGGUF: false, hasDefaultKVHeads: true, defaultHeadDim: nil, biasSwitches: [.attention],
        defaultEpsilon: 1e-5, norms: .after, window: .none)
    /// Gemma 3's text models. Its weights stand here as in transformers' files, where a norm's is its distance from 1.
    package static let gemma3 = Architecture(
        name: "gemma3_text", ggufName: "gemma3", models: ["Gemma 3"], classPrefix: "Gemma3", hasQKVBias: false,
        qkNorm: .heads,
        hasRotaryPairsInGGUF: false, hasDefaultKVHeads: false, defaultHeadDim: 256,
        refusedSwitches: ["attention_bias", "use_bidirectional_attention"], norms: .around, normShift: 1,
        activation: .geluTanh, activationKey: "hidden_activation", defaultQueryScalar: 256, scalesEmbeddings: true,
        window: .byLayer(window: 4096, pattern: 6))

    /// Every family that is run.
    package static let all = [llama, mistral, qwen2, qwen3, gemma3, smollm3, olmo2]

    /// The family of a `model_type`; nil for one that is not run.
    package static func named(_ name: String) -> Architecture? { all.first { $0.name == name } }

    /// The family of a `general.architecture`; nil for one that is not run.
    package static func named(inGGUF name: String) -> Architecture? { all.first { $0.ggufName == name } }

    /// transformers' class of its language models.
    package var languageModel: String { classPrefix + "ForCausalLM" }
    /// transformers' class of its token classifiers, which value models are.
    package var tokenClassifier: String { classPrefix + "ForTokenClassification" }
    /// transformers' classes of its models that give a sequence one value, its last token's.
    package var sequenceClassifiers: [String] {
        ["", "Text"].map { classPrefix + $0 + "ForSequenceClassification" }
    }
}
