import Formats
import Transformer

/// Brings a config.json, in the spelling of transformers 4 or 5, to a `Configuration`; everything that would
/// compute something else is refused by name.
struct ConfigurationReader {
    let settings: Settings

    /// - Parameter hasHead: whether the weights have an output head, which decides an unspoken tie; nil under a value
    ///   head, where only the embedding counts.
    /// - Throws: ``CheckpointsError`` for a key that is missing or makes no sense, and for what is not supported.
    func configuration(hasHead: Bool?) throws -> Configuration {
        let architecture = try architecture()
        try refuseVariants(architecture)
        let hidden = try settings.size("hidden_size")
        let heads = try settings.size("num_attention_heads")
        if settings.value("head_dim") == nil, architecture.defaultHeadDim == nil, hidden % heads != 0 {
            throw settings.failure("hidden_size", "is \(hidden), which \(heads) heads do not divide")
        }
        let layers = try settings.layers("num_hidden_layers")
        var configuration = Configuration(
            architecture: architecture, hidden: hidden, layers: layers, heads: heads,
            kvHeads: try settings.size("num_key_value_heads", default: architecture.hasDefaultKVHeads ? heads : nil),
            headDim: try settings.size("head_dim", default: architecture.defaultHeadDim ?? hidden / heads),
            intermediate: try settings.size("intermediate_size"), vocabulary: try settings.size("vocab_size"),
            maxPositions: try settings.size("max_position_embeddings"),
            rmsEpsilon: try settings.number("rms_norm_eps", default: architecture.defaultEpsilon),
            tiedHead: try hasHead.map { try settings.flag("tie_word_embeddings", default: !$0) } ?? true,
            queryScalar: try architecture.defaultQueryScalar.map {
                try settings.number("query_pre_attn_scalar", default: $0)
            }, biases: try biases(architecture))
        try readLayers(into: &configuration)
        return configuration
    }

    /// What layers see, and how positions turn it.
    private func readLayers(into c: inout Configuration) throws {
        guard case .byLayer(let window, let pattern) = c.architecture.window else {
            let rope = RopeReader(settings: settings, defaultTheta: c.architecture.defaultRopeTheta)
            (c.ropeTheta, c.ropeScaling) = try rope.rope()
            c.layerAttention = try WindowReader(settings: settings, configuration: c).attention()
            return
        }
        let reader = LayerReader(settings: settings, layers: c.layers, window: window, pattern: pattern)
        let attention = try reader.attention()
        (c.ropeTheta, c.ropeScaling) = try reader.rope()
        guard attention.contains(where: { $0.rotary == .local }) else { return }
        (c.layerAttention, c.localRopeTheta) = (attention, try reader.localTheta())
    }

    private func unsupported(_ what: String, _ hint: String = CheckpointsError.families) -> CheckpointsError {
        .unsupported(file: settings.file, what: what, hint: hint)
    }

    private func biases(_ architecture: Architecture) throws -> Biases {
        func isOn(_ key: BiasSwitch) throws -> Bool {
            try architecture.biasSwitches.contains(key) && settings.flag(key.rawValue, default: false)
        }
        let attention = try isOn(.attention)
        return Biases(qkv: architecture.hasQKVBias || attention, output: attention, mlp: try isOn(.mlp))
    }

    /// - Throws: ``CheckpointsError/unsupported(file:what:hint:)`` for a family that is not run.
    func architecture() throws -> Architecture {
        let family = try settings.text("model_type")
        guard let architecture = Architecture.named(family) else {
            if let nested = try settings.object("text_config") { throw refusal(ofNested: nested, in: family) }
            throw unsupported(OtherFamilies.refusal(of: family, key: "model_type"))
        }
        return architecture
    }

    /// Models that see or hear keep their language model's settings in a part of the file.
    private func refusal(ofNested text: JSONObject, in family: String) -> CheckpointsError {
        let inner = text["model_type"]?.asString.map { " (\($0))" } ?? ""
        return unsupported(
            "model_type \(family.debugDescription) is not supported: its language model stands in text_config\(inner), "
                + "beside other parts",
            "use a checkpoint of the language model alone; " + CheckpointsError.families)
    }

    private func refuseVariants(_ architecture: Architecture) throws {
        let key = architecture.activationKey, known = architecture.activation.name
        let activation = try settings.text(key, default: known)
        guard activation == known else { throw unsupported("\(key) \(activation.debugDescription) is not supported") }
        for key in ["attn_logit_softcapping", "final_logit_softcapping"] where settings.value(key) != nil {
            throw unsupported("\(key) is not supported", "Gemma 2 has it; Gemma 3 is run")
        }
        for key in OtherFamilies.foreignKeys {
            if let value = settings.value(key), value.asBool != false, value.asDouble != 0, value.asDouble != 1 {
                throw unsupported("\(key) (\(value.text())) is not computed for models of \(architecture.name)")
            }
        }
        for key in architecture.refusedSwitches where try settings.flag(key, default: false) {
            throw unsupported("\(key) is not supported")
        }
        guard try settings.flag("is_causal", default: true) else {
            throw unsupported("is_causal false is not supported")
        }
        try QuantisedWeights.refuse(settings)
    }
}
