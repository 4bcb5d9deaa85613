import Formats

extension TokenizerJSONReader {
    func normalizer(_ json: JSONValue) throws -> Normalizer {
        json.isNull ? .none : Normalizer(try normalizerSteps(json))
    }

    private func normalizerSteps(_ json: JSONValue) throws -> [Normalizer.Step] {
        switch json["type"]?.asString {
        case "Sequence":
            return try elements(json["normalizers"], of: "normalizer.normalizers").flatMap(normalizerSteps)
        case "NFC": return [.nfc]
        case "NFD": return [.nfd]
        case "NFKC": return [.nfkc]
        case "NFKD": return [.nfkd]
        case "Lowercase": return [.lowercase]
        case "Strip":
            return try [
                .strip(left: flag(json, "strip_left", else: nil), right: flag(json, "strip_right", else: nil))
            ]
        case "Replace":
            guard let content = json["content"]?.asString else { throw unsupported("normalizer", json) }
            return [.replace(try pattern(json, of: "normalizer"), content)]
        case "Prepend":
            guard let prefix = json["prepend"]?.asString else { throw unsupported("normalizer", json) }
            return [.prepend(prefix)]
        case .none, .some: throw unsupported("normalizer", json)
        }
    }
}

extension Normalizer {
    /// As tokenizer.json has it.
    var json: JSONValue {
        switch steps.count {
        case 0: .null
        case 1: steps[0].json
        default: ["type": "Sequence", "normalizers": .array(steps.map(\.json))]
        }
    }
}

extension Normalizer.Step {
    fileprivate var json: JSONValue {
        switch self {
        case .nfc: ["type": "NFC"]
        case .nfd: ["type": "NFD"]
        case .nfkc: ["type": "NFKC"]
        case .nfkd: ["type": "NFKD"]
        case .lowercase: ["type": "Lowercase"]
        case .strip(let left, let right): ["type": "Strip", "strip_left": .bool(left), "strip_right": .bool(right)]
        case .replace(let pattern, let content):
            ["type": "Replace", "pattern": pattern.json, "content": .string(content)]
        case .prepend(let prefix): ["type": "Prepend", "prepend": .string(prefix)]
        }
    }
}
