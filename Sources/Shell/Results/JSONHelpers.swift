import Critics
import Formats
import Generation
import Problems
import Tokenizers

extension JSONValue {
    static func int(_ value: Int) -> JSONValue { .integer(Int64(value)) }
    /// 0 or 1, or what a grader of shares gave.
    static func outcome(_ value: Double) -> JSONValue { Int(exactly: value).map { .int($0) } ?? .number(value) }
    static func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
    static func number(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }
    static func ids(_ ids: some Sequence<TokenID>) -> JSONValue { .array(ids.map { .integer(Int64($0)) }) }
    static func floats(_ values: [Float]) -> JSONValue { .array(values.map { .float($0) }) }

    static func object(_ members: [JSONObject.Member]) -> JSONValue { .object(JSONObject(members)) }
}

extension Problem {
    var json: JSONValue {
        .object([
            ("id", .int(id)), ("text", .string(text)), ("answer", .text(answer)), ("source", .string(source)),
            ("grader", .string(grader.rawValue)), ("steps", .string("\(stepRule)")),
        ])
    }
}

extension Solution {
    var json: JSONValue {
        let members: [JSONObject.Member] = [
            ("id", .int(id)), ("problem", .int(problem)), ("text", .string(text)), ("ids", .ids(ids)),
            ("logprobs", logprobs.map { .floats($0) } ?? .null), ("finish", .string(finish.rawValue)),
            ("outcome", outcome.map { .outcome($0) } ?? .null), ("extracted", .text(extracted)),
            ("status", .text(status?.rawValue)), ("actor", .string(actor.name)), ("author", .text(author?.description)),
            ("branch", .text(branch?.description)), ("seed", .integer(Int64(bitPattern: seed))),
            ("sample", .integer(Int64(bitPattern: sample))),
        ]
        return .object(members + (reward.map { [("reward", .number($0))] } ?? []))
    }
}

extension Chain {
    var json: JSONValue {
        .object([
            ("text", .string(text)), ("ids", .ids(ids)), ("score", score.map { .int($0) } ?? .null),
            ("value", .number(value)),
            ("status", .string(status.rawValue)), ("failure", .text(failure?.rawValue)),
            ("distribution", distribution.map { .array($0.map { .number($0) }) } ?? .null),
        ])
    }
}

extension Valuation {
    var json: JSONValue {
        .object([
            ("step", .int(prefix.step)), ("start", .int(start)), ("end", .int(end)), ("text", .string(text)),
            ("value", .number(value)), ("prompt_tokens", .int(promptIDs.count)), ("chains", .array(chains.map(\.json))),
        ])
    }
}
