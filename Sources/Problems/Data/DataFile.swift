import Formats
import Parquet
import Unpacking

/// A file of rows, and the one door to it: Parquet, JSON Lines, one JSON array of objects, CSV or TSV under a header;
/// all but Parquet packed with gzip or zstd too. Which, its first bytes say, never its name. Rows come one by one, in
/// bounded memory. Numbers stay as they are written: what neither `Int64` nor `Double` says is text.
package enum DataFile {
    private struct Enough: Error {}

    /// Calls `body` with each row, until it says that none is wanted any more.
    /// - Parameter wanted: whether a column is used, among all of the file. Parquet's others are not read.
    /// - Throws: `FormatsError`, `ParquetError`, ``ProblemsError`` for a row that is no object, or what `body` throws.
    package static func forEachRow(
        in path: String, wanted: (_ column: String, _ all: [String]) -> Bool, _ body: (DataRow) throws -> Bool
    ) throws {
        do {
            try read(path, wanted) { row in
                guard try body(row) else { throw Enough() }
            }
        } catch is Enough {}
    }

    private static func read(
        _ path: String, _ wanted: (String, [String]) -> Bool, _ body: (DataRow) throws -> Void
    ) throws {
        if try ParquetFile.isParquet(path: path) {
            let file = try ParquetFile(path: path)
            return try file.forEachRow(columns: file.columns.filter { wanted($0, file.columns) }) {
                try body(DataRow(file: path, number: $0, members: $1, columns: file.columns))
            }
        }
        let file = try UnpackedFile(path)
        func objects(_ number: Int, _ value: JSONValue) throws {
            guard let members = value.asObject else {
                let what = "the row is \(value.kind), not an object"
                throw ProblemsError.row(file: path, line: number, key: nil, what: what, hint: nil)
            }
            try body(DataRow(file: path, number: number, members: members))
        }
        switch try kind(of: file.peek(), path) {
        case .lines: try JSONLines.forEach(from: file, numbers: .exact, objects)
        case .array: try JSONElements.forEach(from: file, numbers: .exact, objects)
        case .table:
            try DelimitedRows.forEach(from: file) { try body(DataRow(file: path, number: $0, members: $1)) }
        }
    }

    // MARK: What it is

    private enum TextKind { case lines, array, table }

    private static func kind(of start: [UInt8], _ path: String) throws -> TextKind {
        try StandIn.refuse(start, path: path)
        let text = start.drop { $0 == 0x20 || (0x09...0x0D).contains($0) }
        switch text.first {
        case nil: return .lines
        case UInt8(ascii: "[")?: return .array
        case UInt8(ascii: "{")?:
            // An object that begins with a line end stands on several lines.
            let line = text.dropFirst().prefix { $0 != 0x0A }
            guard line.count + 1 < text.count, line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) else {
                return .lines
            }
            let rows = listMember(text.dropFirst()).map { "'.\($0)[]'" } ?? "."
            throw FormatsError.unsupported(
                file: path, what: "its first object stands on several lines",
                hint: "give one object a line (`jq -c \(rows) FILE > rows.jsonl`), or an array")
        default: break
        }
        if start.starts(with: "ARROW1".utf8) {
            throw FormatsError.unsupported(
                file: path, what: "it is an Arrow file", hint: "write it with to_parquet or to_json of `datasets`")
        }
        guard !start.contains(0) else {
            throw FormatsError.unsupported(
                file: path, what: "it is no text", hint: "give a file of rows: \(ProblemsError.rowFiles)")
        }
        let opening = String(decoding: text.prefix(16), as: UTF8.self).lowercased()
        guard !["<!doctype", "<html", "<?xml"].contains(where: opening.hasPrefix) else {
            throw FormatsError.unsupported(
                file: path, what: "it is a page of HTML or XML",
                hint: "fetch the file itself; on the hub its address has `resolve`, not `blob`")
        }
        return .table
    }

    /// The first member of an object whose braces are open, where it holds a list or an object, as CHAMP's `problems`:
    /// that is where rows are.
    private static func listMember(_ inside: ArraySlice<UInt8>) -> String? {
        func unblanked(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
            bytes.drop { $0 == 0x20 || (0x09...0x0D).contains($0) }
        }
        let quoted = unblanked(inside)
        guard quoted.first == UInt8(ascii: "\"") else { return nil }
        let name = quoted.dropFirst().prefix { $0 == UInt8(ascii: "_") || (0x61...0x7A).contains($0 | 0x20) }
        let colon = unblanked(quoted.dropFirst(name.count + 2))
        guard !name.isEmpty, quoted.dropFirst(name.count + 1).first == UInt8(ascii: "\""),
            colon.first == UInt8(ascii: ":"), let value = unblanked(colon.dropFirst()).first
        else { return nil }
        return "[{".utf8.contains(value) ? String(decoding: name, as: UTF8.self) : nil
    }
}
