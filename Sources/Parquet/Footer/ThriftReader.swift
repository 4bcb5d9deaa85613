import Compute

/// Reads Thrift's compact protocol forward (apache/thrift, doc/specs/thrift-compact-protocol.md). Every length is
/// checked against what remains before anything is made of it; nesting is bounded.
struct ThriftReader {
    let file: MappedFile
    /// In the file.
    private(set) var offset: Int
    private let end: Int
    private var depth = 0

    private static let depthLimit = 32

    /// - Parameter range: within the file, as its owner has checked.
    init(_ file: MappedFile, _ range: Range<Int>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= file.bytes.count)
        self.file = file
        (offset, end) = (range.lowerBound, range.upperBound)
    }

    /// A field's or an element's type on the wire.
    enum Kind: UInt8 {
        case yes = 1, no, byte, short, int, long, double, binary, list, set, map, structure, uuid
    }

    struct Field {
        let id: Int
        let kind: Kind
    }

    // MARK: Structures

    /// Calls `body` for each field of a structure. It must read or skip the field's value.
    mutating func structure(_ body: (Field, inout ThriftReader) throws -> Void) throws {
        try nested { reader in
            var id = 0
            while let field = try reader.field(after: id) {
                try body(field, &reader)
                id = field.id
            }
        }
    }

    /// The same of a structure that is a field's value.
    mutating func structure(_ field: Field, _ body: (Field, inout ThriftReader) throws -> Void) throws {
        try expect(field, .structure)
        try structure(body)
    }

    /// Calls `body` for each element of a list. It must read or skip the element.
    mutating func list(_ field: Field, _ body: (Field, inout ThriftReader) throws -> Void) throws {
        try expect(field, .list)
        try nested { reader in
            let (count, kind) = try reader.listHeader()
            for _ in 0..<count { try body(Field(id: field.id, kind: kind), &reader) }
        }
    }

    /// Passes over a field's value. Fields that a newer writer adds are not known here, by the rules of Thrift.
    mutating func skip(_ field: Field, isElement: Bool = false) throws {
        switch field.kind {
        case .yes, .no: if isElement { _ = try byte() }
        case .byte: _ = try byte()
        case .short, .int, .long: _ = try varint()
        case .double: try advance(8)
        case .uuid: try advance(16)
        case .binary: try advance(length())
        case .structure: try structure { try $1.skip($0) }
        case .list, .set:
            try nested { reader in
                let (count, kind) = try reader.listHeader()
                for _ in 0..<count { try reader.skip(Field(id: 0, kind: kind), isElement: true) }
            }
        case .map: try nested { try $0.skipMap() }
        }
    }

    // MARK: Values

    func flag(_ field: Field) throws -> Bool {
        guard field.kind == .yes || field.kind == .no else { throw wrongKind(field) }
        return field.kind == .yes
    }

    mutating func int(_ field: Field) throws -> Int {
        switch field.kind {
        case .byte: return Int(Int8(bitPattern: try byte()))
        case .short, .int, .long: return Int(try zigzag())
        case .yes, .no, .double, .binary, .list, .set, .map, .structure, .uuid: throw wrongKind(field)
        }
    }

    /// A count or an offset.
    mutating func size(_ field: Field, of what: String) throws -> Int {
        let value = try int(field)
        guard value >= 0 else { throw Fault.damaged("\(what) is \(value)") }
        return value
    }

    mutating func text(_ field: Field) throws -> String {
        try expect(field, .binary)
        let length = try length()
        guard let text = String(validating: file.bytes[offset..<(offset + length)], as: UTF8.self) else {
            throw Fault.damaged("a name that is not valid UTF-8")
        }
        offset += length
        return text
    }

    // MARK: Bytes

    private func wrongKind(_ field: Field) -> Fault { .damaged("field \(field.id) has another type than it should") }

    private func expect(_ field: Field, _ kind: Kind) throws {
        guard field.kind == kind else { throw wrongKind(field) }
    }

    private mutating func nested(_ body: (inout ThriftReader) throws -> Void) throws {
        guard depth < Self.depthLimit else { throw Fault.damaged("nested deeper than \(Self.depthLimit) levels") }
        depth += 1
        try body(&self)
        depth -= 1
    }

    /// Nil at the structure's end.
    private mutating func field(after last: Int) throws -> Field? {
        let header = try byte()
        if header == 0 { return nil }
        let step = Int(header >> 4)
        let id = step == 0 ? Int(try zigzag()) : last + step
        guard (0...Int(Int16.max)).contains(id) else { throw Fault.damaged("a field of number \(id)") }
        return Field(id: id, kind: try kind(header & 15))
    }

    private func kind(_ code: UInt8) throws -> Kind {
        guard let kind = Kind(rawValue: code) else { throw Fault.damaged("a field of unknown type \(code)") }
        return kind
    }

    private mutating func listHeader() throws -> (count: Int, kind: Kind) {
        let header = try byte()
        let count = header >> 4 == 15 ? try length() : Int(header >> 4)
        // fastparquet gives an empty list no type. Each element takes a byte at least.
        if count == 0 { return (0, .byte) }
        guard count <= end - offset else { throw tooShort("\(count) elements of a list") }
        return (count, try kind(header & 15))
    }

    private mutating func skipMap() throws {
        let count = try length()
        guard count > 0 else { return }
        let kinds = try byte()
        let (key, value) = (try kind(kinds >> 4), try kind(kinds & 15))
        for _ in 0..<count {
            try skip(Field(id: 0, kind: key), isElement: true)
            try skip(Field(id: 0, kind: value), isElement: true)
        }
    }

    private mutating func byte() throws -> UInt8 {
        guard offset < end else { throw tooShort("a byte") }
        defer { offset += 1 }
        return file.bytes[offset]
    }

    private mutating func advance(_ count: Int) throws {
        guard count <= end - offset else { throw tooShort("\(count) bytes") }
        offset += count
    }

    /// A count of things of a byte each, at least.
    private mutating func length() throws -> Int {
        let value = try varint()
        guard value <= UInt64(end - offset) else { throw tooShort("\(value) bytes") }
        return Int(value)
    }

    private mutating func zigzag() throws -> Int64 {
        let value = try varint()
        return Int64(bitPattern: value >> 1) ^ -Int64(value & 1)
    }

    private mutating func varint() throws -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            let next = try byte()
            value |= UInt64(next & 0x7F) << shift
            if next < 0x80 { return value }
        }
        throw Fault.damaged("a number of more than 64 bits")
    }

    private func tooShort(_ what: String) -> Fault { .damaged("\(what) are more than the \(end - offset) left here") }
}
