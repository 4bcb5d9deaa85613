import Formats

extension Tokenizer {
    /// This tokenizer as a tokenizer.json that `tokenizers` and transformers load: the same ids for every text.
    /// Merges are written as pairs, the form that tokens with blanks need.
    package func tokenizerJSON() -> [UInt8] {
        let json: JSONValue = [
            "version": "1.0",
            "truncation": nil,
            "padding": nil,
            "added_tokens": .array(addedTokens.map(json)),
            "normalizer": pieces.map(\.normalizerJSON) ?? normalizer.json,
            "pre_tokenizer": pieces.map(\.preTokenizerJSON) ?? preTokenizer.json,
            "post_processor": postProcessorJSON,
            "decoder": pieces.map(\.decoderJSON) ?? byteLevel(addPrefixSpace: false, usesPattern: true),
            "model": modelJSON,
        ]
        return json.encoded(.pretty)
    }

    private var modelJSON: JSONValue {
        [
            "type": "BPE", "dropout": nil, "unk_token": unknown.map { .string($0) } ?? .null,
            "continuing_subword_prefix": nil, "end_of_word_suffix": nil, "fuse_unk": .bool(fusesUnknown),
            "byte_fallback": .bool(fallsBackToBytes), "ignore_merges": .bool(ignoresMerges),
            "vocab": .object(JSONObject(vocabularyMembers)),
            "merges": .array(mergeList.map { .array([.string(spelling($0.left)), .string(spelling($0.right))]) }),
        ]
    }

    private var vocabularyMembers: [JSONObject.Member] {
        (0..<TokenID(vocabularySize)).compactMap { id -> JSONObject.Member? in
            switch vocabulary.kinds[Int(id)] {
            case .absent, .addedOnly: nil
            case .spelled, .byte: (spelling(id), .integer(Int64(id)))
            case .verbatim: (String(decoding: vocabulary.bytes(of: id), as: UTF8.self), .integer(Int64(id)))
            }
        }
    }

    private func spelling(_ id: TokenID) -> String {
        pieces == nil
            ? ByteAlphabet.spell(vocabulary.bytes(of: id))
            : String(decoding: vocabulary.spelling(of: id), as: UTF8.self)
    }

    private func json(_ token: AddedToken) -> JSONValue {
        [
            "id": .integer(Int64(token.id)), "content": .string(token.content), "single_word": .bool(token.singleWord),
            "lstrip": .bool(token.lstrip), "rstrip": .bool(token.rstrip), "normalized": .bool(token.normalized),
            "special": .bool(token.special),
        ]
    }

    private var postProcessorJSON: JSONValue {
        let before = addsBOS ? bosID : nil, after = addsEOS ? eosID : nil
        guard before != nil || after != nil else {
            return pieces == nil ? byteLevel(addPrefixSpace: false, usesPattern: true) : .null
        }
        func name(_ id: TokenID) -> String { String(decoding: bytes(of: id), as: UTF8.self) }
        func part(_ id: TokenID?) -> [JSONValue] {
            id.map { [["SpecialToken": ["id": .string(name($0)), "type_id": 0]]] } ?? []
        }
        func text(_ id: JSONValue, _ type: JSONValue) -> JSONValue { ["Sequence": ["id": id, "type_id": type]] }
        let specials = Set([before, after].compactMap(\.self)).sorted().map { id in
            (
                name(id),
                [
                    "id": .string(name(id)), "ids": [.integer(Int64(id))], "tokens": [.string(name(id))],
                ] as JSONValue
            )
        }
        return [
            "type": "TemplateProcessing",
            "single": .array(part(before) + [text("A", 0)] + part(after)),
            "pair": .array(part(before) + [text("A", 0), text("B", 1)] + part(after)),
            "special_tokens": .object(JSONObject(specials)),
        ]
    }

    private func byteLevel(addPrefixSpace: Bool, usesPattern: Bool) -> JSONValue {
        [
            "type": "ByteLevel", "add_prefix_space": .bool(addPrefixSpace), "trim_offsets": true,
            "use_regex": .bool(usesPattern),
        ]
    }
}
