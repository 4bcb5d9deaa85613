import Checkpoints
import Compute
import Formats
import Problems
import Tokenizers

/// One row, tokenized: what is read (the prompt) and what is learned (the response and the end token).
package struct SFTExample: Sendable, Equatable {
    /// Prompt, response and the end of text.
    package var ids: [TokenID]
    /// Tokens of the prompt; the loss begins behind them.
    package var prompt: Int

    /// Rows it takes in a batch: its last token is predicted, never read.
    var rows: Int { ids.count - 1 }
    var targets: Int { ids.count - prompt }
}

/// How rows are read.
package struct SFTRowSettings: SettingGroup {
    /// `data.prompt_key` and `data.response_key`.
    package let promptKey: String, responseKey: String
    /// `data.chat_template`.
    package let chatTemplate: SFTReader.ChatUse
    /// In tokens; 0: the model's context.
    package let maxLength: Int
    /// `data.truncation`: what becomes of a row that is too long.
    package let truncation: SFTReader.Truncation

    /// Declares and reads them.
    package init(_ read: SettingReader) {
        promptKey = read(
            "data.prompt_key", .text, "prompt", "a row's member that holds the prompt: text, or a list of messages",
            source: "verl")
        responseKey = read(
            "data.response_key", .text, "response", "a row's member that holds the response to learn", source: "verl")
        chatTemplate = read(
            "data.chat_template", .choice, "auto",
            "wrap prompts in the model's chat template (auto: where it has one); text prompts become one user message",
            source: "own")
        maxLength = read(
            "data.max_length", .integer(0...1 << 24), "0",
            "longest sequence in tokens, prompt and response and end token together; 0: the model's context",
            source: "verl (1024 there)")
        truncation = read(
            "data.truncation", .choice, "error",
            "what becomes of a longer row: an error, cut at the right, or left out",
            source: "verl")
    }
}

/// Reads rows of `{"prompt": TEXT or MESSAGES, "response": TEXT}`, also GSM8K's `question`/`answer` and MATH's
/// `problem`/`solution`, in a model's own words.
package struct SFTReader {
    let checkpoint: Checkpoint
    let promptKey: String, responseKey: String
    let template: ChatTemplate?
    let maxLength: Int
    /// What becomes of a row that is too long.
    package enum Truncation: String, Sendable, CaseIterable { case error, right, drop }
    /// Whether prompts are wrapped in the model's chat template.
    package enum ChatUse: String, Sendable, CaseIterable { case auto, on, off }

    let truncation: Truncation
    private let end: TokenID

    package init(_ settings: SFTRowSettings, checkpoint: Checkpoint) throws {
        self.checkpoint = checkpoint
        (promptKey, responseKey) = (settings.promptKey, settings.responseKey)
        truncation = settings.truncation
        let limit = settings.maxLength, context = checkpoint.model.configuration.maxPositions
        maxLength = limit > 0 ? min(limit, context) : context
        guard let end = checkpoint.eosToken ?? checkpoint.endTokens.min() else {
            throw TrainingError.noEndToken(model: checkpoint.name)
        }
        self.end = end
        switch settings.chatTemplate {
        case .off: template = nil
        case .on:
            guard let chat = checkpoint.chatTemplate else {
                throw TrainingError.wrongValue(
                    key: "data.chat_template", value: "on", expected: "off or auto, for the model has no chat template")
            }
            template = chat
        case .auto: template = checkpoint.chatTemplate
        }
    }

    /// - Throws: ``TrainingError`` naming file and line; what the files' own readers throw.
    package func read(_ files: [String]) throws -> [SFTExample] {
        var examples: [SFTExample] = []
        for file in files {
            let before = examples.count
            try DataFile.forEachRow(in: file, wanted: { column, _ in isRead(column) }) { row in
                if let example = try self.example(row) { examples.append(example) }
                return true
            }
            guard examples.count > before else { throw TrainingError.noRows(file: file) }
        }
        return examples
    }

    /// Whether a column holds what is read.
    private func isRead(_ column: String) -> Bool {
        [promptKey, responseKey, "question", "problem", "answer", "solution"].contains {
            $0 == column || $0.hasPrefix(column + ".")
        }
    }

    private func example(_ row: DataRow) throws -> SFTExample? {
        func bad(_ what: String) -> TrainingError { .badRow(file: row.file, line: row.number, what: what) }
        guard let prompt = row[promptKey] ?? row["question"] ?? row["problem"] else {
            throw bad("the row has no \(promptKey.debugDescription)")
        }
        guard let response = row[responseKey] ?? (row["problem"] == nil ? row["answer"] : row["solution"]) else {
            throw bad("the row has no \(responseKey.debugDescription)")
        }
        guard let text = response.asString else { throw bad("the response is \(response.kind), not a string") }
        let read = try ids(ofPrompt: prompt, bad)
        let learned = checkpoint.tokenizer.encode(text, recognisingSpecials: false, continuing: true) + [end]
        guard !read.isEmpty else { throw bad("the prompt is empty, so nothing predicts the response's first token") }
        return try fit(SFTExample(ids: read + learned, prompt: read.count), file: row.file, line: row.number)
    }

    private func ids(ofPrompt prompt: JSONValue, _ bad: (String) -> TrainingError) throws -> [TokenID] {
        if let text = prompt.asString {
            if let template { return try render([ChatMessage(role: "user", content: text)], template) }
            let start = checkpoint.addedBOS.map { [$0] } ?? []
            return start + checkpoint.tokenizer.encode(text, recognisingSpecials: false)
        }
        guard let list = prompt.asArray else {
            throw bad("the prompt is \(prompt.kind), not a string or a list of messages")
        }
        guard let template else { throw bad("the prompt is a list of messages, but no chat template is in use") }
        return try render(
            list.map { message in
                guard let role = message["role"]?.asString, let content = message["content"]?.asString else {
                    throw bad("a message has no role or no content")
                }
                return ChatMessage(role: role, content: content)
            }, template)
    }

    private func render(_ messages: [ChatMessage], _ template: ChatTemplate) throws -> [TokenID] {
        try template.encode(
            messages, addGenerationPrompt: true, tokenizer: checkpoint.tokenizer, bosToken: checkpoint.bosText,
            eosToken: checkpoint.eosText)
    }

    private func fit(_ example: SFTExample, file: String, line: Int) throws -> SFTExample? {
        guard example.ids.count > maxLength else { return example }
        switch truncation {
        case .drop: return nil
        case .right:
            guard example.prompt < maxLength else { return nil }
            return SFTExample(ids: Array(example.ids.prefix(maxLength)), prompt: example.prompt)
        case .error: throw TrainingError.tooLong(file: file, line: line, tokens: example.ids.count, limit: maxLength)
        }
    }
}
