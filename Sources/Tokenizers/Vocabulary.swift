import Compute

/// Token ids and the bytes they stand for, both ways. Keyed by bytes, never by String: String equality is
/// canonical equivalence and would merge "é" with "e" + U+0301.
struct Vocabulary: Sendable {
    /// How an id came to be.
    enum Kind: UInt8, Sendable {
        /// No token has this id.
        case absent
        /// In the model's vocabulary, spelled in the byte alphabet; merges can reach it.
        case spelled
        /// In the model's vocabulary, but its key is plain text (added tokens, foreign entries).
        case verbatim
        /// Only in the list of added tokens.
        case addedOnly
    }

    private var storage: [UInt8] = []
    private var starts: [Int] = [0]
    private(set) var kinds: [Kind] = []
    private var slots: [Int32] = []
    private var mask = 0

    var count: Int { kinds.count }

    init(_ entries: [(bytes: [UInt8], kind: Kind)]) {
        storage.reserveCapacity(entries.reduce(0) { $0 + $1.bytes.count })
        starts.reserveCapacity(entries.count + 1)
        kinds.reserveCapacity(entries.count)
        for entry in entries {
            storage.append(contentsOf: entry.bytes)
            starts.append(storage.count)
            kinds.append(entry.kind)
        }
        var capacity = 16
        while capacity < entries.count * 2 { capacity *= 2 }
        slots = [Int32](repeating: -1, count: capacity)
        mask = capacity - 1
        for id in 0..<Int32(entries.count) where kinds[Int(id)] == .spelled {
            var slot = hash(storage, range(of: id)) & mask
            while slots[slot] >= 0 { slot = (slot + 1) & mask }
            slots[slot] = id
        }
    }

    func contains(_ id: TokenID) -> Bool { id >= 0 && Int(id) < count && kinds[Int(id)] != .absent }

    func bytes(of id: TokenID) -> ArraySlice<UInt8> {
        guard contains(id) else { return [] }
        return storage[range(of: id)]
    }

    func length(of id: TokenID) -> Int { contains(id) ? range(of: id).count : 0 }

    /// The id whose *spelled* token is exactly these bytes.
    func id(of text: [UInt8], _ range: Range<Int>) -> TokenID? {
        var slot = hash(text, range) & mask
        while slots[slot] >= 0 {
            let candidate = self.range(of: slots[slot])
            if candidate.count == range.count, storage[candidate].elementsEqual(text[range]) { return slots[slot] }
            slot = (slot + 1) & mask
        }
        return nil
    }

    func id(of bytes: [UInt8]) -> TokenID? { id(of: bytes, 0..<bytes.count) }

    @inline(__always) private func range(of id: TokenID) -> Range<Int> { starts[Int(id)]..<starts[Int(id) + 1] }

    private func hash(_ text: [UInt8], _ range: Range<Int>) -> Int {
        Int(truncatingIfNeeded: byteHash(text, range) >> 1)
    }
}

/// FNV-1a with a final mix: words are a few bytes long, so a byte at a time is fast enough.
@inline(__always) func byteHash(_ text: [UInt8], _ range: Range<Int>) -> UInt64 {
    var hash = StableHash()
    for index in range { hash.add(UInt64(text[index])) }
    return (hash.value ^ (hash.value >> 32)) &* 0x9E37_79B9_7F4A_7C15
}
