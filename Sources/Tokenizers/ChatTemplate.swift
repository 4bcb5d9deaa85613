import Formats

/// One turn of a conversation.
public struct ChatMessage: Sendable, Equatable {
    /// "system", "user", "assistant", "tool".
    public var role: String
    public var content: String
    /// Members beyond these two that a template may look at, such as `tool_calls`.
    public var more: JSONObject

    public init(role: String, content: String, more: JSONObject = JSONObject()) {
        self.role = role
        self.content = content
        self.more = more
    }
}

/// A model's chat template: Jinja source that turns a conversation into the text that the model was trained on.
public final class ChatTemplate: Sendable {
    /// The Jinja source as given.
    public let source: String

    /// - Throws: ``TokenizersError/templateSyntax(_:line:column:)`` for what is not the Jinja that we read.
    public init(source: String) throws {
        self.source = source
    }

    /// The rendered conversation.
    /// - Parameters:
    ///   - addGenerationPrompt: end with the opening of the assistant's turn.
    ///   - bosToken: the text of `bos_token` in the template, likewise `eosToken`.
    ///   - variables: further variables, such as `tools` or `enable_thinking`.
    /// - Throws: ``TokenizersError`` with the line and column at fault, or what the template raises.
    public func render(
        _ messages: [ChatMessage], addGenerationPrompt: Bool, bosToken: String = "", eosToken: String = "",
        variables: JSONObject = JSONObject()
    ) throws -> String {
        throw TokenizersError.templateFailed("not yet", line: 1, column: 1)
    }

    /// The conversation as token ids: specials are those the template writes; what messages contain is plain text.
    /// A beginning of sequence is there only if the template writes it.
    public func encode(
        _ messages: [ChatMessage], addGenerationPrompt: Bool, tokenizer: Tokenizer, bosToken: String = "",
        eosToken: String = "", variables: JSONObject = JSONObject()
    ) throws -> [TokenID] {
        var texts = [source, bosToken, eosToken]
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
