import Formats

/// What the JSON files beside a `tokenizer.model` say of it, as transformers reads them.
package struct SentencePieceSettings: Sendable {
    /// transformers' classes that differ in what they do with a text's beginning.
    enum Class { case llama, gemma }

    var kind = Class.llama
    /// Each stretch between added tokens begins a text anew, as in transformers before version 4.31.
    var isLegacy = true
    /// `add_prefix_space`; nil: as the model itself has it.
    var addsPrefixSpace: Bool?
    var addsBOS = true
    var addsEOS = false
    /// The token that texts begin with, where a file names it.
    var bosToken: String?
    /// Tokens with ids of their own: `added_tokens_decoder`, or added_tokens.json.
    var added: [AddedToken] = []
    /// Tokens that a file names for a purpose.
    var specials: [String] = []

    /// - Parameters:
    ///   - configuration: tokenizer_config.json.
    ///   - map: special_tokens_map.json.
    ///   - addedTokens: added_tokens.json.
    ///   - family: `model_type` of config.json, for a configuration that names no class.
    ///   - file: the configuration's name, for errors.
    package init(
        configuration: JSONValue?, map: JSONValue?, addedTokens: JSONValue?, family: String, file: String
    ) throws {
        let reader = Reader(file: file)
        kind = try reader.kind(configuration?["tokenizer_class"], family: family)
        isLegacy = try reader.flag(configuration, "legacy") ?? true
        addsPrefixSpace = try reader.flag(configuration, "add_prefix_space")
        addsBOS = try reader.flag(configuration, "add_bos_token") ?? true
        addsEOS = try reader.flag(configuration, "add_eos_token") ?? false
        for source in [configuration, map].compactMap({ $0 }) {
            for key in Reader.purposes {
                guard let name = try reader.token(source[key], key) else { continue }
                specials.append(name)
                if key == "bos_token", bosToken == nil { bosToken = name }
            }
            for key in ["additional_special_tokens", "extra_special_tokens"] {
                for value in source[key]?.asArray ?? [] {
                    if let name = try reader.token(value, key) { specials.append(name) }
                }
            }
        }
        if let listed = configuration?["added_tokens_decoder"], !listed.isNull {
            added = try reader.members(listed, "added_tokens_decoder").map { key, value in
                try reader.added(Int(key), value["content"]?.asString, flags: value)
            }
        } else if let addedTokens {
            added = try reader.members(addedTokens, "added_tokens.json").map { content, id in
                try reader.added(id.asInt, content, flags: .null)
            }
        }
    }

    private struct Reader {
        static let purposes = [
            "bos_token", "eos_token", "unk_token", "pad_token", "sep_token", "cls_token", "mask_token",
        ]
        let file: String

        func kind(_ name: JSONValue?, family: String) throws -> Class {
            let byFamily: Class = family.hasPrefix("gemma") ? .gemma : .llama
            guard let name, !name.isNull else { return byFamily }
            switch name.asString {
            case "LlamaTokenizer", "LlamaTokenizerFast", "CodeLlamaTokenizer", "CodeLlamaTokenizerFast": return .llama
            case "GemmaTokenizer", "GemmaTokenizerFast": return .gemma
            case "PreTrainedTokenizerFast", "PreTrainedTokenizer", "TokenizersBackend": return byFamily
            default:
                throw TokenizersError.unsupported(
                    part: "tokenizer_class beside a tokenizer.model", found: name.text(), file: file)
            }
        }

        func flag(_ json: JSONValue?, _ key: String) throws -> Bool? {
            guard let value = json?[key], !value.isNull else { return nil }
            guard let flag = value.asBool else { throw malformed("\(key) is \(value.kind)") }
            return flag
        }

        /// A token's text, which stands as a string or as an object with `content`.
        func token(_ value: JSONValue?, _ key: String) throws -> String? {
            guard let value, !value.isNull else { return nil }
            guard let text = value.asString ?? value["content"]?.asString else {
                throw malformed("\(key) is neither a text nor a token")
            }
            return text
        }

        func members(_ json: JSONValue, _ key: String) throws -> [JSONObject.Member] {
            guard let object = json.asObject else { throw malformed("\(key) is \(json.kind), not an object") }
            return object.members
        }

        /// Matched in the text as it stands, whatever `normalized` says: so does the model itself.
        func added(_ id: Int?, _ content: String?, flags: JSONValue) throws -> AddedToken {
            guard let id = id.flatMap(TokenID.init(exactly:)), let content, id >= 0 else {
                throw malformed("an added token without content or id")
            }
            return try AddedToken(
                id: id, content: content, special: flag(flags, "special") ?? false,
                lstrip: flag(flags, "lstrip") ?? false, rstrip: flag(flags, "rstrip") ?? false,
                singleWord: flag(flags, "single_word") ?? false)
        }

        private func malformed(_ what: String) -> TokenizersError { .malformed(what, file: file) }
    }
}
