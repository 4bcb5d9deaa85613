import Compute

/// What the footer says of the file (parquet.thrift, FileMetaData): every number is checked before it is used.
struct FileMetadata {
    let schema: [SchemaElement]
    let rows: Int
    let rowGroups: [RowGroup]
    let isEncrypted: Bool

    private static let magic = Array("PAR1".utf8), encryptedMagic = Array("PARE".utf8)

    /// - Throws: ``Fault``.
    init(_ file: MappedFile) throws {
        let bytes = file.bytes
        guard bytes.count >= 12 else { throw Fault.damaged("\(bytes.count) bytes are too few for a Parquet file") }
        let (start, end) = (bytes.prefix(4), bytes.suffix(4))
        guard !end.elementsEqual(Self.encryptedMagic) else { throw Self.encrypted }
        guard start.elementsEqual(Self.magic) else { throw Fault.damaged("it does not begin with PAR1") }
        guard end.elementsEqual(Self.magic) else { throw Fault.damaged("it does not end with PAR1") }
        let length = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: bytes.count - 8, as: UInt32.self)))
        guard length <= bytes.count - 12 else {
            throw Fault.damaged("its footer of \(length) bytes is longer than the file")
        }
        guard length > 0 else { throw Fault.damaged("its footer is empty") }
        let footer = (bytes.count - 8 - length)..<(bytes.count - 8)
        var reader = ThriftReader(file, footer)
        try self.init(&reader, data: 4..<footer.lowerBound)
        guard !isEncrypted else { throw Self.encrypted }
    }

    static let encrypted = Fault.unsupported("the file is encrypted", hint: "write it again without encryption")

    private init(_ reader: inout ThriftReader, data: Range<Int>) throws {
        var schema: [SchemaElement] = [], rows: Int?, rowGroups: [RowGroup] = [], isEncrypted = false
        try reader.structure { field, reader in
            switch field.id {
            case 2:
                try reader.list(field) { element, reader in
                    schema.append(try SchemaElement(element, &reader))
                    guard schema.count <= ParquetLimits.schemaElements else {
                        throw Fault.tooLarge("more than the \(ParquetLimits.schemaElements) columns allowed")
                    }
                }
            case 3: rows = try reader.size(field, of: "the number of rows")
            case 4: try reader.list(field) { rowGroups.append(try RowGroup($0, &$1, data: data)) }
            case 8:
                isEncrypted = true
                try reader.skip(field)
            default: try reader.skip(field)
            }
        }
        guard let rows else { throw Fault.damaged("the footer does not say how many rows there are") }
        var counted = 0
        for group in rowGroups {
            let (sum, overflow) = counted.addingReportingOverflow(group.rows)
            guard !overflow else { throw Fault.damaged("more rows than can be counted") }
            counted = sum
        }
        guard counted == rows else {
            throw Fault.damaged("the footer says \(rows) rows, its row groups \(counted)")
        }
        (self.schema, self.rows, self.rowGroups, self.isEncrypted) = (schema, rows, rowGroups, isEncrypted)
    }
}

/// Some rows of every column.
struct RowGroup {
    let rows: Int
    /// In the schema's order of columns.
    let chunks: [ColumnChunk]

    init(_ field: ThriftReader.Field, _ reader: inout ThriftReader, data: Range<Int>) throws {
        var rows: Int?, chunks: [ColumnChunk] = []
        try reader.structure(field) { field, reader in
            switch field.id {
            case 1: try reader.list(field) { chunks.append(try ColumnChunk($0, &$1, data: data)) }
            case 3: rows = try reader.size(field, of: "a row group's number of rows")
            default: try reader.skip(field)
            }
        }
        guard let rows else { throw Fault.damaged("a row group does not say how many rows it has") }
        (self.rows, self.chunks) = (rows, chunks)
    }
}

/// A column's pages in a row group, one after the other.
struct ColumnChunk {
    /// The codec's number.
    let codec: Int
    /// The physical type's number.
    let type: Int
    /// Values, nulls and empty lists.
    let values: Int
    /// Its pages in the file.
    let bytes: Range<Int>
    /// Why it cannot be read, which matters once its column is asked for.
    let refusal: Fault?

    init(_ field: ThriftReader.Field, _ reader: inout ThriftReader, data: Range<Int>) throws {
        var isElsewhere = false, isEncrypted = false, metadata: Metadata?
        try reader.structure(field) { field, reader in
            switch field.id {
            case 1:
                isElsewhere = try !reader.text(field).isEmpty
            case 3: metadata = try Metadata(field, &reader)
            case 8, 9:
                isEncrypted = true
                try reader.skip(field)
            default: try reader.skip(field)
            }
        }
        let nothing = data.lowerBound..<data.lowerBound
        if isElsewhere || isEncrypted {
            refusal =
                isEncrypted
                ? FileMetadata.encrypted
                : .unsupported("its values are in another file", hint: "write one file of all parts")
            (codec, type, values, bytes) = (0, 0, 0, nothing)
            return
        }
        guard let metadata else { throw Fault.damaged("a column of a row group without its description") }
        (codec, type, values) = (metadata.codec, metadata.type, metadata.values)
        let range = metadata.range(in: data)
        bytes = range ?? nothing
        refusal =
            range == nil
            ? .damaged("its \(metadata.place) are not within the file's \(data.upperBound) bytes of data") : nil
    }

    /// parquet.thrift, ColumnMetaData.
    private struct Metadata {
        private(set) var type = -1, codec = -1, values = -1
        private var length = -1, dataOffset = -1, dictionaryOffset = 0

        init(_ field: ThriftReader.Field, _ reader: inout ThriftReader) throws {
            try reader.structure(field) { field, reader in
                switch field.id {
                case 1: type = try reader.int(field)
                case 4: codec = try reader.int(field)
                case 5: values = try reader.int(field)
                case 7: length = try reader.int(field)
                case 9: dataOffset = try reader.int(field)
                case 11: dictionaryOffset = try reader.int(field)
                default: try reader.skip(field)
                }
            }
            guard values >= 0 else { throw Fault.damaged("a column of a row group with \(values) values") }
        }

        /// The dictionary stands before the data. Some writers say 0 where there is none.
        private var start: Int { dictionaryOffset > 0 ? min(dictionaryOffset, dataOffset) : dataOffset }

        /// For errors.
        var place: String { "\(length) bytes at \(start)" }

        /// Nil where it is not within the file. Where nothing was written, the offset may be anything.
        func range(in data: Range<Int>) -> Range<Int>? {
            if length == 0 || values == 0 { return data.lowerBound..<data.lowerBound }
            guard data.lowerBound <= start, start <= data.upperBound, length >= 0, length <= data.upperBound - start
            else { return nil }
            return start..<(start + length)
        }
    }
}
