import Compute

/// What stands before each page (parquet.thrift, PageHeader).
struct PageHeader {
    enum Kind {
        case dictionary(Values)
        case data(Values, LevelEncodings)
        case dataV2(Values, Levels)
    }

    /// How many values, nulls and empty lists among them, and in which encoding.
    struct Values {
        var count = -1
        var encoding = -1
    }

    /// Of a page of the first version.
    struct LevelEncodings {
        var definition = -1
        var repetition = -1
    }

    /// Of a page of the second version, whose levels stand before the packed values, never packed themselves.
    struct Levels {
        var definitionBytes = -1
        var repetitionBytes = -1
        var isPacked = true
    }

    let kind: Kind
    /// Bytes after the header, and what they unpack to.
    let packedBytes: Int
    let unpackedBytes: Int
    /// CRC-32 of the bytes after the header, where the writer gives it.
    let checkSum: UInt32?

    /// - Throws: ``Fault``.
    init(_ reader: inout ThriftReader) throws {
        var type: Int?, unpacked = -1, packed = -1, checkSum: UInt32?
        var data: Kind?, dictionary: Kind?, second: Kind?
        try reader.structure { field, reader in
            switch field.id {
            case 1: type = try reader.int(field)
            case 2: unpacked = try reader.int(field)
            case 3: packed = try reader.int(field)
            case 4: checkSum = UInt32(truncatingIfNeeded: try reader.int(field))
            case 5: data = try Self.data(field, &reader)
            case 7: dictionary = try Self.dictionary(field, &reader)
            case 8: second = try Self.second(field, &reader)
            default: try reader.skip(field)
            }
        }
        guard unpacked >= 0, packed >= 0 else {
            throw Fault.damaged("a page of \(packed) bytes that unpack to \(unpacked)")
        }
        (packedBytes, unpackedBytes, self.checkSum) = (packed, unpacked, checkSum)
        switch type {
        case 0?: kind = try Self.present(data)
        case 1?: throw Fault.unsupported("an index page")
        case 2?: kind = try Self.present(dictionary)
        case 3?: kind = try Self.present(second)
        case let other?: throw Fault.unsupported("a page of the unknown kind \(other)")
        case nil: throw Fault.damaged("a page without a kind")
        }
    }

    private static func present(_ kind: Kind?) throws -> Kind {
        guard let kind else { throw Fault.damaged("a page without its own header") }
        return kind
    }

    private static func data(_ field: ThriftReader.Field, _ reader: inout ThriftReader) throws -> Kind {
        var values = Values(), levels = LevelEncodings()
        try reader.structure(field) { field, reader in
            switch field.id {
            case 1: values.count = try reader.size(field, of: "a page's number of values")
            case 2: values.encoding = try reader.int(field)
            case 3: levels.definition = try reader.int(field)
            case 4: levels.repetition = try reader.int(field)
            default: try reader.skip(field)
            }
        }
        return .data(try checked(values), levels)
    }

    private static func dictionary(_ field: ThriftReader.Field, _ reader: inout ThriftReader) throws -> Kind {
        var values = Values()
        try reader.structure(field) { field, reader in
            switch field.id {
            case 1: values.count = try reader.size(field, of: "a dictionary's number of values")
            case 2: values.encoding = try reader.int(field)
            default: try reader.skip(field)
            }
        }
        return .dictionary(try checked(values))
    }

    private static func second(_ field: ThriftReader.Field, _ reader: inout ThriftReader) throws -> Kind {
        var values = Values(), levels = Levels()
        try reader.structure(field) { field, reader in
            switch field.id {
            case 1: values.count = try reader.size(field, of: "a page's number of values")
            case 4: values.encoding = try reader.int(field)
            case 5: levels.definitionBytes = try reader.size(field, of: "the length of a page's levels")
            case 6: levels.repetitionBytes = try reader.size(field, of: "the length of a page's levels")
            case 7: levels.isPacked = try reader.flag(field)
            default: try reader.skip(field)
            }
        }
        guard levels.definitionBytes >= 0, levels.repetitionBytes >= 0 else {
            throw Fault.damaged("a page that does not say how long its levels are")
        }
        return .dataV2(try checked(values), levels)
    }

    private static func checked(_ values: Values) throws -> Values {
        guard values.count >= 0, values.encoding >= 0 else {
            throw Fault.damaged("a page that does not say how many values it has, or how they are encoded")
        }
        return values
    }
}
