import Foundation
import Testing

extension Binary {
    /// An empty folder to run in, removed afterwards.
    static func withFolder(_ body: (String) throws -> Void) throws {
        let folder = NSTemporaryDirectory() + "genac-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    /// What a script says as JSON. What is indexed afterwards is there only because every command succeeded.
    static func json(_ script: String, _ folder: String) throws -> [[String: Any]] {
        let result = try run(["--json", "-c", script], folder: folder)
        try #require(result.status == 0, "\(result.errors)\(result.output.suffix(500))")
        return result.json
    }

    /// A file of a study's folder.
    static func kept(_ study: String, _ file: String, _ folder: String) throws -> String {
        try String(contentsOfFile: "\(folder)/studies/\(study)/\(file)", encoding: .utf8)
    }
}
