/// PLAIN booleans: a bit each.
final class PlainBooleans: ValueDecoder {
    private let bytes: PageBytes
    private var index = 0

    init(_ bytes: PageBytes) { self.bytes = bytes }

    func next() throws -> RawValue {
        defer { index += 1 }
        return .bits(try bytes.packed(index, width: 1))
    }
}

/// RLE booleans, after their length.
final class RunLengthBooleans: ValueDecoder {
    private var runs: RunLengths

    init(_ bytes: PageBytes) throws {
        var bytes = bytes
        runs = RunLengths(try bytes.part(bytes.length()), width: 1)
    }

    func next() throws -> RawValue { .bits(UInt64(try runs.next())) }
}

/// PLAIN byte arrays: each after its length.
final class PlainTexts: ValueDecoder {
    private var bytes: PageBytes

    init(_ bytes: PageBytes) { self.bytes = bytes }

    func next() throws -> RawValue { .bytes(try bytes.take(bytes.length())) }
}

/// PLAIN numbers and bytes of a fixed number.
final class PlainNumbers: ValueDecoder {
    private var bytes: PageBytes
    private let type: PhysicalType

    init(_ bytes: PageBytes, _ type: PhysicalType) { (self.bytes, self.type) = (bytes, type) }

    func next() throws -> RawValue {
        switch type {
        case .int32: .bits(signExtended(try bytes.integer(bytes: 4)))
        case .float: .bits(try bytes.integer(bytes: 4))
        case .int64, .double: .bits(try bytes.integer(bytes: 8))
        case .int96: .bytes(try bytes.take(12))
        case .fixed(let length): .bytes(try bytes.take(length))
        case .boolean, .bytes: preconditionFailure("they have decoders of their own")
        }
    }
}

/// BYTE_STREAM_SPLIT: the first bytes of all values, then the second ones.
final class SplitStreams: ValueDecoder {
    private let bytes: [UInt8]
    private let type: PhysicalType
    private let width: Int
    private let count: Int
    private var index = 0

    init(_ bytes: PageBytes, _ type: PhysicalType) throws {
        var bytes = bytes
        self.bytes = Array(try bytes.take(bytes.remaining))
        self.type = type
        guard let width = type.width, width > 0, self.bytes.count % width == 0 else {
            throw Fault.damaged("\(self.bytes.count) bytes are no whole number of \(type.name) values")
        }
        (self.width, count) = (width, self.bytes.count / width)
    }

    func next() throws -> RawValue {
        guard index < count else { throw Fault.damaged("the page has only \(count) values") }
        defer { index += 1 }
        let value = (0..<width).map { bytes[$0 * count + index] }
        if case .fixed = type { return .bytes(value[...]) }
        let bits = value.reversed().reduce(0) { $0 << 8 | UInt64($1) }
        return .bits(type == .int32 ? signExtended(bits) : bits)
    }
}

/// An INT32 in 32 bits as one in 64.
func signExtended(_ bits: UInt64) -> UInt64 {
    UInt64(bitPattern: Int64(Int32(truncatingIfNeeded: Int64(bitPattern: bits))))
}
