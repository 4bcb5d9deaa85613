import Formats

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
                "type": "Split", "pattern": [pattern.isExpression ? "Regex" : "String": .string(pattern.source)],
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
