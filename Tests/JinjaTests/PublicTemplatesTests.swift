import Formats
import Foundation
import Jinja
import Testing

/// Public chat templates, which are not ours to commit, over the conversations of Tests/Oracles/chat_templates.py.
/// `GENAC_TEMPLATES` names the folder that the oracle wrote.
@Suite struct PublicTemplatesTests {
    private static let folder = ProcessInfo.processInfo.environment["GENAC_TEMPLATES"]

    @Test(.enabled(if: folder != nil))
    func publicTemplatesRenderAsInTransformers() throws {
        let folder = try #require(Self.folder)
        let conversations = try #require(try json(folder + "/conversations.json").asArray).compactMap(\.asObject)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            .filter { $0.hasSuffix(".json") && $0 != "conversations.json" }.sorted()
        try #require(conversations.count == 200 && !names.isEmpty)
        var report: [String] = []
        for name in names {
            let file = try json(folder + "/" + name)
            let differences = try compare(file, conversations)
            guard let first = differences.first else { continue }
            report.append("\(name): \(differences.count) of \(conversations.count) differ; \(first)")
        }
        #expect(report.isEmpty, "\(report.count) of \(names.count) templates differ\n\(report.joined(separator: "\n"))")
    }

    private func json(_ path: String) throws -> JSONValue {
        try JSONValue.parse([UInt8](Data(contentsOf: URL(fileURLWithPath: path))), name: path)
    }

    private func compare(_ file: JSONValue, _ conversations: [JSONObject]) throws -> [String] {
        let source = try #require(file["source"]?.asString)
        let texts = try #require(file["texts"]?.asArray)
        try #require(texts.count == conversations.count)
        let template = Result { try JinjaTemplate(source: source) }
        return zip(conversations, texts).enumerated().compactMap { index, pair in
            difference(template, pair.0, pair.1).map { "conversation \(index): \($0)" }
        }
    }

    private func difference(
        _ template: Result<JinjaTemplate, any Error>, _ variables: JSONObject, _ expected: JSONValue
    ) -> String? {
        do {
            let text = try template.get().render(variables, now: JinjaTemplateTests.now)
            guard let wanted = expected.asString else { return "it should have failed: \(expected)" }
            return text.utf8.elementsEqual(wanted.utf8) ? nil : parting(text, wanted)
        } catch let error as JinjaError {
            if expected.asString != nil { return "it failed: \(error)" }
            guard let message = expected["raised"]?.asString else {
                return error.kind == .raised ? "raised \(error)" : nil
            }
            return error.kind == .raised && error.what.utf8.elementsEqual(message.utf8)
                ? nil : "it failed: \(error), instead of raising \(message.debugDescription)"
        } catch {
            return "\(error)"
        }
    }

    /// Both texts from a little before the place where they part.
    private func parting(_ text: String, _ wanted: String) -> String {
        let same = zip(text.unicodeScalars, wanted.unicodeScalars).prefix { $0 == $1 }.count
        func part(_ text: String) -> String {
            String(String.UnicodeScalarView(text.unicodeScalars.dropFirst(max(same - 40, 0)).prefix(100)))
                .debugDescription
        }
        return "gave …\(part(text)) instead of …\(part(wanted))"
    }
}
