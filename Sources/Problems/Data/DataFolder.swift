import Formats
import Foundation

/// A folder as the hub lays a data set out: `train-00000-of-00002.parquet`, `data/test.jsonl`, `gsm8k.json`. What a
/// file is called before its shard's number is its split.
enum DataFolder {
    private static let kinds = ["parquet", "jsonl", "json", "csv", "tsv"], packings = ["gz", "zst"]
    private static let descriptions = ["dataset_info", "dataset_infos", "dataset_dict", "state", "croissant"]

    /// The files to read, in order, and the split that their rows are to say.
    /// - Throws: ``ProblemsError`` for a folder without data, with several splits of which none was named, or without
    ///   the one that was.
    static func files(_ path: String, split: String?) throws -> (files: [String], rowSplit: String?) {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
            return ([path], split)
        }
        let found = try [path, path + "/data"].lazy.map(data).first { !$0.isEmpty } ?? []
        let splits = Dictionary(grouping: found, by: \.split)
        guard !splits.isEmpty else { throw ProblemsError.file(path: path, what: "has no file of rows", splits: []) }
        let known = splits.keys.sorted()
        guard let split else {
            guard let only = splits.values.first, splits.count == 1 else {
                throw ProblemsError.file(path: path, what: "has several splits", splits: known)
            }
            return (only.map(\.path), nil)
        }
        let named = known.filter { $0 == split }.isEmpty ? known.filter { words($0).contains(split) } : [split]
        guard named.count == 1, let files = splits[named[0]] else {
            let what = named.isEmpty ? "has no split '\(split)'" : "has several splits '\(split)'"
            throw ProblemsError.file(path: path, what: what, splits: named.isEmpty ? known : named)
        }
        return (files.map(\.path), nil)
    }

    private static func data(_ folder: String) throws -> [(path: String, split: String)] {
        try Folder.names(folder).sorted().compactMap { name in
            guard !name.hasPrefix(".") else { return nil }
            var parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            if let last = parts.last, packings.contains(last) { parts.removeLast() }
            guard parts.count > 1, let kind = parts.popLast(), kinds.contains(kind) else { return nil }
            let stem = parts.joined(separator: ".")
            guard !descriptions.contains(stem) else { return nil }
            let split = stem.replacing(/-\d{5}-of-\d{5}(-[0-9a-f]+)?$/, with: "")
            return ("\(folder)/\(name)", split)
        }
    }

    private static func words(_ name: String) -> [String] {
        name.split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }
}

/// The split that a row says it is of.
enum RowSplit {
    private static let paths = ["split", "extra_info.split"]

    static func uses(_ column: String) -> Bool { paths.contains { $0 == column || $0.hasPrefix(column + ".") } }

    /// - Throws: ``ProblemsError`` for a row that does not say.
    static func of(_ row: DataRow) throws -> String {
        guard let split = paths.lazy.compactMap({ row[$0]?.asString }).first else {
            throw row.failure(
                "split", "is missing", hint: "a split is chosen of a folder, or of rows that have a member 'split'")
        }
        return split
    }
}
