import Compute

/// Reads a GGUF header forward; every count is checked against the bytes that remain before anything is
/// allocated for it.
struct GGUFCursor {
    let file: MappedFile
    private(set) var offset = 0

    static let arrayLimit = 1 << 24
    static let stringLimit = 1 << 26

    init(_ file: MappedFile) { self.file = file }

    var remaining: Int { file.bytes.count - offset }

    func failure(_ what: String) -> FormatsError { .malformed(file: file.path, offset: offset, what: what) }

    mutating func integer<Value: FixedWidthInteger>(_: Value.Type = Value.self) throws -> Value {
        guard remaining >= MemoryLayout<Value>.size else { throw failure("the GGUF header ends too early") }
        let value = file.bytes.loadUnaligned(fromByteOffset: offset, as: Value.self)
        offset += MemoryLayout<Value>.size
        return Value(littleEndian: value)
    }

    /// A u64 count of things of at least `minimumBytes` each.
    mutating func count(minimumBytes: Int, limit: Int, of what: String) throws -> Int {
        let value = try integer(UInt64.self)
        guard value <= limit, value <= remaining / max(minimumBytes, 1) else {
            offset -= 8
            throw failure("\(value) \(what) are more than the file can hold")
        }
        return Int(value)
    }

    mutating func string(limit: Int = stringLimit) throws -> [UInt8] {
        let length = try count(minimumBytes: 1, limit: limit, of: "bytes of a string")
        defer { offset += length }
        return Array(file.bytes[offset..<(offset + length)])
    }

    /// A key or tensor name: valid UTF-8, not empty.
    mutating func name(limit: Int) throws -> String {
        let start = offset
        let bytes = try string(limit: limit)
        guard !bytes.isEmpty, let name = String(validating: bytes, as: UTF8.self) else {
            offset = start
            throw failure("a name that is empty or not valid UTF-8")
        }
        return name
    }

    mutating func value() throws -> GGUFValue { try value(type: integer(UInt32.self)) }

    private mutating func value(type: UInt32) throws -> GGUFValue {
        switch type {
        case 7: return .bool(try boolean())
        case 8: return .string(try string())
        case 9: return try array()
        case 10:
            let number = try integer(UInt64.self)
            return Int64(exactly: number).map { .integer($0) } ?? .unsigned(number)
        case 6, 12: return .float(try float(type))
        default: return .integer(try signed(type))
        }
    }

    private mutating func array() throws -> GGUFValue {
        let type = try integer(UInt32.self)
        switch type {
        case 7: return .bools(try elements(1) { try $0.boolean() })
        case 8: return .strings(try elements(8) { try $0.string() })
        case 6, 12: return .floats(try elements(type == 6 ? 4 : 8) { try $0.float(type) })
        case 9: throw failure("an array of arrays, which is refused")
        case 0, 1: return .integers(try elements(1) { try $0.signed(type) })
        case 2, 3: return .integers(try elements(2) { try $0.signed(type) })
        case 4, 5: return .integers(try elements(4) { try $0.signed(type) })
        case 10, 11: return .integers(try elements(8) { try $0.signed(type) })
        default: throw failure("an array of unknown type \(type)")
        }
    }

    private mutating func elements<Element>(
        _ minimumBytes: Int, _ read: (inout GGUFCursor) throws -> Element
    ) throws -> [Element] {
        let count = try count(minimumBytes: minimumBytes, limit: Self.arrayLimit, of: "array elements")
        var result: [Element] = []
        result.reserveCapacity(count)
        for _ in 0..<count { result.append(try read(&self)) }
        return result
    }

    private mutating func boolean() throws -> Bool {
        let byte = try integer(UInt8.self)
        guard byte <= 1 else {
            offset -= 1
            throw failure("a boolean that is \(byte)")
        }
        return byte == 1
    }

    private mutating func float(_ type: UInt32) throws -> Double {
        type == 6 ? Double(Float(bitPattern: try integer())) : Double(bitPattern: try integer())
    }

    private mutating func signed(_ type: UInt32) throws -> Int64 {
        switch type {
        case 0: return Int64(try integer(UInt8.self))
        case 1: return Int64(try integer(Int8.self))
        case 2: return Int64(try integer(UInt16.self))
        case 3: return Int64(try integer(Int16.self))
        case 4: return Int64(try integer(UInt32.self))
        case 5: return Int64(try integer(Int32.self))
        case 11: return try integer(Int64.self)
        case 10:
            guard let value = Int64(exactly: try integer(UInt64.self)) else {
                throw failure("an array element beyond 2^63")
            }
            return value
        default: throw failure("a value of unknown type \(type)")
        }
    }
}
