import Compute
import Formats

/// A Parquet file as verl, the Hugging Face hub and SkyRL write it: a small reader of rows, bounded whatever the file
/// says. It reads pages of both versions, packed with snappy, zstd, gzip or not at all, in every encoding of the format
/// but BIT_PACKED, with nested lists, structs and maps. ``LeafType/json(_:)`` says what values become.
package struct ParquetFile: Sendable {
    private let file: MappedFile
    private let limits: ParquetLimits
    private let members: [SchemaNode]
    private let leaves: [SchemaLeaf]
    private let rowGroups: [RowGroup]
    /// Of all row groups.
    package let rowCount: Int

    /// Reads the footer.
    /// - Throws: ``ParquetError`` naming the file and what is wrong; `FormatsError` where it cannot be read.
    package init(path: String, limits: ParquetLimits = ParquetLimits()) throws {
        file = try Self.mapped(path)
        self.limits = limits
        (rowGroups, rowCount, members, leaves) = try ParquetPlace.locating(ParquetPlace(file: path)) { [file] in
            let metadata = try FileMetadata(file)
            let (members, leaves) = try SchemaBuilder.tree(of: metadata.schema)
            return (metadata.rowGroups, metadata.rows, members, leaves)
        }
    }

    /// Whether a file begins as Parquet does, encrypted or not.
    /// - Throws: `FormatsError` where it cannot be read.
    package static func isParquet(path: String) throws -> Bool {
        let file = try mapped(path)
        return withExtendedLifetime(file) {
            file.bytes.starts(with: "PAR1".utf8) || file.bytes.starts(with: "PARE".utf8)
        }
    }

    private static func mapped(_ path: String) throws -> MappedFile {
        do {
            return try MappedFile(path: path)
        } catch ComputeError.cannotMap(_, let reason) {
            throw FormatsError.cannotRead(file: path, reason: reason)
        }
    }

    /// The names of a row's members, in the file's order.
    package var columns: [String] { members.map(\.name) }

    /// Calls `body` with the number (from 1) and the members of each row. One page of each column is held at a time.
    /// - Parameter columns: those that are read, in the file's order; nil: all.
    /// - Throws: ``ParquetError`` naming the column, row group and page, or what `body` throws.
    package func forEachRow(columns: [String]? = nil, _ body: (Int, JSONObject) throws -> Void) throws {
        let chosen = try chosen(columns), budget = Budget(limits, fileBytes: file.bytes.count)
        var number = 0
        for (index, group) in rowGroups.enumerated() {
            let cursors = try cursors(chosen, group, budget, rowGroup: index + 1)
            let assembler = RowAssembler(members: chosen, cursors: cursors)
            for _ in 0..<group.rows {
                number += 1
                try ParquetPlace.locating(ParquetPlace(file: file.path, rowGroup: index + 1)) { try budget.beginRow() }
                try body(number, try assembler.row())
            }
            for cursor in cursors { try cursor?.finish() }
        }
    }

    private func chosen(_ columns: [String]?) throws -> [SchemaNode] {
        guard let columns else { return members }
        return try ParquetPlace.locating(ParquetPlace(file: file.path)) {
            for column in columns where !members.contains(where: { $0.name.hasSameBytes(as: column) }) {
                let near = DidYouMean.nearest(to: column, in: self.columns).map { "did you mean \($0)? " } ?? ""
                throw Fault.unknownColumn(
                    "there is no column \(column.debugDescription)",
                    hint: near + "it has \(self.columns.prefix(40).joined(separator: ", "))")
            }
            return members.filter { member in columns.contains { $0.hasSameBytes(as: member.name) } }
        }
    }

    /// Of the leaves below the chosen members; nil for the others.
    private func cursors(_ chosen: [SchemaNode], _ group: RowGroup, _ budget: Budget, rowGroup: Int) throws
        -> [ColumnCursor?]
    {
        var cursors: [ColumnCursor?] = Array(repeating: nil, count: leaves.count)
        try ParquetPlace.locating(ParquetPlace(file: file.path, rowGroup: rowGroup)) {
            guard group.chunks.count == leaves.count else {
                throw Fault.damaged("\(group.chunks.count) columns where the schema has \(leaves.count)")
            }
        }
        for index in chosen.flatMap(\.leaves) {
            let leaf = leaves[index], chunk = group.chunks[index]
            let place = ParquetPlace(file: file.path, column: leaf.path, rowGroup: rowGroup)
            let reader = try ParquetPlace.locating(place) {
                if let refusal = chunk.refusal { throw refusal }
                if case .refused(let what) = leaf.type.meaning { throw Fault.unsupported(what) }
                guard chunk.type == leaf.type.physical.number else {
                    throw Fault.damaged(
                        "its values are not of the type that the schema says, \(leaf.type.physical.name)")
                }
                return try PageReader(file, chunk, leaf, budget)
            }
            cursors[index] = ColumnCursor(leaf, reader, budget: budget, rowGroup: rowGroup)
        }
        return cursors
    }
}
