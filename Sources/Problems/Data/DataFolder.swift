import Formats
import Foundation

/// A folder as data sets are laid out: `train-00000-of-00002.parquet`, `data/test.jsonl`, `default/train/0000.parquet`,
/// `part-0.parquet`. What a file is called before its shard's number is its split, else the folder that it lies in.
enum DataFolder {
    private static let kinds = ["parquet", "jsonl", "json", "csv", "tsv"], packings = ["gz", "zst"]
    private static let descriptions = ["dataset_info", "dataset_infos", "dataset_dict", "state", "croissant"]
    private static let splitNames: Set = [
        "train", "training", "test", "testing", "validation", "valid", "val", "dev", "eval", "evaluation",
    ]
    /// A set's folder, and a split's in it.
    private static let deepest = 2

    private typealias File = (path: String, split: String)

    /// The files to read, in order, and the split that their rows are to say.
    /// - Throws: ``ProblemsError`` for a folder without data, with several sets, with several splits or unrelated files
    ///   of which none was named, or without the one that was.
    static func files(_ path: String, split: String?) throws -> (files: [String], rowSplit: String?) {
        guard isFolder(path) else { return ([path], split) }
        let splits = Dictionary(grouping: try files(in: path, depth: 0), by: \.split)
        guard !splits.isEmpty else { throw ProblemsError.file(path: path, what: "has no file of rows", splits: []) }
        let known = splits.keys.sorted()
        guard let split else {
            guard let only = splits.values.first, splits.count == 1 else {
                let areSplits = known.contains { !splitNames.isDisjoint(with: words($0)) }
                let what = areSplits ? "has several splits" : "has several files that are no parts of one"
                throw ProblemsError.file(path: path, what: what, splits: known)
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

    /// Those that lie in the folder itself, else in its `data`, else in folders below it, one of which is a set, or
    /// each of which is a split.
    private static func files(in folder: String, depth: Int) throws -> [File] {
        for place in [folder, folder + "/data"] {
            let found = try shards(in: place)
            if !found.isEmpty { return found }
        }
        guard depth < deepest else { return [] }
        let below = try Folder.names(folder).sorted().compactMap { name -> (name: String, files: [File])? in
            let inner = "\(folder)/\(name)"
            guard !name.hasPrefix("."), isFolder(inner) else { return nil }
            let files = try files(in: inner, depth: depth + 1)
            return files.isEmpty ? nil : (name, files)
        }
        if below.allSatisfy({ splitNames.contains($0.name) && Set($0.files.map(\.split)).count == 1 }) {
            return below.flatMap { one in one.files.map { ($0.path, one.name) } }
        }
        guard below.count == 1 else {
            let names = ProblemsError.listed(below.map(\.name), most: 12)
            throw ProblemsError.file(
                path: folder, what: "has several folders of rows: \(names); name one of them", splits: [])
        }
        return below[0].files
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    // MARK: Shards

    /// The files of rows that lie in a folder, shards of one split in the order of their numbers.
    private static func shards(in folder: String) throws -> [File] {
        let found = try Folder.names(folder).sorted().compactMap { name in
            try stem(name).map { (path: "\(folder)/\(name)", stem: $0, number: try number(in: $0)) }
        }
        let numbered = Dictionary(grouping: found) { $0.number?.before }
        return found.compactMap { file -> (File, Int)? in
            guard let (before, number) = file.number, let shards = numbered[before] else {
                let split = file.stem.replacing(/-\d{5}-of-\d{5}(-[0-9a-f]+)?$/, with: "")
                return ((file.path, split), 0)
            }
            // Years and sizes are numbers too: shards are counted from 0 or 1.
            let numbers = shards.compactMap { $0.number?.value }.sorted()
            let isCounted = numbers[0] <= 1 && numbers == Array(numbers[0]..<(numbers[0] + numbers.count))
            guard isCounted, numbers.count > 1 || before.isEmpty else { return ((file.path, file.stem), 0) }
            return ((file.path, before.isEmpty ? (folder as NSString).lastPathComponent : before), number)
        }.enumerated().sorted { ($0.element.1, $0.offset) < ($1.element.1, $1.offset) }.map(\.element.0)
    }

    /// What a file of rows is called without its endings; nil for other files.
    private static func stem(_ name: String) throws -> String? {
        guard !name.hasPrefix(".") else { return nil }
        var parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        if let last = parts.last, packings.contains(last) { parts.removeLast() }
        guard parts.count > 1, let kind = parts.popLast(), kinds.contains(kind) else { return nil }
        // Spark says how pages are packed: part-00000-UUID-c000.snappy.parquet.
        if kind == "parquet", parts.count > 1, ["snappy", "gz", "zstd"].contains(parts[parts.count - 1]) {
            parts.removeLast()
        }
        let stem = parts.joined(separator: ".")
        return descriptions.contains(stem) ? nil : stem
    }

    /// A number at the end, and what stands before it, as in `train_0`, `part-00000-UUID-c000` or `0000`.
    private static func number(in stem: String) throws -> (before: String, value: Int)? {
        let ending = /(?:(?<before>.*)[-_.])?(?<number>\d{1,9})(?:-[0-9a-f\-]{36})?(?:-c\d+)?/
        guard let match = try ending.wholeMatch(in: stem), let value = Int(match.number) else { return nil }
        let before = match.before.map(String.init) ?? ""
        return before.hasSuffix("-of") ? nil : (before, value)
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
