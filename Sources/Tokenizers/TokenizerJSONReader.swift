import Formats

extension Tokenizer {
    /// Reads Hugging Face's tokenizer.json.
    /// - Parameter file: its name, for errors.
    /// - Throws: `FormatsError` for what is no JSON, ``TokenizersError`` for what is no tokenizer that we know.
    package convenience init(tokenizerJSON bytes: [UInt8], file: String = "tokenizer.json") throws {
        let json = try JSONValue.parse(
            bytes, name: file, limits: JSONLimits(bytes: 128 << 20, depth: 32, values: 1 << 22))
        try self.init(TokenizerJSONReader(file: file).tables(json), file: file)
    }
}

/// Brings a tokenizer.json to tables. Every part that would change ids and that we do not know is an error that quotes
/// it.
struct TokenizerJSONReader {
    let file: String

    func tables(_ json: JSONValue) throws -> TokenizerTables {
        guard json.asObject != nil else { throw malformed("not a tokenizer: \(json.kind) instead of an object") }
        var tables = TokenizerTables()
        if PieceRulesReader.applies(to: json) { tables.pieces = try PieceRulesReader(file: file).rules(json) }
        try readModel(json["model"] ?? .null, into: &tables)
        tables.addedTokens = try elements(json["added_tokens"], of: "added_tokens").map(addedToken)
        if tables.pieces == nil {
            tables.normalizer = try normalizer(json["normalizer"] ?? .null)
            tables.preTokenizer = try preTokenizer(json["pre_tokenizer"] ?? .null)
            try checkDecoder(json["decoder"] ?? .null)
        }
        try readPostProcessor(json["post_processor"] ?? .null, into: &tables)
        return tables
    }

    // MARK: Model

    private func readModel(_ model: JSONValue, into tables: inout TokenizerTables) throws {
        let type = model["type"]?.asString ?? "BPE"
        guard type == "BPE", model["merges"] != nil else { throw unsupported("model", model["type"] ?? model) }
        for key in ["continuing_subword_prefix", "end_of_word_suffix"] {
            let value = model[key] ?? .null
            guard value.isNull || value.asString?.isEmpty == true else { throw unsupported("model.\(key)", value) }
        }
        if let dropout = model["dropout"], !dropout.isNull, dropout.asDouble != 0 {
            throw unsupported("model.dropout", dropout)
        }
        tables.fallsBackToBytes = try flag(model, "byte_fallback")
        tables.fusesUnknown = try flag(model, "fuse_unk")
        if tables.fallsBackToBytes, tables.pieces == nil { throw unsupported("model.byte_fallback", true) }
        tables.ignoresMerges = try flag(model, "ignore_merges")

        guard let vocabulary = model["vocab"]?.asObject else {
            throw malformed("model.vocab is missing or not an object")
        }
        tables.entries.reserveCapacity(vocabulary.count)
        for (spelling, value) in vocabulary.members {
            guard let id = value.asInt else {
                throw malformed("the id of \(spelling.debugDescription) is \(value.kind)")
            }
            tables.entries.append(.init(id: id, spelling: spelling))
        }
        tables.merges = try elements(model["merges"], of: "model.merges").enumerated().compactMap(merge)
        guard let unknown = model["unk_token"], !unknown.isNull else { return }
        if tables.pieces == nil { return try checkUnknownToken(unknown, tables) }
        guard let text = unknown.asString else { throw malformed("model.unk_token is \(unknown.kind)") }
        tables.unknown = text
    }

    private func flag(_ model: JSONValue, _ key: String) throws -> Bool {
        guard let value = model[key], !value.isNull else { return false }
        guard let flag = value.asBool else { throw malformed("model.\(key) is \(value.kind)") }
        return flag
    }

    /// The unknown token is for bytes without a token; it never comes when all 256 are there.
    private func checkUnknownToken(_ token: JSONValue, _ tables: TokenizerTables) throws {
        let spelled = Set(
            tables.entries.lazy.filter { $0.spelling.unicodeScalars.count == 1 }.map { UTF8Key($0.spelling) })
        guard ByteAlphabet.scalars.allSatisfy({ spelled.contains(UTF8Key(String(Character($0)))) }) else {
            throw unsupported("model.unk_token with a vocabulary that lacks some bytes", token)
        }
    }

    /// `"a b"` in old files, `["a", "b"]` in new ones.
    private func merge(_ index: Int, _ value: JSONValue) throws -> (left: String, right: String)? {
        if let text = value.asString {
            if text.hasPrefix("#version") { return nil }
            return try Self.splitMerge(text, index, file: file)
        }
        guard let pair = value.asArray, pair.count == 2, let left = pair[0].asString, let right = pair[1].asString
        else {
            throw malformed("merge \(index) is \(value.text()), not two tokens")
        }
        return (left, right)
    }

    static func splitMerge(_ text: String, _ index: Int, file: String?) throws -> (left: String, right: String) {
        let halves = text.unicodeScalars.split(separator: " ", omittingEmptySubsequences: false)
        guard halves.count == 2, !halves[0].isEmpty, !halves[1].isEmpty else {
            throw TokenizersError.malformed(
                "merge \(index) is \(text.debugDescription), not two tokens and a blank", file: file)
        }
        return (String(halves[0]), String(halves[1]))
    }

    // MARK: Added tokens

    /// In bytes. Each takes some hundred of memory.
    private static let longestToken = 1 << 14

    private func addedToken(_ json: JSONValue) throws -> AddedToken {
        guard let content = json["content"]?.asString, let id = json["id"]?.asInt.flatMap(TokenID.init(exactly:)) else {
            throw malformed("an added token without content or id: \(json.text())")
        }
        guard content.utf8.count <= Self.longestToken else {
            throw malformed("added token \(id) has \(content.utf8.count) bytes, \(Self.longestToken) at most")
        }
        func flag(_ key: String) throws -> Bool {
            guard let value = json[key] else { return false }
            guard let flag = value.asBool else {
                throw malformed("\(key) of the added token \"\(content)\" is \(value.kind)")
            }
            return flag
        }
        return try AddedToken(
            id: id, content: content, special: flag("special"), lstrip: flag("lstrip"), rstrip: flag("rstrip"),
            singleWord: flag("single_word"), normalized: flag("normalized"))
    }

    // MARK: The steps around the model

    private func checkDecoder(_ json: JSONValue) throws {
        if json["type"]?.asString == "Sequence" {
            let steps = try elements(json["decoders"], of: "decoder.decoders")
            if steps.count == 1 { return try checkDecoder(steps[0]) }
        }
        guard json["type"]?.asString == "ByteLevel" else { throw unsupported("decoder", json) }
    }

    /// Byte-level post-processing moves offsets only; a template may put one token in front and one behind.
    private func readPostProcessor(_ json: JSONValue, into tables: inout TokenizerTables) throws {
        switch json["type"]?.asString {
        case nil where json.isNull, "ByteLevel": return
        case "Sequence":
            for step in try elements(json["processors"], of: "post_processor.processors") {
                try readPostProcessor(step, into: &tables)
            }
        case "TemplateProcessing": try readTemplate(json, into: &tables)
        case "BertProcessing", "RobertaProcessing":
            guard let first = json["cls"]?.asArray?.last, let last = json["sep"]?.asArray?.last else {
                throw unsupported("post_processor", json)
            }
            try frame(before: tokenID(first, json), after: tokenID(last, json), json, into: &tables)
        default: throw unsupported("post_processor", json)
        }
    }

    private func readTemplate(_ json: JSONValue, into tables: inout TokenizerTables) throws {
        var parts = try elements(json["single"], of: "post_processor.single")[...]
        var before: TokenID?, after: TokenID?
        if let first = parts.first, first["Sequence"] == nil { before = try special(parts.removeFirst(), json) }
        if let last = parts.last, last["Sequence"] == nil { after = try special(parts.removeLast(), json) }
        guard parts.count == 1, parts.first?["Sequence"]?["id"]?.asString == "A" else {
            throw unsupported("post_processor", json)
        }
        try frame(before: before, after: after, json, into: &tables)
    }

    /// The one token that a special part of a template stands for.
    private func special(_ part: JSONValue, _ json: JSONValue) throws -> TokenID {
        guard let name = part["SpecialToken"]?["id"]?.asString,
            let ids = json["special_tokens"]?[name]?["ids"]?.asArray,
            ids.count == 1
        else { throw unsupported("post_processor", json) }
        return try tokenID(ids[0], json)
    }

    private func tokenID(_ value: JSONValue, _ json: JSONValue) throws -> TokenID {
        guard let id = value.asInt.flatMap(TokenID.init(exactly:)) else { throw unsupported("post_processor", json) }
        return id
    }

    private func frame(
        before: TokenID?, after: TokenID?, _ json: JSONValue, into tables: inout TokenizerTables
    ) throws {
        guard before == nil || !tables.addsBOS, after == nil || !tables.addsEOS else {
            throw unsupported("post_processor", json)
        }
        if let before { (tables.bosID, tables.addsBOS) = (before, true) }
        if let after { (tables.eosID, tables.addsEOS) = (after, true) }
    }

    // MARK: Errors

    func elements(_ json: JSONValue?, of key: String) throws -> [JSONValue] {
        guard let json, !json.isNull else { return [] }
        guard let elements = json.asArray else { throw malformed("\(key) is \(json.kind), not an array") }
        return elements
    }

    func malformed(_ message: String) -> TokenizersError { .malformed(message, file: file) }

    func unsupported(_ part: String, _ found: JSONValue) -> TokenizersError {
        let text = found.text()
        let quoted = text.utf8.count <= 400 ? text : String(text.unicodeScalars.prefix(400)) + "…"
        return .unsupported(part: part, found: quoted, file: file)
    }
}
