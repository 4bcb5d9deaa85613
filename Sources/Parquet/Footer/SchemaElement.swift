/// One line of the footer's schema: a column, or a group of those that follow (parquet.thrift, SchemaElement).
struct SchemaElement {
    enum Repetition: Int { case required, optional, repeated }

    let name: String
    /// Nil for a group.
    let type: PhysicalType?
    let repetition: Repetition
    /// How many of the elements that follow are its members, each with its own; 0 for a column.
    let members: Int
    let annotation: Annotation?

    init(_ field: ThriftReader.Field, _ reader: inout ThriftReader) throws {
        var name: String?, type: Int?, length: Int?, repetition = 0, members = 0
        var converted: Int?, scale = 0, logical: Annotation?
        try reader.structure(field) { field, reader in
            switch field.id {
            case 1: type = try reader.int(field)
            case 2: length = try reader.int(field)
            case 3: repetition = try reader.int(field)
            case 4: name = try reader.text(field)
            case 5: members = try reader.size(field, of: "a number of members")
            case 6: converted = try reader.int(field)
            case 7: scale = try reader.int(field)
            case 10: logical = try Annotation(logical: field, &reader)
            default: try reader.skip(field)
            }
        }
        guard let name else { throw Fault.damaged("a column without a name") }
        guard let known = Repetition(rawValue: repetition) else {
            throw Fault.damaged("column \(name.debugDescription) has the unknown repetition \(repetition)")
        }
        self.name = name
        self.repetition = known
        self.members = members
        guard members == 0 || type == nil else {
            throw Fault.damaged("column \(name.debugDescription) has both a type and members")
        }
        self.type = try type.map { try PhysicalType($0, length: length, column: name) }
        annotation = try logical ?? converted.map { try Annotation(converted: $0, scale: scale) }
    }
}

/// How a column's values are stored.
enum PhysicalType: Equatable {
    case boolean, int32, int64, int96, float, double, bytes
    /// Bytes of a fixed number.
    case fixed(Int)

    init(_ code: Int, length: Int?, column: String) throws {
        switch code {
        case 0: self = .boolean
        case 1: self = .int32
        case 2: self = .int64
        case 3: self = .int96
        case 4: self = .float
        case 5: self = .double
        case 6: self = .bytes
        case 7:
            guard let length, length > 0 else {
                throw Fault.damaged("column \(column.debugDescription) has values of \(length ?? 0) bytes")
            }
            self = .fixed(length)
        default: throw Fault.unsupported("column \(column.debugDescription) has the unknown type \(code)")
        }
    }

    /// Bytes of a value in the plain encoding; nil where they differ, 0 for booleans.
    var width: Int? {
        switch self {
        case .boolean: 0
        case .int32, .float: 4
        case .int64, .double: 8
        case .int96: 12
        case .fixed(let length): length
        case .bytes: nil
        }
    }

    /// As parquet.thrift numbers them.
    var number: Int {
        switch self {
        case .boolean: 0
        case .int32: 1
        case .int64: 2
        case .int96: 3
        case .float: 4
        case .double: 5
        case .bytes: 6
        case .fixed: 7
        }
    }

    /// In the words of the format.
    var name: String {
        switch self {
        case .boolean: "BOOLEAN"
        case .int32: "INT32"
        case .int64: "INT64"
        case .int96: "INT96"
        case .float: "FLOAT"
        case .double: "DOUBLE"
        case .bytes: "BYTE_ARRAY"
        case .fixed(let length): "FIXED_LEN_BYTE_ARRAY(\(length))"
        }
    }
}

/// What a column's values mean (parquet.thrift, LogicalType and the older ConvertedType).
enum Annotation: Equatable {
    case string, map, list, date, uuid, float16, null, bson
    /// Lists of keys and values, in the older spelling.
    case mapEntries
    case decimal(scale: Int)
    case time(Unit)
    case timestamp(Unit, isUTC: Bool)
    case integer(bits: Int, isSigned: Bool)
    /// Known by name only.
    case unread(String)

    /// Of a second.
    enum Unit: Int { case milli = 3, micro = 6, nano = 9 }

    init(converted code: Int, scale: Int) throws {
        switch code {
        case 0, 4, 19: self = .string
        case 1: self = .map
        case 2: self = .mapEntries
        case 3: self = .list
        case 5: self = .decimal(scale: scale)
        case 6: self = .date
        case 7: self = .time(.milli)
        case 8: self = .time(.micro)
        case 9: self = .timestamp(.milli, isUTC: true)
        case 10: self = .timestamp(.micro, isUTC: true)
        case 11...14: self = .integer(bits: 8 << (code - 11), isSigned: false)
        case 15...18: self = .integer(bits: 8 << (code - 15), isSigned: true)
        case 20: self = .bson
        case 21: self = .unread("INTERVAL")
        default: self = .unread("number \(code)")
        }
    }

    /// A union: a structure of one field, which says which.
    init?(logical field: ThriftReader.Field, _ reader: inout ThriftReader) throws {
        var found: Annotation?
        try reader.structure(field) { field, reader in
            let scalars = try Parameters(field, &reader)
            switch field.id {
            case 1, 4, 12: found = .string
            case 2: found = .map
            case 3: found = .list
            case 5: found = .decimal(scale: try scalars.number())
            case 6: found = .date
            case 7: found = .time(try scalars.unit())
            case 8: found = .timestamp(try scalars.unit(), isUTC: try Parameters.given(scalars.firstFlag))
            case 10: found = .integer(bits: try scalars.number(), isSigned: try Parameters.given(scalars.secondFlag))
            case 11: found = .null
            case 13: found = .bson
            case 14: found = .uuid
            case 15: found = .float16
            case 16: found = .unread("VARIANT")
            case 17: found = .unread("GEOMETRY")
            case 18: found = .unread("GEOGRAPHY")
            default: found = .unread("number \(field.id)")
            }
        }
        guard let found else { return nil }
        self = found
    }

    /// A logical type's own fields: numbers, flags, and a unit, whatever they are called.
    private struct Parameters {
        private(set) var first: Int?
        private(set) var firstFlag: Bool?, secondFlag: Bool?
        private var unitField: Int?

        init(_ field: ThriftReader.Field, _ reader: inout ThriftReader) throws {
            try reader.structure(field) { field, reader in
                switch (field.id, field.kind) {
                case (1, .yes), (1, .no): firstFlag = try reader.flag(field)
                case (2, .yes), (2, .no): secondFlag = try reader.flag(field)
                case (1, .byte), (1, .int): first = try reader.int(field)
                case (2, .structure):
                    try reader.structure(field) { unit, reader in
                        unitField = unit.id
                        try reader.skip(unit)
                    }
                default: try reader.skip(field)
                }
            }
        }

        func number() throws -> Int { try Self.given(first) }

        static func given<Value>(_ value: Value?) throws -> Value {
            guard let value else { throw Fault.damaged("a logical type that does not say all that it should") }
            return value
        }

        func unit() throws -> Unit {
            guard let unitField, (1...3).contains(unitField), let unit = Unit(rawValue: 3 * unitField) else {
                throw Fault.unsupported("a time whose unit is not known")
            }
            return unit
        }
    }
}
