import Formats
import Tokenizers
import Transformer

/// A model in a GGUF file of one of the families in `Architecture`.
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

    /// The configuration and the tensors, by their Hugging Face names, which have been checked against it.
    /// - Throws: ``CheckpointsError`` for what is refused.
    func description() throws -> (Configuration, TensorTable) {
        var table = TensorTable(source: file.path)
        for entry in file.tensors { try table.add(entry.name, .init(entry: entry, container: file)) }
        let factors = try table.remove("rope_freqs.weight")?.floats()
        let configuration = try GGUFConfigurationReader(file: file, ropeFactors: factors).configuration()
        try table.renameFromGGUF(configuration)
        try table.check(configuration)
        return (configuration, table)
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
