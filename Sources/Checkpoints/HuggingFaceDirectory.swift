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
    private let head: ModelHead

    /// - Throws: `FormatsError` for a folder that cannot be read.
    init(_ directory: String, weights: String? = nil, preferring head: ModelHead = .language) throws {
        self.directory = directory
        self.head = head
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
        let found = try description(), configuration = found.configuration
        let words = try HuggingFaceWords(self, config: found.config, vocabulary: configuration.vocabulary)
        let model = try Model(
            configuration: configuration,
            weights: try Weights(configuration: configuration) { try found.table.matrix($0) })
        return Checkpoint(
            name: name, origin: origin, model: model, valueHead: try found.valueHead?.valueHead(),
            tokenizer: words.tokenizer,
            chatTemplate: words.chatTemplate, endTokens: words.ends, eosToken: words.eos, bosToken: words.bos,
            hasBothHeads: found.hasBothHeads, tokenizerFiles: words.files,
            criticPrompt: try PromptFile.only(in: path(PromptFile.criticFolder)))
    }

    /// What is in the files, checked against the configuration.
    struct Description {
        let config: Settings
        let configuration: Configuration
        let table: TensorTable
        /// A value model's, apart from `table`.
        let valueHead: ValueHeadTensors?
        /// A value head and an output head were there, of which one was asked for.
        let hasBothHeads: Bool
    }

    /// - Throws: ``CheckpointsError`` for what is refused.
    func description() throws -> Description {
        guard let config = try settings("config.json") else { throw otherFiles.noConfiguration }
        var table = try weights.tensors(source: named ?? directory)
        try table.drop(prefix: "pretrained_model.")
        let reader = ConfigurationReader(settings: config)
        let form = try ValueHeadReader(settings: config, architecture: try reader.architecture(), table: table).form(
            preferring: head)
        let hasOutput = table.contains(TensorSpec.outputHeadNames.huggingFace)
        let configuration = try reader.configuration(hasHead: form == nil ? hasOutput : nil)
        let valueHead = try form.map { try ValueHeadTensors($0, takenFrom: &table, hidden: configuration.hidden) }
        if form == nil, head == .value { try otherFiles.refuseValueHead() }
        var hasBoth = form?.isBesideLanguageModel ?? false
        if form == nil { hasBoth = table.removeValueHead() }
        try table.check(configuration)
        return Description(
            config: config, configuration: configuration, table: table, valueHead: valueHead, hasBothHeads: hasBoth)
    }
}
