import Foundation
import Training

/// The folder that holds a workspace's runs.
struct RunFolder: Sendable {
    let path: String

    /// All runs, by name.
    func names() throws -> [String] { try RunDirectory.list(in: path) }

    /// The run that was started last.
    /// - Throws: ``ShellError/refused(_:hint:)`` where there is none.
    func newest() throws -> String {
        guard let newest = try newestFirst().first else {
            throw ShellError.refused("there is no run yet", hint: "`train sft …` makes one")
        }
        return newest
    }

    /// All runs, the one that was started last first.
    func newestFirst() throws -> [String] {
        let dated = try names().map { id -> (String, Date) in
            let attributes = try? FileManager.default.attributesOfItem(atPath: "\(path)/\(id)/recipe.json")
            return (id, attributes?[.modificationDate] as? Date ?? .distantPast)
        }
        return dated.sorted { $0.1 > $1.1 }.map(\.0)
    }
}
