import Formats
import Tokenizers
import Transformer

/// A model in a GGUF file: architecture `llama` (whose q and k rows are permuted) or `qwen2`.
struct GGUFCheckpoint {
    let file: GGUFFile

    init(_ path: String) throws { file = try GGUFFile(path: path) }

    func checkpoint(name: String, origin: String) throws -> Checkpoint {
        let (configuration, table) = try description()
        let tokenizer = try Tokenizer(gguf: GGUFVocabulary(metadata: file.metadata, file: file.path), file: file.path)
        guard tokenizer.vocabularySize <= configuration.vocabulary else {
            throw CheckpointsError.part(
                file: file.path,
                what: "it has \(tokenizer.vocabularySize) tokens but an embedding of \(configuration.vocabulary)",
                hint: nil)
        }
        let template = try file.metadata["tokenizer.chat_template"].map { value in
            guard let source = value.asString else {
                throw CheckpointsError.setting(
                    file: file.path, key: "tokenizer.chat_template", what: "is not valid UTF-8")
            }
            return try ChatTemplate(source: source, file: file.path)
        }
        let ends = try ["eos", "eot", "eom"].compactMap { try tokenID("tokenizer.ggml.\($0)_token_id", tokenizer) }
        let model = try Model(
            configuration: configuration, weights: try Weights(configuration: configuration) { try table.matrix($0) })
        return Checkpoint(
            name: name, origin: origin, model: model, valueHead: nil, tokenizer: tokenizer, chatTemplate: template,
            endTokens: Set(ends), eosToken: ends.first, bosToken: tokenizer.bosID, addsBOS: tokenizer.addsBOS,
            tokenizerFiles: TokenizerFiles())
    }

    /// The configuration and the tensors, which have been checked against it.
    func description() throws -> (Configuration, TensorTable) {
        var table = try tensors()
        let factors = try table.remove("rope_freqs.weight").map { found in
            found.entry.type?.dequantise(try found.container.bytes(of: found.entry), count: found.entry.elements) ?? []
        }
        let configuration = try GGUFConfigurationReader(file: file, ropeFactors: factors).configuration(
            hasHead: table.contains("lm_head.weight"))
        table = try permuting(table, configuration)
        try table.check(configuration)
        return (configuration, table)
    }

    private func tensors() throws -> TensorTable {
        var table = TensorTable(source: file.path)
        for entry in file.tensors {
            try table.add(GGUFNames.huggingFaceName(entry.name) ?? entry.name, .init(entry: entry, container: file))
        }
        return table
    }

    private func permuting(_ table: TensorTable, _ configuration: Configuration) throws -> TensorTable {
        guard configuration.architecture == .llama else { return table }
        var table = table
        for (letter, heads) in [("q", configuration.heads), ("k", configuration.kvHeads)] {
            for layer in 0..<configuration.layers {
                let name = "model.layers.\(layer).self_attn.\(letter)_proj.weight"
                guard var found = table.remove(name) else { continue }
                found.permutedHeads = heads
                try table.add(name, found)
            }
        }
        return table
    }

    // MARK: Words

    private func failure(_ key: String, _ what: String) -> CheckpointsError {
        .setting(file: file.path, key: key, what: what)
    }

    private func tokenID(_ key: String, _ tokenizer: Tokenizer) throws -> TokenID? {
        guard let value = file.metadata[key] else { return nil }
        guard let id = value.asInt, let token = TokenID(exactly: id), tokenizer.contains(token) else {
            throw failure(key, "is \(value.summary), which no token has")
        }
        return token
    }
}

/// llama.cpp's tensor names and Hugging Face's.
enum GGUFNames {
    private static let outer = ["token_embd": "model.embed_tokens", "output_norm": "model.norm", "output": "lm_head"]
    private static let inner = [
        "attn_norm": "input_layernorm", "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj",
        "attn_v": "self_attn.v_proj", "attn_output": "self_attn.o_proj", "ffn_norm": "post_attention_layernorm",
        "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj",
    ]

    /// Nil for a name that neither family has.
    static func huggingFaceName(_ name: String) -> String? {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        if parts.count == 2, let stem = outer[parts[0]] { return "\(stem).\(parts[1])" }
        guard parts.count == 4, parts[0] == "blk", let layer = Int(parts[1]), let stem = inner[parts[2]] else {
            return nil
        }
        return "model.layers.\(layer).\(stem).\(parts[3])"
    }
}
