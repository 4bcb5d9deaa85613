import Compute
import Formats
import Foundation
import Tokenizers
import Transformer

extension Checkpoint {
    /// Writes a Hugging Face directory that transformers loads with equal logits, and ``load(_:name:)`` exactly.
    /// Matrices keep their stored type; quantised ones become f32.
    /// - Parameters:
    ///   - replacing: an existing directory may be replaced.
    ///   - card: the text of its `README.md`, if it is to have one.
    ///   - criticPrompt: the template that it is asked with as a critic, to be carried along.
    /// - Throws: `FormatsError` when it cannot be written; what was there before is then intact.
    package func save(
        to directory: String, replacing: Bool = false, card: String? = nil, criticPrompt: PromptFile? = nil
    ) throws {
        try AtomicDirectory.create(at: directory, replacing: replacing) { temporary in
            func path(_ name: String) -> String { temporary + "/" + name }
            let writer = WeightWriter(model, valueHead: valueHead)
            try SafetensorsWriter.write(writer.sources(), to: path("model.safetensors"))
            try AtomicFile.write(configJSON(type: writer.declaredType).encoded(.pretty), to: path("config.json"))
            try AtomicFile.write(generationConfigJSON.encoded(.pretty), to: path("generation_config.json"))
            try AtomicFile.write(tokenizerFiles.tokenizerJSON ?? tokenizer.tokenizerJSON(), to: path("tokenizer.json"))
            try AtomicFile.write(tokenizerConfigJSON.encoded(.pretty), to: path("tokenizer_config.json"))
            try criticPrompt?.write(below: temporary)
            if let card { try AtomicFile.write(Array(card.utf8), to: path("README.md")) }
            if let source = chatTemplate?.source {
                try AtomicFile.write(Array(source.utf8), to: path("chat_template.jinja"))
            }
        }
    }

    /// What stands in a directory that was saved; `prompts` has the critic's template.
    package static let savedNames: Set<String> = [
        "model.safetensors", "config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json",
        "chat_template.jinja", "README.md", "prompts",
    ]

    /// Rotary settings stand in the spelling of transformers 5 and in the older one, which would otherwise fall
    /// back to its defaults without a word.
    private func configJSON(type: ElementType) -> JSONValue {
        let c = isValueModel ? model.configuration.headless : model.configuration
        let dtype = JSONValue.string(type == .f32 ? "float32" : type == .f16 ? "float16" : "bfloat16")
        var members: [JSONObject.Member] = [
            ("architectures", [.string(isValueModel ? c.architecture.tokenClassifier : c.architecture.languageModel)]),
            ("model_type", .string(c.architecture.name)), ("dtype", dtype), ("torch_dtype", dtype),
            ("hidden_size", .size(c.hidden)), ("intermediate_size", .size(c.intermediate)),
            ("num_hidden_layers", .size(c.layers)), ("num_attention_heads", .size(c.heads)),
            ("num_key_value_heads", .size(c.kvHeads)), ("head_dim", .size(c.headDim)),
            ("vocab_size", .size(c.vocabulary)),
            ("max_position_embeddings", .size(c.maxPositions)),
            (c.architecture.activationKey, .string(c.architecture.activation.name)),
            ("rms_norm_eps", .number(c.rmsEpsilon)), ("rope_theta", .number(c.ropeTheta)),
            ("rope_scaling", c.ropeScaling == .none ? nil : ropeJSON(withTheta: false)),
            ("rope_parameters", c.ropeParameters(ropeJSON(withTheta: true))),
            ("tie_word_embeddings", .bool(c.tiedHead)),
            ("attention_dropout", 0.0), ("use_cache", true),
        ]
        members += c.architecture.refusedSwitches.map { ($0, false) }
        members += c.biasMembers + c.layerMembers + c.scalarMembers
        return .object(JSONObject(members + labelMembers + tokenMembers))
    }

    /// A value model is a token classifier of one label; transformers counts the labels' names. Dropout must be named,
    /// or it would be 0.1 in training.
    private var labelMembers: [JSONObject.Member] {
        guard isValueModel else { return [] }
        return [("classifier_dropout", 0.0), ("id2label", ["0": "LABEL_0"]), ("label2id", ["LABEL_0": 0])]
    }

    private func ropeJSON(withTheta: Bool) -> JSONValue {
        var members: [JSONObject.Member] = withTheta ? [("rope_theta", .number(model.configuration.ropeTheta))] : []
        let factor = JSONValue.number(model.configuration.ropeScaling.factor)
        func original(_ context: Double) -> JSONObject.Member {
            ("original_max_position_embeddings", Int64(exactly: context).map { .integer($0) } ?? .number(context))
        }
        switch model.configuration.ropeScaling {
        case .none: members.append(("rope_type", "default"))
        case .linear: members += [("rope_type", "linear"), ("factor", factor)]
        case .llama3(_, let low, let high, let context):
            members += [
                ("rope_type", "llama3"), ("factor", factor), ("low_freq_factor", .number(low)),
                ("high_freq_factor", .number(high)), original(context),
            ]
        case .yarn(let yarn):
            members += [
                ("rope_type", "yarn"), ("factor", factor), ("attention_factor", .number(yarn.attentionFactor)),
                ("beta_fast", .number(yarn.betaFast)), ("beta_slow", .number(yarn.betaSlow)),
                ("truncate", .bool(yarn.truncates)), original(yarn.originalContext),
            ]
        }
        return .object(JSONObject(members))
    }

    private var tokenMembers: [JSONObject.Member] {
        let ends = ([eosToken].compactMap { $0 } + endTokens.subtracting([eosToken].compactMap { $0 }).sorted())
            .map { JSONValue.integer(Int64($0)) }
        return [
            ("bos_token_id", bosToken.map { .integer(Int64($0)) } ?? nil),
            ("eos_token_id", ends.isEmpty ? nil : ends.count == 1 ? ends[0] : .array(ends)),
            // Some classes have a default of their own, which a small vocabulary does not hold. The end token would be
            // no better: transformers does not train the row of what pads.
            ("pad_token_id", nil),
        ]
    }

    private var generationConfigJSON: JSONValue {
        .object(JSONObject([("_from_model_config", true)] + tokenMembers.filter { !$0.value.isNull }))
    }

    /// The settings as they were read, less a template that stands in its own file; or the few that are needed.
    private var tokenizerConfigJSON: JSONValue {
        if var settings = tokenizerFiles.settings {
            if chatTemplate?.source != nil { settings["chat_template"] = nil }
            return .object(settings)
        }
        var members: [JSONObject.Member] = [
            ("tokenizer_class", "PreTrainedTokenizerFast"), ("clean_up_tokenization_spaces", false),
            ("model_max_length", .size(model.configuration.maxPositions)),
        ]
        if bosToken != nil { members.append(("bos_token", .string(bosText))) }
        if eosToken != nil { members += [("eos_token", .string(eosText)), ("pad_token", .string(eosText))] }
        return .object(JSONObject(members))
    }
}

extension JSONValue {
    fileprivate static func size(_ value: Int) -> JSONValue { .integer(Int64(value)) }
}
