/// Many short byte strings, one after the other in memory, numbered from 0.
struct ByteStrings: Sendable {
    private(set) var storage: [UInt8] = []
    private var starts: [Int] = [0]

    var count: Int { starts.count - 1 }

    mutating func append(_ bytes: some Collection<UInt8>) {
        storage.append(contentsOf: bytes)
        starts.append(storage.count)
    }

    /// Where the string lies in `storage`.
    @inline(__always) func range(_ index: Int32) -> Range<Int> { starts[Int(index)]..<starts[Int(index) + 1] }

    subscript(_ index: Int32) -> ArraySlice<UInt8> { storage[range(index)] }
}
