import Formats
import Foundation
import Tokenizers
import Transformer

/// A model as transformers writes it: config.json, weights in one or several safetensors files, tokenizer files.
struct HuggingFaceDirectory {
    let directory: String
    /// What lies in it.
    let names: Set<String>
    /// One file to take the weights from, where the caller named it.
    private let named: String?

    /// - Throws: `FormatsError` for a folder that cannot be read.
    init(_ directory: String, weights: String? = nil) throws {
        self.directory = directory
        names = Set(try Folder.names(directory))
        named = weights
    }

    func path(_ name: String) -> String { URL(fileURLWithPath: directory).appendingPathComponent(name).path }

    /// The file of that name; nil where there is none.
    /// - Throws: ``CheckpointsError/part(file:what:hint:)`` for a link to nothing: it is not as if there were no file.
    func file(_ name: String) throws -> String? {
        guard names.contains(name) else { return nil }
        let file = path(name)
        if LinkToNothing.isOne(file) { throw LinkToNothing.error(file) }
        return file
    }

    /// The file's settings; nil where there is no such file.
    func settings(_ name: String) throws -> Settings? { try file(name).map { try Settings(load: $0) } }

    /// What is in it that is not read.
    var otherFiles: OtherFiles { OtherFiles(directory, Array(names)) }

    /// - Throws: as ``WeightFiles``.
    var weights: WeightFiles { get throws { try WeightFiles(self, named: named) } }

    func checkpoint(name: String, origin: String) throws -> Checkpoint {
        let (config, configuration, table, head) = try description()
        let words = try HuggingFaceWords(self, config: config, vocabulary: configuration.vocabulary)
        let model = try Model(
            configuration: configuration, weights: try Weights(configuration: configuration) { try table.matrix($0) })
        return Checkpoint(
            name: name, origin: origin, model: model, valueHead: try head?.valueHead(), tokenizer: words.tokenizer,
            chatTemplate: words.chatTemplate, endTokens: words.ends, eosToken: words.eos, bosToken: words.bos,
            addsBOS: words.tokenizer.addsBOS, tokenizerFiles: words.files,
            criticPrompt: try PromptFile.only(in: path(PromptFile.criticFolder)))
    }

    /// The configuration and the tensors, which have been checked against it, a value model's head apart.
    func description() throws -> (config: Settings, Configuration, TensorTable, ValueHeadTensors?) {
        guard let config = try settings("config.json") else { throw otherFiles.noConfiguration }
        var table = try weights.tensors(source: named ?? directory)
        let reader = ConfigurationReader(settings: config)
        let configuration = try reader.configuration(hasHead: table.contains(TensorSpec.outputHeadNames.huggingFace))
        let head = try reader.isValueModel() ? ValueHeadTensors(takenFrom: &table, hidden: configuration.hidden) : nil
        try table.check(configuration)
        return (config, configuration, table, head)
    }
}
