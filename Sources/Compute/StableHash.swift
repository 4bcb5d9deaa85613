/// FNV-1a of 64 bits (Fowler, Noll, Vo): the same on every run and machine, unlike Swift's own hashing, so that it can
/// name a random stream, a data set or weights.
package struct StableHash {
    package var value: UInt64 = 0xCBF2_9CE4_8422_2325

    @inlinable package init() {}

    /// Of integers, each as its eight bytes.
    package init(_ numbers: Int...) { for number in numbers { add(bytesOf: UInt64(bitPattern: Int64(number))) } }

    /// Goes on with a byte, or with a whole word at once: faster, and another hash than that of its bytes.
    @inlinable @inline(__always)
    package mutating func add(_ word: UInt64) { value = (value ^ word) &* 0x100_0000_01B3 }

    /// Goes on with the eight bytes of a word, the lowest first.
    package mutating func add(bytesOf word: UInt64) {
        for shift in stride(from: 0, to: 64, by: 8) { add(word >> UInt64(shift) & 0xFF) }
    }
}
