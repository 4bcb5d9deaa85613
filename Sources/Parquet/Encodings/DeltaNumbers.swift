/// Integers as differences in blocks, each difference in as many bits as its part of the block needs
/// (apache/parquet-format, Encodings.md, DELTA_BINARY_PACKED). Made one by one: a part without bits has any length.
struct DeltaNumbers {
    /// How many there are.
    let count: Int
    private var bytes: PageBytes
    private let partsPerBlock: Int
    private let partLength: Int
    private var made = 0
    private var value: Int64
    private var smallest: Int64 = 0
    /// Bits of a difference in each part of the block.
    private var widths: ArraySlice<UInt8> = []
    private var part: PageBytes?
    private var width = 0
    private var indexInPart = 0

    init(_ bytes: PageBytes) throws {
        var bytes = bytes
        let (length, parts, count) = (try bytes.varint(), try bytes.varint(), try bytes.varint())
        guard (1...1 << 24).contains(length), (1...length).contains(parts), length % (8 * parts) == 0 else {
            throw Fault.damaged("delta blocks of \(length) numbers in \(parts) parts")
        }
        guard count <= UInt64(Int32.max) else { throw Fault.damaged("\(count) delta numbers in a page") }
        self.count = Int(count)
        (partsPerBlock, partLength) = (Int(parts), Int(length / parts))
        value = try bytes.zigzag()
        self.bytes = bytes
        indexInPart = partLength
    }

    mutating func next() throws -> Int64 {
        guard made < count else { throw Fault.damaged("the page has only \(count) delta numbers") }
        made += 1
        if made == 1 { return value }
        if indexInPart == partLength { try beginPart() }
        if let part { value &+= smallest &+ Int64(bitPattern: try part.packed(indexInPart, width: width)) }
        indexInPart += 1
        return value
    }

    /// What stands behind them.
    func rest() throws -> PageBytes {
        var walk = self
        while walk.made < count {
            if walk.made > 0 { try walk.beginPart() }
            walk.made += walk.made == 0 ? 1 : min(partLength, count - walk.made)
        }
        return walk.bytes
    }

    private mutating func beginPart() throws {
        if widths.isEmpty {
            smallest = try bytes.zigzag()
            widths = try bytes.take(partsPerBlock)
        }
        width = Int(widths.removeFirst())
        guard width <= 64 else { throw Fault.damaged("delta numbers of \(width) bits") }
        part = try bytes.part(partLength / 8 * width)
        indexInPart = 0
    }
}
