import Formats
import Tokenizers

/// What ends a text by a GGUF file: the ids that its keys name, and tokens known by their text. llama.cpp goes by text
/// (`special_eog_ids` in src/llama-vocab.cpp), because many files name only one of a model's ends.
struct GGUFEndTokens {
    let file: GGUFModel
    let tokenizer: Tokenizer

    private static let keys = ["eos", "eot", "eom", "fim_pad", "fim_rep", "fim_sep"]

    private static let texts: Set<String> = [
        "<|eot_id|>", "<|im_end|>", "<|end|>", "<|return|>", "<|call|>", "<|flush|>", "<|calls|>", "<end_of_turn>",
        "<|endoftext|>", "</s>", "<|eom_id|>", "<EOT>", "_<EOT>", "[EOT]", "[EOS]", "<|end_of_text|>",
        "<end_of_utterance>", "<eos>", "<turn|>", "<|tool_response>", "<｜end▁of▁sentence｜>", "[e~[",
        // Borders of files, where a model of code goes on to the next.
        "<|fim_pad|>", "<fim-pad>", "<fim_pad>", "<PAD>", "[PAD]", "<|fim_repo|>", "<|repo_name|>", "<fim-repo>",
        "<REPO>", "<reponame>", "<|file_sep|>",
    ]

    /// The first end that a key names: what a chat template calls `eos_token`.
    var eos: TokenID? { get throws { try Self.keys.prefix(3).lazy.compactMap(named).first } }

    /// All of them.
    /// - Throws: ``CheckpointsError/setting(file:key:what:)`` for a key that names no token.
    var all: Set<TokenID> {
        get throws {
            var found = byText
            // These are no ends in vocabularies where others beside them are.
            if found["<|end|>"] != nil, found["<|call|>"] ?? found["<|calls|>"] != nil,
                found["<|return|>"] ?? found["<|flush|>"] != nil
            {
                found["<|end|>"] = nil
            }
            // Gemma ends turns otherwise; this is a tag of HTML in its vocabulary.
            if found["<|tool_response>"] != nil || found["<end_of_turn>"] != nil { found["</s>"] = nil }
            return Set(found.values).union(try Self.keys.compactMap(named))
        }
    }

    private var byText: [String: TokenID] {
        let wanted = Dictionary(uniqueKeysWithValues: Self.texts.map { (Array($0.utf8), $0) })
        var found: [String: TokenID] = [:]
        for (id, token) in (file.metadata["tokenizer.ggml.tokens"]?.asStrings ?? []).enumerated() {
            if let text = wanted[token], let id = TokenID(exactly: id) { found[text] = id }
        }
        return found
    }

    private func named(_ name: String) throws -> TokenID? {
        let key = "tokenizer.ggml.\(name)_token_id"
        guard let value = file.metadata[key] else { return nil }
        guard let id = value.asInt, let token = TokenID(exactly: id), tokenizer.contains(token) else {
            throw CheckpointsError.setting(file: file.path, key: key, what: "is \(value.summary), which no token has")
        }
        return token
    }
}
