/// Families that are known and not run, by what each would need. Names are those of config.json's `model_type` and of
/// GGUF's `general.architecture`.
enum OtherFamilies {
    private static let needs: [(what: String, names: Set<String>)] = [
        (
            "a mixture of experts",
            [
                "arctic", "bailingmoe", "bailing_moe", "dbrx", "deepseek", "deepseek2", "deepseek32", "deepseek_v2",
                "deepseek_v3", "deepseek_v32", "dots1", "ernie4_5_moe", "ernie4_5-moe", "flex_olmo", "glm4_moe",
                "glm4moe", "gpt-oss", "gpt_oss", "granitemoe", "granitemoeshared", "grok", "grok-1", "hunyuan-moe",
                "hunyuan_v1_moe", "jetmoe", "kimi_k2", "llama4", "llama4_text", "longcat_flash", "minimax",
                "minimax-m2", "minimax_m2", "mixtral", "olmoe", "phimoe", "qwen2_moe", "qwen2moe", "qwen3_moe",
                "qwen3moe",
            ]
        ),
        (
            "layers of linear attention, convolutions or state spaces among those of attention (a hybrid)",
            [
                "bamba", "falcon-h1", "falcon_h1", "granitehybrid", "granitemoehybrid", "jamba", "kimi-linear",
                "kimi_linear", "lfm2", "lfm2_moe", "lfm2moe", "nemotron_h", "nemotron_h_moe", "olmo_hybrid", "plamo2",
                "qwen35", "qwen35moe", "qwen3_5", "qwen3_5_moe", "qwen3_5_moe_text", "qwen3_5_text", "qwen3_next",
                "qwen3next", "recurrent_gemma", "zamba", "zamba2",
            ]
        ),
        (
            "state spaces or recurrence in attention's place",
            ["falcon_mamba", "mamba", "mamba2", "rwkv", "rwkv6", "rwkv7", "xlstm"]
        ),
        (
            "layer norms with biases, or an MLP without a gate",
            [
                "arcee", "biogpt", "bloom", "codegen", "falcon", "gpt2", "gpt_bigcode", "gpt_neo", "gpt_neox", "gptj",
                "gptneox", "mpt", "nemotron", "opt", "orion", "persimmon", "phi", "phi2", "stablelm", "starcoder",
                "starcoder2", "xglm",
            ]
        ),
        (
            "q, k and v (or gate and up) in one tensor",
            ["baichuan", "chatglm", "glm", "glm4", "internlm2", "openelm", "phi3", "phi4", "qwen"]
        ),
        (
            "factors on embeddings, residuals, attention or logits",
            ["cohere", "cohere2", "command-r", "granite", "minicpm", "minicpm3"]
        ),
        (
            "windows, norms, soft caps or activations of its own",
            [
                "apertus", "exaone", "exaone4", "gemma", "gemma2", "gemma3n", "gemma3n_text", "gemma4", "gemma4_text",
                "hunyuan-dense", "hunyuan_v1_dense", "ministral", "ministral3", "mistral3", "mistral4", "olmo", "olmo3",
                "seed_oss", "smallthinker",
            ]
        ),
        ("an encoder", ["bart", "bert", "modernbert", "mt5", "roberta", "t5", "whisper"]),
    ]

    /// What other families' config.json have that would change what is computed. In use, they are refused under any
    /// family's name: a file that has them is not what it says it is.
    static let foreignKeys = [
        "use_mrope", "use_qk_norm", "qk_layernorm", "qk_norm", "alibi", "use_alibi", "parallel_attn", "clip_qkv",
        "embedding_multiplier", "residual_multiplier", "attention_multiplier", "logits_scaling", "logit_scale",
        "scale_emb", "scale_depth", "num_experts", "num_local_experts", "n_routed_experts", "moe_num_experts",
        "kv_lora_rank", "linear_num_key_heads", "attention_chunk_size",
    ]

    /// `model_type "mixtral" is not supported: it needs a mixture of experts`
    /// - Parameter key: where the family's name stands.
    static func refusal(of name: String, key: String) -> String {
        let refused = "\(key) \(name.debugDescription) is not supported"
        guard let need = needs.first(where: { $0.names.contains(name) }) else { return refused }
        return "\(refused): it needs \(need.what)"
    }
}
