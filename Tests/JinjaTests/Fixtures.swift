import Formats
import Foundation

/// Files made by Tests/Oracles/tokenizers_templates.py, and the SmolLM2 checkpoint where it is there.
enum Fixtures {
    private static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()

    static func json(_ name: String) throws -> JSONValue {
        let file = tests.appendingPathComponent("Fixtures/tokenizers").appendingPathComponent(name)
        return try JSONValue.parse([UInt8](Data(contentsOf: file)), name: name)
    }

    static let smollm2Path: String? = {
        let models = tests.deletingLastPathComponent().appendingPathComponent("models/smollm2")
        let files = (try? FileManager.default.contentsOfDirectory(atPath: models.path)) ?? []
        return files.first { $0.hasSuffix(".gguf") }.map { models.appendingPathComponent($0).path }
    }()
}
