/// A hash table from a pair of 32-bit numbers to a pair of 32-bit numbers, open addressing, no deletion.
/// It holds merges (left id, right id) -> (rank, merged id) and trie edges (node, byte) -> node:
/// the two look-ups that encoding does most, some ten times faster here than in a Dictionary.
struct PairTable: Sendable {
    private var keys: [UInt64]
    private var values: [UInt64]
    private var mask: Int
    private(set) var count = 0

    private static let free = UInt64.max

    init(minimumCapacity: Int) {
        var capacity = 16
        while capacity < minimumCapacity * 2 { capacity *= 2 }
        keys = [UInt64](repeating: Self.free, count: capacity)
        values = [UInt64](repeating: 0, count: capacity)
        mask = capacity - 1
    }

    /// Both numbers must be non-negative.
    subscript(_ left: Int32, _ right: Int32) -> (first: Int32, second: Int32)? {
        @inline(__always) get {
            let key = Self.pack(left, right)
            var slot = Self.hash(key) & mask
            while keys[slot] != Self.free {
                if keys[slot] == key {
                    let value = values[slot]
                    return (Int32(truncatingIfNeeded: value >> 32), Int32(truncatingIfNeeded: value))
                }
                slot = (slot + 1) & mask
            }
            return nil
        }
    }

    mutating func set(_ left: Int32, _ right: Int32, to value: (Int32, Int32)) {
        if (count + 1) * 2 > keys.count { grow() }
        insert(Self.pack(left, right), Self.pack(value.0, value.1))
    }

    private mutating func insert(_ key: UInt64, _ value: UInt64) {
        var slot = Self.hash(key) & mask
        while keys[slot] != Self.free && keys[slot] != key { slot = (slot + 1) & mask }
        if keys[slot] == Self.free { count += 1 }
        keys[slot] = key
        values[slot] = value
    }

    private mutating func grow() {
        let old = zip(keys, values).filter { $0.0 != Self.free }
        self = PairTable(minimumCapacity: keys.count)
        for (key, value) in old { insert(key, value) }
    }

    @inline(__always) private static func pack(_ left: Int32, _ right: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    }

    @inline(__always) private static func hash(_ key: UInt64) -> Int {
        let mixed = (key ^ (key >> 29)) &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: (mixed ^ (mixed >> 32)) & 0x7FFF_FFFF_FFFF_FFFF)
    }
}
