import Formats
import Foundation
import Jinja

/// One turn of a conversation.
package struct ChatMessage: Sendable, Equatable {
    /// "system", "user", "assistant", "tool".
    package var role: String
    package var content: String
    /// Members beyond these two that a template may look at, such as `tool_calls`.
    package var more: JSONObject

    package init(role: String, content: String, more: JSONObject = JSONObject()) {
        self.role = role
        self.content = content
        self.more = more
    }
}

extension ChatMessage {
    fileprivate var json: JSONValue {
        .object(JSONObject([("role", .string(role)), ("content", .string(content))] + more.members))
    }
}

/// A model's chat template: Jinja source that turns a conversation into the text that the model was trained on. What
/// is wrong with it is said where it is used: a model may be loaded and never asked by chat.
package final class ChatTemplate: Sendable {
    /// The Jinja source as given; nil where a model's files have templates but none to be used unasked.
    package let source: String?
    /// Where it stands, for errors.
    private let origin: String
    private let template: Result<JinjaTemplate, any Error>

    package init(source: String, origin: String = "chat template") {
        (self.source, self.origin) = (source, origin)
        template = Result { try JinjaTemplate(source: source) }
    }

    /// Stands for templates with names of which none is the one to use: every use of it is an error.
    package init(named names: [String], origin: String) {
        (source, self.origin) = (nil, origin)
        template = .failure(TokenizersError.noDefaultTemplate(named: names, origin: origin))
    }

    /// The rendered conversation.
    /// - Parameters:
    ///   - addGenerationPrompt: end with the opening of the assistant's turn.
    ///   - bosToken: the text of `bos_token` in the template, likewise `eosToken`; not defined there when nil.
    ///   - variables: further variables, such as `tools` or `enable_thinking`.
    ///   - now: what `strftime_now` takes for the present.
    /// - Throws: ``TokenizersError`` with the file, line and column at fault, or what the template raises.
    package func render(
        _ messages: [ChatMessage], addGenerationPrompt: Bool, bosToken: String? = nil, eosToken: String? = nil,
        variables: JSONObject = JSONObject(), now: Date = Date()
    ) throws -> String {
        // transformers always passes these two, as none when the caller gave none.
        var all: JSONObject = JSONObject([("tools", .null), ("documents", .null)])
        all["add_generation_prompt"] = .bool(addGenerationPrompt)
        all["bos_token"] = bosToken.map { .string($0) }
        all["eos_token"] = eosToken.map { .string($0) }
        for (name, value) in variables.members { all[name] = value }
        all["messages"] = .array(messages.map(\.json))
        do {
            return try template.get().render(all, now: now)
        } catch let error as JinjaError {
            throw TokenizersError(error, origin: origin)
        }
    }

    /// The conversation as token ids: specials are those the template writes; what messages contain is plain text.
    /// A beginning of sequence is there only if the template writes it.
    package func encode(
        _ messages: [ChatMessage], addGenerationPrompt: Bool, tokenizer: Tokenizer, bosToken: String? = nil,
        eosToken: String? = nil, variables: JSONObject = JSONObject()
    ) throws -> [TokenID] {
        var texts = [source ?? "", bosToken ?? "", eosToken ?? ""]
        for message in messages { texts += [message.role, message.content] + JSONValue.object(message.more).strings }
        texts += JSONValue.object(variables).strings
        let guardian = SpecialGuard(for: tokenizer, inputs: texts)
        let safe = messages.map { message in
            ChatMessage(
                role: guardian.protect(message.role), content: guardian.protect(message.content),
                more: guardian.protect(message.more))
        }
        let rendered = try render(
            safe, addGenerationPrompt: addGenerationPrompt, bosToken: bosToken, eosToken: eosToken,
            variables: guardian.protect(variables))
        return tokenizer.encode(rendered, guardedBy: guardian)
    }
}

extension JSONValue {
    /// Every string in it, keys included.
    fileprivate var strings: [String] {
        switch self {
        case .string(let text): [text]
        case .array(let elements): elements.flatMap(\.strings)
        case .object(let object): object.members.flatMap { [$0.key] + $0.value.strings }
        default: []
        }
    }
}

extension SpecialGuard {
    /// Protects every string in it. Keys too: a template may print them with `tojson`.
    func protect(_ object: JSONObject) -> JSONObject {
        JSONObject(object.members.map { (protect($0.key), protect($0.value)) })
    }

    private func protect(_ value: JSONValue) -> JSONValue {
        switch value {
        case .string(let text): .string(protect(text))
        case .array(let elements): .array(elements.map { protect($0) })
        case .object(let object): .object(protect(object))
        default: value
        }
    }
}
