import Formats
import Tokenizers

/// The words of a Hugging Face directory: its tokenizer, its chat template, and what begins and ends its texts.
struct HuggingFaceWords {
    let tokenizer: Tokenizer
    let chatTemplate: ChatTemplate?
    /// Every id that some file says a text ends with.
    let ends: Set<TokenID>
    /// What a chat template calls `eos_token`.
    let eos: TokenID?
    let bos: TokenID?
    /// As they were read.
    let files: TokenizerFiles

    /// - Parameters:
    ///   - config: config.json.
    ///   - vocabulary: rows of the embedding, at least one a token.
    /// - Throws: ``CheckpointsError``, `TokenizersError`, `FormatsError` naming the file.
    init(_ directory: HuggingFaceDirectory, config: Settings, vocabulary: Int) throws {
        let settings = try directory.settings("tokenizer_config.json")
        let source = try TokenizerSource(directory, settings: settings, config: config)
        (tokenizer, files) = (source.tokenizer, source.files)
        let file = source.file
        guard tokenizer.vocabularySize <= vocabulary else {
            throw CheckpointsError.part(
                file: file, what: "it has \(tokenizer.vocabularySize) tokens but the model only \(vocabulary)",
                hint: "check that the tokenizer belongs to the model")
        }
        chatTemplate = try ChatTemplate.find(in: directory, settings)
        let specials = SpecialTokens(
            tokenizer: tokenizer, vocabulary: vocabulary, config: config,
            generation: try directory.settings("generation_config.json"),
            named: try [settings, directory.settings("special_tokens_map.json")].compactMap { $0 })
        try specials.refuseUnknown(added: try directory.settings("added_tokens.json"))
        (ends, eos, bos) = (try specials.ends, try specials.eos, try specials.bos)
    }
}

/// What the files of a Hugging Face directory say of the tokens that begin and end a text.
private struct SpecialTokens {
    let tokenizer: Tokenizer
    let vocabulary: Int
    let config: Settings
    /// generation_config.json.
    let generation: Settings?
    /// tokenizer_config.json and special_tokens_map.json, which name tokens by their text.
    let named: [Settings]

    /// All that any of them names. An id of config.json that generation_config.json does not repeat must be a special
    /// token: some configurations carry another vocabulary's.
    var ends: Set<TokenID> {
        get throws {
            let chosen = try generation?.ids("eos_token_id", vocabulary: vocabulary)
            let configured = try config.ids("eos_token_id", vocabulary: vocabulary) ?? []
            return Set(chosen ?? [])
                .union(chosen == nil ? configured : configured.filter { tokenizer.specialIDs.contains($0) })
                .union(named.compactMap { id("eos_token", in: $0) })
        }
    }

    var eos: TokenID? {
        get throws { try named.lazy.compactMap { id("eos_token", in: $0) }.first ?? ids("eos_token_id")?.first }
    }

    var bos: TokenID? {
        get throws {
            try named.lazy.compactMap { id("bos_token", in: $0) }.first ?? tokenizer.bosID ?? ids("bos_token_id")?.first
        }
    }

    /// Tokens that these files name and the tokenizer lacks are added by transformers. A text that spells one would
    /// read otherwise here, and an end of that name would end nothing. What pads or masks is neither read nor written.
    /// - Parameter added: added_tokens.json.
    /// - Throws: ``CheckpointsError/part(file:what:hint:)``.
    func refuseUnknown(added: Settings?) throws {
        var tokens = named.flatMap { settings in
            spelled(in: settings).map { (settings.file, $0.key, $0.token) }
        }
        if let added { tokens += added.object.members.map { (added.file, $0.key, $0.key) } }
        guard
            let (file, key, token) = tokens.first(where: { !$0.2.isEmpty && tokenizer.id(ofSpecial: $0.2) == nil })
        else { return }
        throw CheckpointsError.part(
            file: file, what: "\(key) names \(token.debugDescription), which the tokenizer does not have",
            hint: "in Python, transformers' AutoTokenizer.from_pretrained(DIR).save_pretrained(DIR) writes them as one")
    }

    /// The tokens that a file of settings spells, with the keys they stand under.
    private func spelled(in settings: Settings) -> [(key: String, token: String)] {
        var found: [(key: String, token: String)] = []
        func add(_ key: String, _ value: JSONValue) {
            if let text = value.asString ?? value["content"]?.asString { found.append((key, text)) }
        }
        for key in [
            "bos_token", "eos_token", "additional_special_tokens", "extra_special_tokens", "added_tokens_decoder",
        ] {
            guard let value = settings.value(key) else { continue }
            if let several = value.asArray {
                for token in several { add(key, token) }
            } else if let members = value.asObject?.members, value["content"] == nil {
                for member in members { add(key, member.value) }
            } else {
                add(key, value)
            }
        }
        return found
    }

    private func ids(_ key: String) throws -> [TokenID]? {
        try generation?.ids(key, vocabulary: vocabulary) ?? config.ids(key, vocabulary: vocabulary)
    }

    /// A token by its text, which stands as a string or as an object with `content`.
    private func id(_ key: String, in settings: Settings) -> TokenID? {
        guard let value = settings.value(key), let text = value.asString ?? value["content"]?.asString else {
            return nil
        }
        return tokenizer.id(ofSpecial: text)
    }
}
