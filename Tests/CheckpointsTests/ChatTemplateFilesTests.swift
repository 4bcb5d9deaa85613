import Checkpoints
import Formats
import Foundation
import Testing
import Tokenizers

/// Where chat templates are found, and that a bad one is an error where it is used, not where its model is loaded.
@Suite struct ChatTemplateFilesTests {
    private static let words = [ChatMessage(role: "user", content: "u")]

    /// What the chat template of a changed copy of llama-f32-tied makes of `words`.
    private func rendered(_ change: (String) throws -> Void) throws -> String? {
        var text: String?
        try withTemporaryPath { path in
            try FileManager.default.copyItem(atPath: fixture("checkpoints/llama-f32-tied"), toPath: path)
            try FileManager.default.removeItem(atPath: path + "/chat_template.jinja")
            try change(path)
            do {
                text = try Checkpoint.load(path).chatTemplate?.render(Self.words, addGenerationPrompt: false)
            } catch let error as TokenizersError {
                text = error.description.replacing(path, with: "m")
            }
        }
        return text
    }

    private func write(_ text: String, _ file: String) throws { try AtomicFile.write(Array(text.utf8), to: file) }

    private func setTemplate(_ value: JSONValue, _ path: String) throws {
        let file = path + "/tokenizer_config.json"
        var settings = try #require(try JSONValue.parse(BoundedFile.read(file, limit: 1 << 20), name: file).asObject)
        settings["chat_template"] = value
        try AtomicFile.write(JSONValue.object(settings).encoded(.pretty), to: file)
    }

    private func named(_ names: [String]) -> JSONValue {
        .array(
            names.map {
                .object(JSONObject([("name", .string($0)), ("template", .string("\($0): {{ messages[0].content }}"))]))
            })
    }

    @Test func aModelMayHaveNone() throws { try #expect(rendered { _ in } == nil) }

    @Test func theSettingsHaveOneOrSeveral() throws {
        try #expect(rendered { try setTemplate("a {{ messages[0].content }}", $0) } == "a u")
        try #expect(rendered { try setTemplate(named(["rag", "default"]), $0) } == "default: u")
        let error = #expect(throws: CheckpointsError.self) { try rendered { try setTemplate([1], $0) } }
        #expect(error?.description.contains("chat_template") == true)
    }

    @Test func aFileOfItsOwnComesFirst() throws {
        let text = try rendered {
            try setTemplate("b", $0)
            try write("c", $0 + "/chat_template.jinja")
        }
        #expect(text == "c")
    }

    @Test func oneThatCannotBeReadIsAnErrorWithItsFileAndLine() throws {
        let inFile = try rendered { try write("\n{% for x in %}", $0 + "/chat_template.jinja") }
        #expect(inFile?.hasPrefix("m/chat_template.jinja, line 2, column 13: the chat template cannot be read") == true)
        let inSettings = try rendered { try setTemplate("{{ 1 + none }}", $0) }
        #expect(inSettings?.hasPrefix("m/tokenizer_config.json, chat_template, line 1, column 6: ") == true)
    }

    @Test func templatesForSpecialUsesAloneAreAnErrorWhereOneIsWanted() throws {
        let wanted = "there are chat templates (rag, tools), but none named default"
        let listed = try rendered { try setTemplate(named(["rag", "tools"]), $0) }
        #expect(listed?.hasPrefix("m/tokenizer_config.json, chat_template: \(wanted)") == true)
        let files = try rendered { path in
            try FileManager.default.createDirectory(
                atPath: path + "/additional_chat_templates", withIntermediateDirectories: true)
            for name in ["tools", "rag"] { try write("x", path + "/additional_chat_templates/\(name).jinja") }
        }
        #expect(files?.hasPrefix("m/additional_chat_templates: \(wanted)") == true)
    }

    @Test func savingKeepsTemplatesThatAreNotUsed() throws {
        try withTemporaryPath { saved in
            _ = try rendered { path in
                try setTemplate(named(["rag"]), path)
                try Checkpoint.load(path).save(to: saved)
            }
            let template = try Checkpoint.load(saved).chatTemplate
            let error = #expect(throws: TokenizersError.self) {
                try template?.render(Self.words, addGenerationPrompt: false)
            }
            #expect(error?.location == saved + "/tokenizer_config.json, chat_template")
        }
    }

    /// The key of a GGUF's template lengthened by 32 bytes, so that the tensors behind it stay aligned.
    @Test func aGGUFMayHaveTemplatesWithNamesOnly() throws {
        var bytes = try BoundedFile.read(fixture("checkpoints/llama-q4_1.gguf"), limit: 1 << 22)
        let key = Array("tokenizer.chat_template".utf8)
        let place = try #require(bytes.indices.first { bytes[$0...].starts(with: key) })
        bytes.insert(contentsOf: Array("._______________________tool_use".utf8), at: place + key.count)
        bytes[place - 8] = UInt8(key.count + 32)
        try withTemporaryPath { path in
            try AtomicFile.write(bytes, to: path)
            let template = try Checkpoint.load(path).chatTemplate
            let error = #expect(throws: TokenizersError.self) {
                try template?.render(Self.words, addGenerationPrompt: false)
            }
            #expect(error?.description.contains("_tool_use), but none named default") == true)
        }
    }
}
