/// FNV-1a over integers: the same on every run and machine, unlike Swift's own hashing, so that it can name a
/// random stream.
struct StableHash {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    init(_ numbers: Int...) { for number in numbers { add(UInt64(bitPattern: Int64(number))) } }

    mutating func add(_ number: UInt64) {
        for shift in stride(from: 0, to: 64, by: 8) {
            value = (value ^ (number >> UInt64(shift) & 0xFF)) &* 0x100_0000_01B3
        }
    }
}
