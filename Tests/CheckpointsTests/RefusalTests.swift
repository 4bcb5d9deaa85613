import Checkpoints
import Compute
import Formats
import Foundation
import Testing

@Suite struct RefusalTests {
    struct Change: Sendable, CustomTestStringConvertible {
        let key: String
        let value: JSONValue?
        /// Part of the message.
        let says: String
        var testDescription: String { "\(key) = \(value?.text() ?? "absent")" }

        init(_ key: String, _ value: JSONValue?, _ says: String = "") {
            (self.key, self.value, self.says) = (key, value, says)
        }
    }

    static let changes = [
        Change("model_type", "mistral", "LlamaForCausalLM"), Change("model_type", "falcon9", "falcon9"),
        Change("model_type", 7, "model_type"),
        Change("model_type", nil, "model_type"),
        Change("architectures", ["LlamaForSequenceClassification"], "LlamaForSequenceClassification"),
        Change("hidden_act", "gelu", "gelu"), Change("attention_bias", true, "q_proj.bias"),
        Change("mlp_bias", true, "gate_proj.bias"), Change("is_causal", false, "is_causal"),
        Change("quantization_config", ["quant_method": "gptq"], "quantization_config"),
        Change("layer_types", ["full_attention", "sliding_attention"], "sliding_attention"),
        Change("layer_types", ["full_attention", "chunked_attention"], "chunked_attention"),
        Change("layer_types", ["full_attention"], "1 layers of 2"), Change("layer_types", "full", "layer_types"),
        Change("rope_parameters", ["rope_type": "dynamic", "factor": 2.0], "dynamic"),
        Change("rope_parameters", ["rope_type": "longrope", "short_factor": [1.0]], "longrope"),
        Change("rope_parameters", ["rope_type": "yarn", "factor": -2.0], "factor"),
        Change("rope_parameters", ["rope_type": "yarn", "factor": 2.0, "beta_fast": "x"], "beta_fast"),
        Change("rope_parameters", ["rope_type": "yarn", "factor": 2.0, "attention_factor": 0.0], "attention_factor"),
        Change("rope_parameters", ["rope_type": "yarn", "factor": 2.0, "extrapolation_factor": 1.0], "extrapolation"),
        Change("rope_parameters", ["rope_type": "default", "mrope_section": [1]], "mrope_section"),
        Change("rope_scaling", ["rope_type": "linear", "factor": 2.0], "something else"),
        Change("partial_rotary_factor", 0.5, "partial"), Change("use_mrope", true, "use_mrope"),
        Change("num_local_experts", 8, "num_local_experts"), Change("logits_scaling", 0.25, "logits_scaling"),
        Change("rope_parameters", ["rope_type": "linear"], "factor"),
        Change("rope_parameters", ["full_attention": ["rope_type": "default"]], "per layer type"),
        Change("rope_parameters", ["factor": 2.0], "rope_type"), Change("rope_parameters", [1], "rope_parameters"),
        Change("rope_parameters", ["rope_type": "default", "partial_rotary_factor": 0.5], "partial"),
        Change("hidden_size", 0, "hidden_size"), Change("hidden_size", -64, "hidden_size"),
        Change("hidden_size", "64", "hidden_size"), Change("hidden_size", 64.5, "hidden_size"),
        Change("hidden_size", 4_611_686_018_427_387_904, "hidden_size"), Change("hidden_size", 96, "shape"),
        Change("num_hidden_layers", 3, "model.layers.2"), Change("num_hidden_layers", 1, "model.layers.1"),
        Change("num_hidden_layers", 16_000_000, "num_hidden_layers"), Change("vocab_size", 300, "shape"),
        Change("intermediate_size", nil, "intermediate_size"), Change("num_attention_heads", 5, "shape"),
        Change("num_key_value_heads", 3, "shape"), Change("rms_norm_eps", -1e-6, "rms_norm_eps"),
        Change("tie_word_embeddings", false, "lm_head.weight"),
        Change("tie_word_embeddings", "yes", "tie_word_embeddings"),
        Change("max_position_embeddings", nil, "max_position_embeddings"),
    ]

    @Test(arguments: changes) func refusesByName(_ change: Change) throws {
        try withChanged("llama-f32-tied", "config.json", { $0[change.key] = change.value }) { path in
            do {
                _ = try Checkpoint.load(path)
                Issue.record("it was loaded")
            } catch let error as any GenacError {
                #expect(error.description.contains(change.says), "\(error)")
                #expect(error.description.contains(path), "\(error)")
            }
            let inspection = try Checkpoint.inspect(path)
            #expect(inspection.refusal != nil)
            #expect(inspection.tensors.count == 20)
        }
    }

    static let qwen3Changes = [
        Change("model_type", "qwen3_moe", "qwen3_moe"), Change("model_type", "qwen2", "Qwen3ForCausalLM"),
        Change("architectures", ["Qwen3ForSequenceClassification"], "Qwen3ForSequenceClassification"),
        Change("attention_bias", true, "q_proj.bias"),
        Change("layer_types", ["sliding_attention", "full_attention"], "sliding_attention"),
        Change("rope_parameters", ["rope_type": "su", "factor": 4.0], "su"),
        // transformers takes 128 for a size that is not named.
        Change("head_dim", nil, "shape"), Change("num_key_value_heads", nil, "num_key_value_heads"),
    ]

    @Test(arguments: qwen3Changes) func refusesByNameWhatQwen3MayBe(_ change: Change) throws {
        try withChanged("qwen3-bf16-tied", "config.json", { $0[change.key] = change.value }) { path in
            let error = #expect(throws: CheckpointsError.self) { try Checkpoint.load(path) }
            #expect(error?.description.contains(change.says) == true, "\(String(describing: error))")
            try #expect(Checkpoint.inspect(path).refusal != nil)
        }
    }

    /// Without its norms it would be another model; so would a Llama with norms.
    @Test func normsOfHeadsAreTheFamilysAndNoOthers() throws {
        let tensors = try Checkpoint.inspect(Fixtures.path("qwen3-bf16-tied")).tensors
        #expect(tensors.filter { $0.name.hasSuffix("_norm.weight") }.map(\.shape) == Array(repeating: [16], count: 4))
        for (family, name) in [("qwen2", "Qwen2ForCausalLM"), ("llama", "LlamaForCausalLM")] {
            let change = { (config: inout JSONObject) in
                (config["model_type"], config["architectures"]) = (.string(family), [.string(name)])
            }
            try withChanged("qwen3-bf16-tied", "config.json", change) { path in
                let error = #expect(throws: CheckpointsError.self) { try Checkpoint.load(path) }
                #expect(error?.description.contains("model.layers.0.self_attn.") == true)
            }
        }
    }

    static let gemmaChanges = [
        Change("final_logit_softcapping", 30.0, "final_logit_softcapping"),
        Change("attn_logit_softcapping", 50.0, "attn_logit_softcapping"),
        Change("hidden_activation", "silu", "hidden_activation \"silu\""),
        Change("use_bidirectional_attention", true, "use_bidirectional_attention"),
        Change("sliding_window", .null, "sliding_window is null"), Change("sliding_window", 0, "sliding_window"),
        Change("layer_types", ["full_attention"], "names 1 layers of 7"),
        Change("layer_types", .array(Array(repeating: "chunked_attention", count: 7)), "chunked_attention"),
        Change("query_pre_attn_scalar", -1, "query_pre_attn_scalar"),
        Change("rope_parameters", ["rope_type": "default", "rope_theta": 1e6], "no kind of layer"),
        Change("rope_parameters", ["full_attention": ["rope_type": "default"]], "says nothing of sliding_attention"),
        Change(
            "rope_parameters",
            ["full_attention": ["rope_type": "default"], "sliding_attention": ["rope_type": "linear", "factor": 8.0]],
            "stretch sliding_attention"),
    ]

    @Test(arguments: gemmaChanges) func gemmaIsRefusedForWhatItDoesNotCompute(_ change: Change) throws {
        try withChanged("gemma3-f32", "config.json", { $0[change.key] = change.value }) { path in
            let error = #expect(throws: CheckpointsError.self) { try Checkpoint.load(path) }
            #expect(error?.description.contains(change.says) == true, "\(String(describing: error))")
        }
    }

    /// A mixture's architecture is another name in GGUF files.
    @Test func aGGUFOfAnotherArchitectureIsRefusedByName() throws {
        try withTemporaryPath { path in
            let file = path + ".gguf"
            var bytes = try BoundedFile.read(Fixtures.path("qwen3-q4_0"), limit: 1 << 20)
            let place = try #require(bytes.firstRange(of: Array("qwen3".utf8)))
            bytes.replaceSubrange(place, with: Array("qwen9".utf8))
            try AtomicFile.write(bytes, to: file)
            defer { try? FileManager.default.removeItem(atPath: file) }
            let error = #expect(throws: CheckpointsError.self) { try Checkpoint.load(file) }
            #expect(error?.what.contains("qwen9") == true && error?.hint?.contains("Qwen3") == true)
        }
    }

    /// Each is refused for what it needs, in config.json's spelling and in GGUF's.
    @Test(arguments: [
        ("mixtral", "experts"), ("qwen3_moe", "experts"), ("gpt_oss", "experts"), ("qwen3_5", "hybrid"),
        ("qwen3_next", "hybrid"), ("mamba2", "state spaces"), ("gpt2", "layer norms"), ("phi3", "one tensor"),
        ("granite", "factors"), ("gemma2", "soft caps"), ("t5", "encoder"),
    ])
    func aFamilyThatIsNotRunIsRefusedForWhatItNeeds(_ name: String, need: String) throws {
        try withChanged("llama-f32-tied", "config.json", { $0["model_type"] = .string(name) }) { path in
            let error = #expect(throws: CheckpointsError.self) { try Checkpoint.load(path) }
            #expect(error?.what.contains("\"\(name)\"") == true && error?.what.contains(need) == true)
            #expect(error?.hint?.contains("Mistral") == true && error?.location == path + "/config.json")
        }
    }

    @Test func aLanguageModelInsideAnotherIsNamed() throws {
        let change = { (config: inout JSONObject) in
            config["model_type"] = "gemma3"
            config["text_config"] = ["model_type": "gemma3_text", "hidden_size": 64]
        }
        try withChanged("llama-f32-tied", "config.json", change) { path in
            let error = #expect(throws: CheckpointsError.self) { try Checkpoint.load(path) }
            #expect(error?.what.contains("text_config (gemma3_text)") == true)
        }
    }

    /// Keys that distillations of DeepSeek-R1 have: vLLM's `attn_factor`, windows and mrope that are not in use.
    @Test func whatDistillsOfR1NameChangesNothing() throws {
        let change = { (config: inout JSONObject) in
            config["rope_scaling"] = config["rope_parameters"]
            for key in ["rope_scaling", "rope_parameters"] {
                guard var rope = config[key]?.asObject else { continue }
                rope["attn_factor"] = 0.8782488562869419
                config[key] = .object(rope)
            }
            (config["use_mrope"], config["sliding_window"], config["max_window_layers"]) = (false, 4096, 21)
            (config["torch_dtype"], config["layer_types"]) = ("bfloat16", nil)
        }
        try withChanged("qwen2-bf16-yarn", "config.json", change) { path in
            try #expect(Expected("qwen2-bf16-yarn").distance(of: Checkpoint.load(path).model) < 1e-4)
        }
    }

    static let harmless = [
        Change("tie_word_embeddings", nil), Change("rope_parameters", nil), Change("head_dim", nil),
        Change("architectures", nil), Change("hidden_act", nil), Change("sliding_window", 4096),
    ]

    @Test(arguments: harmless) func readsWhatSaysTheSameOtherwise(_ change: Change) throws {
        try withChanged("llama-f32-tied", "config.json", { $0[change.key] = change.value }) { path in
            try #expect(Expected("llama-f32-tied").distance(of: Checkpoint.load(path).model) < 1e-4)
        }
    }

    @Test func generationConfigOverridesTheEnds() throws {
        try withChanged("qwen2-bf16-tied", "generation_config.json", { $0["eos_token_id"] = [2, 0] }) { path in
            try #expect(Checkpoint.load(path).endTokens == [0, 2])
        }
        try withChanged("qwen2-bf16-tied", "generation_config.json", { $0["eos_token_id"] = 288 }) { path in
            #expect(throws: CheckpointsError.self) { try Checkpoint.load(path) }
        }
    }

    @Test(arguments: ["../model.safetensors", "/etc/passwd", "x/model.safetensors", "model.bin"])
    func aShardNameMayNotLeaveTheDirectory(_ name: String) throws {
        let weightMap: JSONValue = ["lm_head.weight": .string(name)]
        try withChanged(
            "llama-bf16-untied-llama3-sharded", "model.safetensors.index.json", { $0["weight_map"] = weightMap }
        ) { path in
            let error = #expect(throws: CheckpointsError.self) { try Checkpoint.load(path) }
            #expect(error?.description.contains("weight_map") == true)
        }
    }

    @Test func whatIsNoModelIsNamed() throws {
        for path in [
            "/nonexistent", fixture("formats/lines.jsonl"), fixture("gguf-types"), fixture("formats/valid.gguf"),
        ] {
            do {
                _ = try Checkpoint.load(path)
                Issue.record("\(path) was loaded")
            } catch let error as any GenacError {
                #expect(error.location?.hasPrefix(path) == true, "\(error)")
            }
        }
    }

    @Test func inspectListsWhatItDoesNotRun() throws {
        let inspection = try Checkpoint.inspect(fixture("formats/valid.gguf"))
        #expect(inspection.format == .gguf)
        #expect(inspection.refusal != nil)
        #expect(inspection.tensors.map(\.typeName).contains("TQ2_0"))
        #expect(inspection.metadata.contains { $0.key == "test.tokens" && $0.value == "4 strings" })
        let sharded = try Checkpoint.inspect(fixture("checkpoints/llama-bf16-untied-llama3-sharded"))
        #expect(sharded.files.count == 3 && sharded.refusal == nil)
        #expect(sharded.elements == sharded.configuration?.parameters)
    }
}
