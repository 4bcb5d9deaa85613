import Foundation
import Problems
import Workspace

/// A workspace's folder that lasts as long as the value.
final class Folder: Sendable {
    let path = NSTemporaryDirectory() + "genac-workspace-\(UUID().uuidString)"
    var database: String { path + "/.genac/workspace.sqlite" }
    var old: String { path + "/.genac/store.jsonl" }
    var kept: String { path + "/.genac/store.jsonl.migrated" }

    /// - Parameter store: what genac kept before it had a database.
    init(store: Data? = nil) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        if let store {
            try FileManager.default.createDirectory(atPath: path + "/.genac", withIntermediateDirectories: false)
            try store.write(to: URL(fileURLWithPath: old))
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func open() throws -> Workspace { try Workspace(directory: path) }

    func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }
}

/// What an estimator said, as another room would keep it.
struct Note: Estimate, Equatable {
    var prefix: Prefix
    var text: String
}

func problem(_ text: String) -> Problem { Problem(id: 0, text: text, answer: "1") }

/// Numbers that are the same in every run.
struct Draws: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 29)
    }
}
