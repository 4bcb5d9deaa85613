import Formats

/// One rollout as a run keeps it, read leniently: any member may be missing, null or of a later format; what is there
/// is shown.
struct RolloutRow {
    let json: JSONObject

    init(_ json: JSONObject) { self.json = json }

    var problem: JSONValue? { json["problem"] }
    var problemID: Int? { problem?["id"]?.asInt }
    var actor: JSONValue? { json["actor"] }
    var score: Double? { json["score"]?.asDouble }
    var masked: String? { json.reason("masked") }
    var prefixes: [RolloutPrefix] {
        (json["prefixes"]?.asArray ?? []).compactMap { $0.asObject.map(RolloutPrefix.init) }
    }
    /// Plain members that this version does not know.
    var others: [JSONObject.Member] { json.plainMembers(except: Self.known) }

    private static let known: Set<String> = [
        "input", "output", "gts", "score", "step", "problem", "actor", "sample", "ids", "logprobs", "finish", "status",
        "extracted",
        "masked", "icc_off", "prefixes", "advantages",
    ]
}

/// One prefix of a rollout, with what it was found worth and what training made of that.
struct RolloutPrefix {
    let json: JSONObject

    init(_ json: JSONObject) { self.json = json }

    var masked: String? { json.reason("masked") }
    var chains: [RolloutChain] { (json["chains"]?.asArray ?? []).compactMap { $0.asObject.map(RolloutChain.init) } }
    var others: [JSONObject.Member] { json.plainMembers(except: Self.known) }

    private static let known: Set<String> = [
        "step", "start", "end", "text", "prompt", "prompt_tokens", "value", "return", "advantage", "masked", "chains",
    ]
}

/// One chain of the critic's about a prefix.
struct RolloutChain {
    let json: JSONObject

    init(_ json: JSONObject) { self.json = json }

    var masked: String? { json.reason("masked") }
    /// Its score was not read from its own text.
    var isParseFailure: Bool { json["status"]?.asString.map { $0 != "parsed" } ?? false }
    var others: [JSONObject.Member] { json.plainMembers(except: Self.known) }

    private static let known: Set<String> = [
        "text", "ids", "score", "value", "status", "failure", "reward", "advantage", "masked",
    ]
}

extension JSONObject {
    /// A text that says why, or `true` without a reason.
    func reason(_ key: String) -> String? {
        guard let value = self[key] else { return nil }
        return value.asString ?? (value.asBool == true ? "yes" : nil)
    }

    /// Text, numbers and flags, without those of the given names.
    func plainMembers(except known: Set<String>) -> [Member] {
        members.filter {
            !known.contains($0.key) && ($0.value.asString != nil || $0.value.asDouble != nil || $0.value.asBool != nil)
        }
    }
}
