import Formats

/// Reads a problem's text: a text as it stands, or a list of messages as chats have them.
struct PromptReader {
    let row: DataRow
    /// The member it stands in, for errors.
    let key: String
    /// Whether an assistant's message may stand behind the last of the user's.
    var mayBeAnswered = false

    /// What ShareGPT calls those who speak.
    private static let speakers = ["human": "user", "gpt": "assistant", "chatgpt": "assistant", "bot": "assistant"]

    /// - Returns: also what the assistant answered, which is no part of the problem.
    /// - Throws: ``ProblemsError`` for anything that says no problem.
    func read(_ value: JSONValue) throws -> (text: String, conversation: Conversation?, reply: String?) {
        if let text = value.asString {
            guard !text.allSatisfy(\.isWhitespace) else { throw row.failure(key, "is empty") }
            return (text, nil, nil)
        }
        guard let list = value.asArray else {
            throw row.failure(key, "is \(value.inWords), neither text nor a list of messages")
        }
        var messages = try messages(list), reply: String?
        if mayBeAnswered, messages.last?.role == "assistant" { reply = messages.removeLast().content }
        let conversation = try conversation(messages)
        return (conversation.text, conversation.earlier.isEmpty ? nil : conversation, reply)
    }

    private func messages(_ list: [JSONValue]) throws -> [Conversation.Message] {
        try list.enumerated().map { index, message in
            let speaker = message["from"]?.asString
            guard let role = message["role"]?.asString ?? speaker.map({ Self.speakers[$0, default: $0] }) else {
                throw row.failure("\(key)[\(index)].role", "is not text")
            }
            // It becomes a part of the prompt as it is: no special token may hide in it.
            guard !role.isEmpty, role.utf8.allSatisfy({ (0x61...0x7A).contains($0) }) else {
                throw row.failure("\(key)[\(index)].role", "is \(role.debugDescription), not such as user or assistant")
            }
            return Conversation.Message(
                role: role,
                content: try content(message["content"] ?? message["value"], "\(key)[\(index)].content"))
        }
    }

    private func conversation(_ all: [Conversation.Message]) throws -> Conversation {
        var messages = all
        guard let last = messages.popLast() else { throw row.failure(key, "has no message by the user") }
        guard last.role == "user" else {
            throw row.failure(
                key, "its last message is by the \(last.role), not by the user",
                hint: "a problem ends with what is to be answered: leave out what follows it")
        }
        guard !last.content.allSatisfy(\.isWhitespace) else { throw row.failure(key, "its last message is empty") }
        return Conversation(earlier: messages, last: last.content)
    }

    /// A text, or parts that are texts.
    private func content(_ value: JSONValue?, _ key: String) throws -> String {
        if let text = value?.asString { return text }
        guard let parts = value?.asArray else { throw row.failure(key, "is not text") }
        return try parts.enumerated().map { index, part in
            guard part["type"]?.asString == "text", let text = part["text"]?.asString else {
                throw row.failure("\(key)[\(index)]", "is no text part", hint: "pictures and the like are not read")
            }
            return text
        }.joined()
    }
}
