import Formats
import Foundation
import Parquet

/// The folder of Tests/Oracles/parquet.py.
let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures/parquet").path

/// The names of the Parquet files in a folder of fixtures, sorted.
func fixtureNames(in folder: String) -> [String] {
    do {
        return try Folder.names(folder).filter { $0.hasSuffix(".parquet") }.map { String($0.dropLast(8)) }.sorted()
    } catch {
        return ["\(error)"]
    }
}

func withTemporaryFile(_ bytes: [UInt8], _ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("genac-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    try body(path)
}

func rows(_ path: String, columns: [String]? = nil, limits: ParquetLimits = ParquetLimits()) throws -> [JSONValue] {
    var rows: [JSONValue] = []
    try ParquetFile(path: path, limits: limits).forEachRow(columns: columns) { number, row in
        rows.append(.object(row))
        precondition(number == rows.count)
    }
    return rows
}

/// Where two values differ, as a path; nil where they are the same. NaN and infinity, which JSON has no word for, are
/// expected as "$nan", "$inf" and "$-inf".
func difference(_ actual: JSONValue, _ expected: JSONValue, at path: String = "") -> String? {
    switch (actual, expected) {
    case (.array(let a), .array(let b)) where a.count == b.count:
        for (index, pair) in zip(a, b).enumerated() {
            if let found = difference(pair.0, pair.1, at: "\(path)[\(index)]") { return found }
        }
        return nil
    case (.object(let a), .object(let b)) where a.count == b.count:
        for (one, other) in zip(a.members, b.members) {
            guard one.key.hasSameBytes(as: other.key) else { return "\(path): \(one.key), not \(other.key)" }
            if let found = difference(one.value, other.value, at: "\(path).\(one.key)") { return found }
        }
        return nil
    case (.number(let a), .string(let b)) where !a.isFinite:
        return b == (a.isNaN ? "$nan" : a > 0 ? "$inf" : "$-inf") ? nil : "\(path): \(a), not \(b)"
    case (.number(let a), .number(let b)) where a.sign != b.sign: return "\(path): \(a), not \(b)"
    default: return actual == expected ? nil : "\(path): \(actual.text()), not \(expected.text())"
    }
}
