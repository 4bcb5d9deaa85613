import Formats

/// The tokenizer keys of a GGUF file (`tokenizer.ggml.…`).
package struct GGUFVocabulary: Sendable {
    /// `model`: "gpt2" (byte-level BPE) or "llama" (SentencePiece's BPE).
    package var model: String
    /// `pre`, one of ``GGUFPreTokenizer``'s names; "llama" has none.
    package var pre: String
    /// `tokens`, in the model's alphabet; the position is the id.
    package var tokens: [String]
    /// `token_type`: 1 normal, 2 unknown, 3 control, 4 user defined, 5 unused, 6 byte. Empty means all normal.
    package var types: [Int]
    /// `merges`, two tokens and a blank each; "llama" has none.
    package var merges: [String]
    /// `scores`, of which "llama" makes its merges.
    package var scores: [Double] = []
    /// `unknown_token_id`.
    package var unknownID: Int?
    /// `add_space_prefix`; nil where the file lacks it.
    package var addsSpacePrefix: Bool?
    /// `bos_token_id` and `eos_token_id`.
    package var bosID: Int?
    package var eosID: Int?
    /// `add_bos_token`; nil where the file leaves it to the pre-tokenizer's name.
    package var addsBOS: Bool?
    /// `add_eos_token`.
    package var addsEOS: Bool

    package init(
        model: String = "gpt2", pre: String, tokens: [String], types: [Int], merges: [String],
        bosID: Int? = nil, eosID: Int? = nil, addsBOS: Bool? = nil, addsEOS: Bool = false
    ) {
        self.model = model
        self.pre = pre
        self.tokens = tokens
        self.types = types
        self.merges = merges
        self.bosID = bosID
        self.eosID = eosID
        self.addsBOS = addsBOS
        self.addsEOS = addsEOS
    }
}

extension GGUFVocabulary {
    /// The tokenizer keys of an opened file.
    /// - Parameter file: its name, for errors.
    package init(metadata: [String: GGUFValue], file: String?) throws {
        func value(_ key: String) -> GGUFValue? { metadata["tokenizer.ggml.\(key)"] }
        func flag(_ key: String) throws -> Bool? {
            guard let value = value(key) else { return nil }
            guard let flag = value.asBool else {
                throw TokenizersError.malformed("the key tokenizer.ggml.\(key) is no truth value", file: file)
            }
            return flag
        }
        func needed(_ key: String) throws -> GGUFValue {
            guard let value = value(key) else {
                throw TokenizersError.malformed("the key tokenizer.ggml.\(key) is missing", file: file)
            }
            return value
        }
        func strings(_ key: String) throws -> [String] {
            let texts = try needed(key).asStrings?.map { String(validating: $0, as: UTF8.self) } ?? [nil]
            return try texts.enumerated().map { index, text in
                guard let text else {
                    throw TokenizersError.malformed(
                        "tokenizer.ggml.\(key) is no list of UTF-8 texts (entry \(index))", file: file)
                }
                return text
            }
        }
        let model = try needed("model").asString ?? ""
        let hasPieces = model == Self.pieceModel
        try self.init(
            model: model, pre: hasPieces ? "" : needed("pre").asString ?? "", tokens: strings("tokens"),
            types: (value("token_type")?.asIntegers ?? []).map(Int.init), merges: hasPieces ? [] : strings("merges"),
            bosID: value("bos_token_id")?.asInt, eosID: value("eos_token_id")?.asInt,
            addsBOS: flag("add_bos_token"), addsEOS: flag("add_eos_token") ?? false)
        guard hasPieces else { return }
        scores = try needed("scores").asFloats ?? []
        unknownID = value("unknown_token_id")?.asInt
        addsSpacePrefix = try flag("add_space_prefix")
        for key in ["precompiled_charsmap", "remove_extra_whitespaces"] {
            guard let found = value(key), found.asBool != false else { continue }
            throw TokenizersError.unsupported(part: "tokenizer.ggml.\(key)", found: found.summary, file: file)
        }
    }
}

extension Tokenizer {
    /// Makes a tokenizer from a GGUF file's vocabulary.
    /// - Parameter file: the file's name, for errors.
    package convenience init(gguf vocabulary: GGUFVocabulary, file: String? = nil) throws {
        try self.init(vocabulary.tables(file: file), file: file)
    }
}

extension GGUFVocabulary {
    func tables(file: String?) throws -> TokenizerTables {
        if model == Self.pieceModel { return try pieceTables(file: file) }
        guard model == "gpt2" else {
            throw TokenizersError.unsupported(part: "tokenizer.ggml.model", found: model, file: file)
        }
        guard let known = try GGUFPreTokenizer.named(pre) else {
            throw TokenizersError.unsupported(part: "tokenizer.ggml.pre", found: pre, file: file)
        }
        guard types.isEmpty || types.count == tokens.count else {
            throw TokenizersError.malformed("\(tokens.count) tokens but \(types.count) token types", file: file)
        }
        var tables = TokenizerTables()
        tables.preTokenizer = known.preTokenizer
        tables.normalizer = known.normalizer
        tables.ignoresMerges = known.ignoresMerges
        tables.entries = tokens.enumerated().map { .init(id: $0.offset, spelling: $0.element) }
        tables.merges = try merges.enumerated().map {
            try TokenizerJSONReader.splitMerge($0.element, $0.offset, file: file)
        }
        tables.addedTokens = zip(0..., zip(tokens, types)).compactMap { id, entry in
            let (content, type) = entry
            guard (2...4).contains(type), !content.isEmpty, let id = TokenID(exactly: id) else { return nil }
            return AddedToken(id: id, content: content, special: type != 4)
        }
        tables.bosID = bosID.flatMap(TokenID.init(exactly:))
        tables.eosID = eosID.flatMap(TokenID.init(exactly:))
        tables.addsBOS = (addsBOS ?? known.addsBOS) && tables.bosID != nil
        tables.addsEOS = addsEOS && tables.eosID != nil
        return tables
    }
}
