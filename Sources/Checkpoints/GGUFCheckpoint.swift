import Formats
import Tokenizers
import Transformer

/// A model in a GGUF file, or in the parts of one that is split, of one of the families in `Architecture`.
struct GGUFCheckpoint {
    let file: GGUFModel

    /// - Throws: `FormatsError`; ``CheckpointsError/unsupported(file:what:hint:)`` for what is no model.
    init(_ path: String) throws {
        file = try GGUFModel(path: path)
        guard let kind = file.metadata["general.type"], kind.asString != "model" else { return }
        throw CheckpointsError.unsupported(
            file: path, what: "it is no model by its general.type, but \(kind.asString ?? kind.summary)",
            hint: "name the model that it belongs to")
    }

    func checkpoint(name: String, origin: String) throws -> Checkpoint {
        let (configuration, table) = try description()
        let tokenizer = try Tokenizer(gguf: GGUFVocabulary(metadata: file.metadata, file: file.path), file: file.path)
        guard tokenizer.vocabularySize <= configuration.vocabulary else {
            throw CheckpointsError.part(
                file: file.path,
                what: "it has \(tokenizer.vocabularySize) tokens but an embedding of \(configuration.vocabulary)",
                hint: nil)
        }
        let template = try ChatTemplate.find(in: file)
        let ends = GGUFEndTokens(file: file, tokenizer: tokenizer)
        let model = try Model(
            configuration: configuration, weights: try Weights(configuration: configuration) { try table.matrix($0) })
        return Checkpoint(
            name: name, origin: origin, model: model, valueHead: nil, tokenizer: tokenizer, chatTemplate: template,
            endTokens: try ends.all, eosToken: try ends.eos, bosToken: tokenizer.bosID,
            tokenizerFiles: TokenizerFiles())
    }

    /// The configuration and the tensors, by their Hugging Face names, which have been checked against it.
    /// - Throws: ``CheckpointsError`` for what is refused.
    func description() throws -> (Configuration, TensorTable) {
        var table = TensorTable(source: file.path)
        for (entry, part) in file.located { try table.add(entry.name, .init(entry: entry, container: part)) }
        let factors = try table.remove("rope_freqs.weight")?.floats()
        let configuration = try GGUFConfigurationReader(file: file, ropeFactors: factors).configuration()
        try table.renameFromGGUF(configuration)
        try table.check(configuration)
        return (configuration, table)
    }
}
