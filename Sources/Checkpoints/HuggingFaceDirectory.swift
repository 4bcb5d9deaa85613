import Formats
import Foundation
import Tokenizers
import Transformer

/// A model as transformers writes it: config.json, weights in one or several safetensors files, tokenizer files.
struct HuggingFaceDirectory {
    let directory: String
    /// One file to take the weights from, where the caller named it.
    let weights: String?

    init(_ directory: String, weights: String? = nil) {
        self.directory = directory
        self.weights = weights
    }

    func path(_ name: String) -> String { URL(fileURLWithPath: directory).appendingPathComponent(name).path }

    private func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

    /// The file's settings; nil where there is no such file.
    private func settings(_ name: String) throws -> Settings? { exists(name) ? try Settings(load: path(name)) : nil }

    func checkpoint(name: String, origin: String) throws -> Checkpoint {
        let (config, configuration, table, head) = try description()
        let words = try tokenizer(vocabulary: configuration.vocabulary)
        let tokens = try specialTokens(config: config, words: words, vocabulary: configuration.vocabulary)
        let template = try chatTemplate(words.settings)
        let model = try Model(
            configuration: configuration, weights: try Weights(configuration: configuration) { try table.matrix($0) })
        return Checkpoint(
            name: name, origin: origin, model: model, valueHead: try head?.valueHead(), tokenizer: words.tokenizer,
            chatTemplate: template, endTokens: Set(tokens.end), eosToken: tokens.eos, bosToken: tokens.bos,
            addsBOS: words.tokenizer.addsBOS,
            tokenizerFiles: TokenizerFiles(tokenizerJSON: words.bytes, settings: words.settings?.object),
            criticPrompt: try PromptFile.only(in: path(PromptFile.criticFolder)))
    }

    /// The configuration and the tensors, which have been checked against it, a value model's head apart.
    func description() throws -> (config: Settings, Configuration, TensorTable, ValueHeadTensors?) {
        guard exists("config.json") else {
            throw CheckpointsError.missing(path: directory, what: "it has no config.json")
        }
        let config = try Settings(load: path("config.json"))
        var table = try tensors()
        let reader = ConfigurationReader(settings: config)
        let configuration = try reader.configuration(hasHead: table.contains(TensorSpec.outputHeadNames.huggingFace))
        let head = try reader.isValueModel() ? ValueHeadTensors(takenFrom: &table, hidden: configuration.hidden) : nil
        try table.check(configuration)
        return (config, configuration, table, head)
    }

    // MARK: Weights

    /// The safetensors files, in the order of their names.
    func weightFiles() throws -> [String] {
        if let weights { return [weights] }
        if exists("model.safetensors") { return [path("model.safetensors")] }
        guard exists(Self.indexName) else {
            throw CheckpointsError.missing(
                path: directory, what: "it has no model.safetensors and no \(Self.indexName)")
        }
        return Set(try shards().values.map { UTF8Key($0) }).map(\.string).sorted().map(path)
    }

    private static let indexName = "model.safetensors.index.json"

    /// Tensor name to file name.
    private func shards() throws -> [UTF8Key: String] {
        let index = try Settings(load: path(Self.indexName))
        guard let map = index.value("weight_map")?.asObject, map.count > 0 else {
            throw index.failure("weight_map", "is missing or empty")
        }
        var shards: [UTF8Key: String] = [:]
        for (tensor, value) in map.members {
            guard let file = value.asString, file.hasSuffix(".safetensors"), !file.contains("/"), !file.contains("\0")
            else {
                throw index.failure(
                    "weight_map", "puts \(tensor.debugDescription) in \(value.text()), which is no file beside it")
            }
            shards[UTF8Key(tensor)] = file
        }
        return shards
    }

    private func tensors() throws -> TensorTable {
        var table = TensorTable(source: weights ?? directory)
        let index = weights == nil && !exists("model.safetensors") ? try shards() : nil
        for file in try weightFiles() {
            let container = try SafetensorsFile(path: file)
            for entry in container.tensors where !entry.name.hasSuffix(".rotary_emb.inv_freq") {
                if let index, index[UTF8Key(entry.name)].map(path) != file {
                    throw CheckpointsError.tensor(
                        file: file, name: entry.name, what: "\(Self.indexName) does not put it here")
                }
                try table.add(entry.name, .init(entry: entry, container: container))
            }
        }
        return table
    }

    // MARK: Words

    private struct Words {
        let tokenizer: Tokenizer
        let bytes: [UInt8]
        /// tokenizer_config.json.
        let settings: Settings?
    }

    private func tokenizer(vocabulary: Int) throws -> Words {
        guard exists("tokenizer.json") else {
            throw CheckpointsError.missing(path: directory, what: "it has no tokenizer.json")
        }
        let file = path("tokenizer.json")
        let bytes = try BoundedFile.read(file, limit: 128 << 20)
        let tokenizer = try Tokenizer(tokenizerJSON: bytes, file: file)
        guard tokenizer.vocabularySize <= vocabulary else {
            throw CheckpointsError.part(
                file: file, what: "it has \(tokenizer.vocabularySize) tokens but the model only \(vocabulary)",
                hint: "check that the tokenizer belongs to the model")
        }
        return Words(tokenizer: tokenizer, bytes: bytes, settings: try settings("tokenizer_config.json"))
    }

    private func specialTokens(
        config: Settings, words: Words, vocabulary: Int
    ) throws -> (end: [TokenID], eos: TokenID?, bos: TokenID?) {
        let generation = try settings("generation_config.json")
        func ids(_ key: String) throws -> [TokenID]? {
            try generation?.ids(key, vocabulary: vocabulary) ?? config.ids(key, vocabulary: vocabulary)
        }
        let eos = named("eos_token", words)
        let bos = try named("bos_token", words) ?? words.tokenizer.bosID ?? ids("bos_token_id")?.first
        let end = try ids("eos_token_id") ?? eos.map { [$0] } ?? []
        return (end, eos ?? end.first, bos)
    }

    /// A token that tokenizer_config.json names, as a string or as an object with `content`.
    private func named(_ key: String, _ words: Words) -> TokenID? {
        guard let value = words.settings?.value(key), let text = value.asString ?? value["content"]?.asString else {
            return nil
        }
        return words.tokenizer.id(ofSpecial: text)
    }

    /// chat_template.jinja, else tokenizer_config.json's `chat_template`: a string, or a list of which "default"
    /// counts.
    private func chatTemplate(_ settings: Settings?) throws -> ChatTemplate? {
        if exists("chat_template.jinja") {
            let file = path("chat_template.jinja")
            guard let source = String(validating: try BoundedFile.read(file, limit: 1 << 20), as: UTF8.self) else {
                throw CheckpointsError.part(file: file, what: "not valid UTF-8", hint: nil)
            }
            return try ChatTemplate(source: source, file: file)
        }
        guard let settings, let value = settings.value("chat_template") else { return nil }
        let chosen = value.asArray?.first { $0["name"]?.asString == "default" }?["template"] ?? value
        guard let source = chosen.asString else {
            throw settings.failure("chat_template", "is neither a string nor a list with a template named default")
        }
        return try ChatTemplate(source: source, file: settings.file)
    }
}

extension ChatTemplate {
    /// A template whose errors name the file.
    convenience init(source: String, file: String) throws {
        do {
            try self.init(source: source)
        } catch let error as TokenizersError {
            throw CheckpointsError.part(file: file, what: error.description, hint: nil)
        }
    }
}
