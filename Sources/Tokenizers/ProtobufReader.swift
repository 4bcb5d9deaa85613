/// Goes through one message in protobuf's wire format, field by field. What lies outside the message is never read, and
/// what does not fit is an error.
struct ProtobufReader {
    /// A field's value, as it lies in the file.
    enum Value {
        case varint(UInt64)
        case fixed32(UInt32)
        case fixed64(UInt64)
        case bytes(ArraySlice<UInt8>)
    }

    private var rest: ArraySlice<UInt8>
    private let file: String

    init(_ message: ArraySlice<UInt8>, file: String) {
        rest = message
        self.file = file
    }

    /// The next field; nil at the end of the message.
    /// - Throws: ``TokenizersError/malformed(_:file:)``.
    mutating func next() throws -> (number: UInt64, value: Value)? {
        if rest.isEmpty { return nil }
        let tag = try varint()
        let number = tag >> 3
        guard number > 0, number < 1 << 29 else { throw failure("a field has the number \(number)") }
        switch tag & 7 {
        case 0: return (number, .varint(try varint()))
        case 1: return (number, .fixed64(try fixed(8)))
        case 2:
            let length = try varint()
            guard length <= UInt64(rest.count) else { throw failure("field \(number) is longer than the file") }
            return (number, .bytes(take(Int(length))))
        case 5: return (number, .fixed32(UInt32(truncatingIfNeeded: try fixed(4))))
        default: throw failure("field \(number) has the wire type \(tag & 7)")
        }
    }

    private mutating func take(_ count: Int) -> ArraySlice<UInt8> {
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    private mutating func fixed(_ count: Int) throws -> UInt64 {
        guard rest.count >= count else { throw failure("it ends within a number") }
        return take(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private mutating func varint() throws -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard let byte = rest.popFirst() else { throw failure("it ends within a number") }
            guard shift < 63 || byte < 2 else { break }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw failure("a number has more than 64 bits")
    }

    private func failure(_ what: String) -> TokenizersError {
        .malformed("not a SentencePiece model: \(what)", file: file)
    }
}

extension ProtobufReader.Value {
    /// Nil for another wire type.
    var asBytes: ArraySlice<UInt8>? { if case .bytes(let bytes) = self { bytes } else { nil } }
    /// UTF-8; nil for what is none.
    var asString: String? { asBytes.flatMap { String(validating: $0, as: UTF8.self) } }
    /// A number of 32 bits with a sign, as protobuf stores it.
    var asInt: Int? {
        guard case .varint(let value) = self else { return nil }
        return Int(Int32(truncatingIfNeeded: value))
    }
    var asBool: Bool? { if case .varint(let value) = self { value != 0 } else { nil } }
    var asFloat: Float? { if case .fixed32(let bits) = self { Float(bitPattern: bits) } else { nil } }
}
