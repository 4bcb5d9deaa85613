import Foundation

/// Runs `body` beside forty sums to finetune on, `folder`/rows.jsonl; the folder goes with it.
func withSums(in folder: String, _ body: () throws -> Void) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let rows = (0..<40).map { "{\"prompt\":\"\($0)+1\\n=\\n\",\"response\":\"\($0 + 1)\"}\n" }.joined()
    try rows.write(toFile: folder + "/rows.jsonl", atomically: true, encoding: .utf8)
    try body()
}
