import Formats
import Parquet
import Unpacking

/// A file of rows: Parquet, or JSON Lines, these packed with gzip or zstd too. Which, its first bytes say.
enum DataFile {
    /// Calls `body` with the number (the line, or Parquet's row, from 1) and the value of each row.
    /// - Parameter members: those of a row that are wanted; Parquet's others are not read.
    /// - Throws: `FormatsError`, `ParquetError`, or what `body` throws.
    static func forEachRow(in path: String, members: Set<String>, _ body: (Int, JSONValue) throws -> Void) throws {
        guard try ParquetFile.isParquet(path: path) else {
            return try JSONLines.forEach(from: UnpackedFile(path), body)
        }
        let file = try ParquetFile(path: path)
        try file.forEachRow(columns: file.columns.filter(members.contains)) { try body($0, .object($1)) }
    }
}
