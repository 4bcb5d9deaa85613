import Formats

/// Reads the steps around a SentencePiece-style model from a tokenizer.json. A step that would change ids and that we
/// do not know is an error that quotes it.
struct PieceRulesReader {
    let file: String

    private static let blank = "\u{2581}"
    private static let leadingBlank = "\\A\u{2581}"

    /// Whether the tokenizer spells blanks as `▁`: its decoder takes them back first.
    static func applies(to json: JSONValue) -> Bool {
        guard let first = json["decoder"]?["decoders"]?.asArray?.first, first["type"]?.asString == "Replace" else {
            return false
        }
        return first["pattern"]?["String"]?.asString?.hasSameBytes(as: blank) == true
    }

    func rules(_ json: JSONValue) throws -> PieceRules {
        var rules = PieceRules()
        let normalizer = json["normalizer"] ?? .null
        rules.normalizing = try steps(normalizer, "Sequence", "normalizers").map { try normalizing($0) }
        let preTokenizer = json["pre_tokenizer"] ?? .null
        rules.cutting = try steps(preTokenizer, "Sequence", "pretokenizers").map { try cutting($0) }
        guard rules.escapes else { throw unsupported("normalizer and pre_tokenizer, which leave blanks,", normalizer) }
        if rules.cutting.contains(.behindBlanks), !rules.normalizing.contains(.escape) {
            throw unsupported("pre_tokenizer", preTokenizer)
        }
        try readDecoder(json["decoder"] ?? .null, into: &rules)
        return rules
    }

    private func steps(_ json: JSONValue, _ sequence: String, _ key: String) throws -> [JSONValue] {
        if json.isNull { return [] }
        guard json["type"]?.asString == sequence else { return [json] }
        guard let steps = json[key]?.asArray else {
            throw TokenizersError.malformed("\(key) is missing or not an array", file: file)
        }
        return try steps.flatMap { try self.steps($0, sequence, key) }
    }

    private func normalizing(_ step: JSONValue) throws -> PieceRules.Normalizing {
        switch step["type"]?.asString {
        case "Prepend" where step["prepend"]?.asString?.hasSameBytes(as: Self.blank) == true: return .prepend
        case "Replace":
            if replaces(step, "String", " ", Self.blank) { return .escape }
            if replaces(step, "Regex", Self.leadingBlank, Self.blank + Self.blank) { return .doubleLeadingBlank }
        default: break
        }
        throw unsupported("normalizer", step)
    }

    private func cutting(_ step: JSONValue) throws -> PieceRules.Cutting {
        switch step["type"]?.asString {
        case "Metaspace" where step["replacement"]?.asString?.hasSameBytes(as: Self.blank) == true:
            return .metaspace(try prepending(step), splits: try flag(step, "split", otherwise: true))
        case "Split"
        where step["pattern"]?["String"]?.asString == " " && step["behavior"]?.asString == "MergedWithPrevious"
            && step["invert"]?.asBool == false:
            return .behindBlanks
        default: throw unsupported("pre_tokenizer", step)
        }
    }

    /// `prepend_scheme`, which older files called `add_prefix_space`.
    private func prepending(_ step: JSONValue) throws -> PieceRules.Prepending {
        var scheme = PieceRules.Prepending.always
        if let name = step["prepend_scheme"] {
            guard let known = name.asString.flatMap(PieceRules.Prepending.init(rawValue:)) else {
                throw unsupported("prepend_scheme", name)
            }
            scheme = known
        }
        let adds = try flag(step, "add_prefix_space", otherwise: true)
        guard !adds, scheme != .never else { return scheme }
        // What `tokenizers` does, too.
        throw TokenizersError.malformed("add_prefix_space does not match prepend_scheme", file: file)
    }

    private func readDecoder(_ decoder: JSONValue, into rules: inout PieceRules) throws {
        var steps = try self.steps(decoder, "Sequence", "decoders")[...]
        guard let first = steps.popFirst(), replaces(first, "String", Self.blank, " ") else {
            throw unsupported("decoder", decoder)
        }
        rules.hasBytes = steps.first?["type"]?.asString == "ByteFallback"
        if rules.hasBytes { steps.removeFirst() }
        if steps.first?["type"]?.asString == "Fuse" { steps.removeFirst() }
        if let strip = steps.popFirst() {
            guard strip["type"]?.asString == "Strip", strip["content"]?.asString == " ", strip["start"]?.asInt == 1,
                strip["stop"]?.asInt == 0, steps.isEmpty
            else { throw unsupported("decoder", decoder) }
            rules.stripsLeadingBlank = true
        }
    }

    private func replaces(_ step: JSONValue, _ kind: String, _ pattern: String, _ content: String) -> Bool {
        step["type"]?.asString == "Replace" && step["pattern"]?[kind]?.asString?.hasSameBytes(as: pattern) == true
            && step["content"]?.asString?.hasSameBytes(as: content) == true
    }

    private func flag(_ json: JSONValue, _ key: String, otherwise: Bool) throws -> Bool {
        guard let value = json[key], !value.isNull else { return otherwise }
        guard let flag = value.asBool else {
            throw TokenizersError.malformed("\(key) is \(value.kind)", file: file)
        }
        return flag
    }

    private func unsupported(_ part: String, _ found: JSONValue) -> TokenizersError {
        .unsupported(part: part, found: found.text(), file: file)
    }
}

extension PieceRules {
    var normalizerJSON: JSONValue {
        Self.sequence(
            normalizing.map { step in
                switch step {
                case .prepend: ["type": "Prepend", "prepend": "\u{2581}"]
                case .escape: Self.replace(["String": " "], "\u{2581}")
                case .doubleLeadingBlank: Self.replace(["Regex": "\\A\u{2581}"], "\u{2581}\u{2581}")
                }
            }, "normalizers")
    }

    var preTokenizerJSON: JSONValue {
        Self.sequence(
            cutting.map { step in
                switch step {
                case .metaspace(let prepending, let splits):
                    [
                        "type": "Metaspace", "replacement": "\u{2581}", "prepend_scheme": .string(prepending.rawValue),
                        "split": .bool(splits),
                    ]
                case .behindBlanks:
                    ["type": "Split", "pattern": ["String": " "], "behavior": "MergedWithPrevious", "invert": false]
                }
            }, "pretokenizers")
    }

    var decoderJSON: JSONValue {
        var steps: [JSONValue] = [Self.replace(["String": "\u{2581}"], " ")]
        if hasBytes { steps.append(["type": "ByteFallback"]) }
        steps.append(["type": "Fuse"])
        if stripsLeadingBlank { steps.append(["type": "Strip", "content": " ", "start": 1, "stop": 0]) }
        return ["type": "Sequence", "decoders": .array(steps)]
    }

    private static func replace(_ pattern: JSONValue, _ content: String) -> JSONValue {
        ["type": "Replace", "pattern": pattern, "content": .string(content)]
    }

    private static func sequence(_ steps: [JSONValue], _ key: String) -> JSONValue {
        switch steps.count {
        case 0: .null
        case 1: steps[0]
        default: .object(JSONObject([("type", "Sequence"), (key, .array(steps))]))
        }
    }
}
