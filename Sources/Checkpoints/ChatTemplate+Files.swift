import Formats
import Foundation
import Tokenizers

/// Where a model's files keep its chat template. Some have several, with names: the one named default counts.
extension ChatTemplate {
    /// chat_template.jinja, else tokenizer_config.json's `chat_template` (a string, or a list of templates with
    /// names), else what additional_chat_templates has.
    static func find(in directory: HuggingFaceDirectory, _ settings: Settings?) throws -> ChatTemplate? {
        if let file = try directory.file("chat_template.jinja") {
            let bytes = try BoundedFile.read(file, limit: 1 << 20)
            guard !bytes.isEmpty, let source = String(validating: bytes, as: UTF8.self) else {
                throw CheckpointsError.part(
                    file: file, what: bytes.isEmpty ? "it is empty" : "not valid UTF-8", hint: HubCache.fetching(file))
            }
            return ChatTemplate(source: source, origin: file)
        }
        if let settings, let value = settings.value("chat_template") { return try find(value, in: settings) }
        guard let folder = try directory.file("additional_chat_templates") else { return nil }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            .filter { $0.hasSuffix(".jinja") }.map { String($0.dropLast(6)) }.sorted()
        return names.isEmpty ? nil : ChatTemplate(named: names, origin: folder)
    }

    private static func find(_ value: JSONValue, in settings: Settings) throws -> ChatTemplate {
        let origin = settings.file + ", chat_template"
        if let source = value.asString { return ChatTemplate(source: source, origin: origin) }
        let members = value.asArray?.map { ($0["name"]?.asString, $0["template"]?.asString) }
        var named: [(name: String, source: String)] = []
        for case (let name?, let source?) in members ?? [] { named.append((name, source)) }
        guard let members, !named.isEmpty, named.count == members.count else {
            throw settings.failure("chat_template", "is neither a string nor a list of templates with names")
        }
        guard let chosen = named.first(where: { $0.name == "default" }) else {
            return ChatTemplate(named: named.map(\.name), origin: origin)
        }
        return ChatTemplate(source: chosen.source, origin: origin)
    }

    /// `tokenizer.chat_template`, else those with a name behind another point.
    static func find(in file: GGUFModel) throws -> ChatTemplate? {
        let key = "tokenizer.chat_template"
        if let value = file.metadata[key] {
            guard let source = value.asString else {
                throw CheckpointsError.setting(file: file.path, key: key, what: "is not valid UTF-8")
            }
            return ChatTemplate(source: source, origin: "\(file.path), \(key)")
        }
        let names = file.metadata.keys.filter { $0.hasPrefix(key + ".") }.map {
            String($0.dropFirst(key.utf8.count + 1))
        }
        return names.isEmpty ? nil : ChatTemplate(named: names.sorted(), origin: "\(file.path), \(key)")
    }
}
