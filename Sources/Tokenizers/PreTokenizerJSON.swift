import Formats

extension TokenizerJSONReader {
    /// The steps of `pre_tokenizer`, which must go over to bytes somewhere.
    func preTokenizer(_ json: JSONValue) throws -> PreTokenizer {
        let steps = try preTokenizerSteps(json)
        let byteLevels = steps.filter { if case .byteLevel = $0 { true } else { false } }
        guard byteLevels.count == 1 else { throw unsupported("pre_tokenizer", json) }
        return PreTokenizer(steps)
    }

    private func preTokenizerSteps(_ json: JSONValue) throws -> [PreTokenizer.Step] {
        switch json["type"]?.asString {
        case "Sequence":
            return try elements(json["pretokenizers"], of: "pre_tokenizer.pretokenizers").flatMap(preTokenizerSteps)
        case "ByteLevel":
            return try [
                .byteLevel(
                    addsPrefixSpace: flag(json, "add_prefix_space", else: true),
                    usesPattern: flag(json, "use_regex", else: true))
            ]
        case "Split":
            return try [
                .split(
                    pattern(json, of: "pre_tokenizer"), behaviour(json, else: nil),
                    inverted: flag(json, "invert", else: nil))
            ]
        case "Digits": return try [.digits(individual: flag(json, "individual_digits", else: nil))]
        case "Punctuation": return try [.punctuation(behaviour(json, else: .isolated))]
        case "Whitespace": return [.whitespace]
        case "WhitespaceSplit": return [.whitespaceSplit]
        case "BertPreTokenizer": return [.whitespaceSplit, .punctuation(.isolated)]
        case "Metaspace", "CharDelimiterSplit", "UnicodeScripts", "FixedLength", .none, .some:
            throw unsupported("pre_tokenizer", json)
        }
    }

    /// What a step of `part` looks for.
    func pattern(_ json: JSONValue, of part: String) throws -> SplitPattern {
        if let literal = json["pattern"]?["String"]?.asString, !literal.isEmpty {
            return SplitPattern(literal: literal)
        }
        guard let source = json["pattern"]?["Regex"]?.asString else { throw unsupported(part, json) }
        do {
            return try SplitPattern(expression: source)
        } catch let error as ExpressionError {
            throw unsupported("regular expression, which has \(error.what)", .string(source))
        }
    }

    private func behaviour(_ json: JSONValue, else usual: SplitBehaviour?) throws -> SplitBehaviour {
        if json["behavior"] == nil, let usual { return usual }
        guard let behaviour = json["behavior"]?.asString.flatMap(SplitBehaviour.init) else {
            throw unsupported("pre_tokenizer", json)
        }
        return behaviour
    }

    /// A truth value of a part of the file.
    /// - Parameter usual: what `tokenizers` takes where the key is missing; nil where it refuses.
    func flag(_ json: JSONValue, _ key: String, else usual: Bool?) throws -> Bool {
        guard let flag = json[key].map({ $0.asBool }) ?? usual else {
            throw malformed("\(key) is no truth value in \(json.text())")
        }
        return flag
    }
}

extension PreTokenizer {
    /// As tokenizer.json has it.
    var json: JSONValue {
        steps.count == 1 ? steps[0].json : ["type": "Sequence", "pretokenizers": .array(steps.map(\.json))]
    }
}

extension PreTokenizer.Step {
    fileprivate var json: JSONValue {
        switch self {
        case .split(let pattern, let behaviour, let inverted):
            [
                "type": "Split", "pattern": pattern.json,
                "behavior": .string(behaviour.rawValue), "invert": .bool(inverted),
            ]
        case .digits(let individual): ["type": "Digits", "individual_digits": .bool(individual)]
        case .punctuation(let behaviour): ["type": "Punctuation", "behavior": .string(behaviour.rawValue)]
        case .whitespace: ["type": "Whitespace"]
        case .whitespaceSplit: ["type": "WhitespaceSplit"]
        case .byteLevel(let addsPrefixSpace, let usesPattern):
            [
                "type": "ByteLevel", "add_prefix_space": .bool(addsPrefixSpace), "trim_offsets": true,
                "use_regex": .bool(usesPattern),
            ]
        }
    }
}

extension SplitPattern {
    var json: JSONValue { isExpression ? ["Regex": .string(source)] : ["String": .string(source)] }
}
