import Foundation
import Testing

/// A fresh path in the temporary directory, removed afterwards.
func withTemporaryPath(_ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("genac-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
}

func withTemporaryFile(_ text: String, _ body: (String) throws -> Void) throws {
    try withTemporaryFile(Array(text.utf8), body)
}

func withTemporaryFile(_ bytes: [UInt8], _ body: (String) throws -> Void) throws {
    try withTemporaryPath { path in
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        try body(path)
    }
}

/// A file under Tests/Fixtures.
func fixture(_ name: String, file: String = #filePath) -> String {
    URL(fileURLWithPath: file).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fixtures/\(name)").path
}
