/// The hybrid of run lengths and packed bits in which levels, dictionary indices and booleans stand
/// (apache/parquet-format, Encodings.md, RLE). A run of any length takes a few bytes, so numbers are made one by one.
struct RunLengths {
    private var bytes: PageBytes
    private let width: Int
    /// Of the present run.
    private var left = 0
    private var value: UInt64 = 0
    private var packed: PageBytes?
    private var index = 0

    /// - Parameter width: bits of a number, 0 to 32.
    init(_ bytes: PageBytes, width: Int) { (self.bytes, self.width) = (bytes, width) }

    mutating func next() throws -> Int {
        while left == 0 { try beginRun() }
        left -= 1
        guard let packed else { return Int(value) }
        defer { index += 1 }
        return Int(try packed.packed(index, width: width))
    }

    private mutating func beginRun() throws {
        let header = try bytes.varint()
        guard header <= UInt32.max else { throw Fault.damaged("a run of \(header >> 1) numbers") }
        let count = Int(header >> 1)
        if header & 1 == 0 {
            value = width == 0 ? 0 : try bytes.integer(bytes: (width + 7) / 8)
            guard value < 1 << UInt64(width) else {
                throw Fault.damaged("the number \(value) in a run of \(width) bits each")
            }
            (left, packed) = (count, nil)
        } else {
            // Some writers leave out the unused end of the last run.
            packed = try bytes.part(min(count * width, bytes.remaining))
            (left, index) = (8 * count, 0)
        }
    }
}
