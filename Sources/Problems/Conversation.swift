/// Messages of which the last is the user's and is to be answered.
package struct Conversation: Sendable, Codable, Equatable {
    /// Who says what.
    package struct Message: Sendable, Codable, Equatable {
        /// `system`, `user`, `assistant` or another that a chat template knows.
        package var role: String
        package var content: String

        package init(role: String, content: String) { (self.role, self.content) = (role, content) }
    }

    /// What stands before the last message.
    package var earlier: [Message]
    /// The user's.
    package var last: String

    package init(earlier: [Message], last: String) { (self.earlier, self.last) = (earlier, last) }

    /// What is for the actor alone: a system prompt, or a developer's.
    package var instructions: [Message] { earlier.filter { $0.role == "system" || $0.role == "developer" } }

    /// All of it, for an actor that reads no chat: ``instructions`` stand before what is said.
    package var told: String { (instructions.map(\.content) + [text]).joined(separator: "\n\n") }

    /// What is said, for a reader: of one message by the user its text; of several, each after its speaker. What a
    /// system prompt says is the actor's alone.
    package var text: String {
        let spoken = earlier.filter { $0.role != "system" && $0.role != "developer" }
        guard !spoken.isEmpty else { return last }
        return (spoken + [Message(role: "user", content: last)])
            .map { "\($0.role.prefix(1).uppercased())\($0.role.dropFirst()): \($0.content)" }
            .joined(separator: "\n\n")
    }
}
