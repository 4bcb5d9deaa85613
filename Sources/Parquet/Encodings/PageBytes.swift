/// A page's bytes, read forward; nothing is read beyond their end.
struct PageBytes {
    private let bytes: [UInt8]
    private(set) var position: Int
    private let end: Int

    init(_ bytes: [UInt8]) { (self.bytes, position, end) = (bytes, 0, bytes.count) }

    private init(_ bytes: [UInt8], _ range: Range<Int>) {
        (self.bytes, position, end) = (bytes, range.lowerBound, range.upperBound)
    }

    var remaining: Int { end - position }

    private func require(_ count: Int) throws {
        guard count >= 0, count <= remaining else {
            throw Fault.damaged("the page ends too early: \(count) bytes are wanted, \(remaining) left")
        }
    }

    mutating func advance(_ count: Int) throws {
        try require(count)
        position += count
    }

    mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
        try require(count)
        defer { position += count }
        return bytes[position..<(position + count)]
    }

    /// The next bytes as a part of their own, passed over here.
    mutating func part(_ count: Int) throws -> PageBytes {
        try require(count)
        defer { position += count }
        return PageBytes(bytes, position..<(position + count))
    }

    /// A number of one to eight bytes, the lowest first.
    mutating func integer(bytes count: Int) throws -> UInt64 {
        try require(count)
        defer { position += count }
        let word = word(at: position)
        return count == 8 ? word : word & (1 << (8 * UInt64(count)) - 1)
    }

    /// A length of four bytes, as plain texts and levels have it.
    mutating func length() throws -> Int { Int(try integer(bytes: 4)) }

    /// ULEB128.
    mutating func varint() throws -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            let next = try integer(bytes: 1)
            value |= (next & 0x7F) << shift
            if next < 0x80 { return value }
        }
        throw Fault.damaged("a number of more than 64 bits")
    }

    mutating func zigzag() throws -> Int64 {
        let value = try varint()
        return Int64(bitPattern: value >> 1) ^ -Int64(value & 1)
    }

    /// Number `index` of those packed in `width` bits each (64 at most) from the present position on.
    func packed(_ index: Int, width: Int) throws -> UInt64 {
        guard width > 0 else { return 0 }
        let (bit, overflow) = index.multipliedReportingOverflow(by: width)
        guard !overflow, bit / 8 < remaining, (bit % 8 + width + 7) / 8 <= remaining - bit / 8 else {
            throw Fault.damaged("the page ends too early: packed numbers are cut short")
        }
        let start = position + bit / 8, shift = bit % 8
        var value = word(at: start) >> UInt64(shift)
        if shift + width > 64 { value |= UInt64(bytes[start + 8]) << UInt64(64 - shift) }
        return width == 64 ? value : value & (1 << UInt64(width) - 1)
    }

    /// Eight bytes, those beyond the page's as 0.
    private func word(at start: Int) -> UInt64 {
        if start + 8 <= end {
            return bytes.withUnsafeBytes {
                UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: start, as: UInt64.self))
            }
        }
        return bytes[start..<end].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
