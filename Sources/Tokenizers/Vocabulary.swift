import Compute

/// Token ids and the bytes they stand for, both ways. Keyed by bytes, never by String: String equality is
/// canonical equivalence and would merge "é" with "e" + U+0301.
struct Vocabulary: Sendable {
    /// How an id came to be.
    enum Kind: UInt8, Sendable {
        /// No token has this id.
        case absent
        /// In the model's vocabulary, spelled in its alphabet; merges can reach it.
        case spelled
        /// A byte in a vocabulary of pieces, spelled `<0x0A>`.
        case byte
        /// In the model's vocabulary, but its key is plain text (added tokens, foreign entries).
        case verbatim
        /// Only in the list of added tokens.
        case addedOnly
    }

    struct Entry {
        var bytes: [UInt8] = []
        var kind = Kind.absent
        /// What the model's merges are told in; nil where that is `bytes`.
        var spelling: [UInt8]?
    }

    private var texts = ByteStrings()
    private var spellings: ByteStrings?
    private(set) var kinds: [Kind] = []
    private var slots: [Int32] = []
    private var mask = 0

    var count: Int { kinds.count }

    /// - Parameter spelled: whether merges are told in spellings rather than in what tokens stand for.
    init(_ entries: [Entry], spelled: Bool = false) {
        kinds.reserveCapacity(entries.count)
        var keys = ByteStrings()
        for entry in entries {
            texts.append(entry.bytes)
            if spelled { keys.append(entry.spelling ?? entry.bytes) }
            kinds.append(entry.kind)
        }
        if spelled { spellings = keys } else { keys = texts }
        var capacity = 16
        while capacity < entries.count * 2 { capacity *= 2 }
        slots = [Int32](repeating: -1, count: capacity)
        mask = capacity - 1
        for id in 0..<Int32(entries.count) where kinds[Int(id)] == .spelled || kinds[Int(id)] == .byte {
            var slot = hash(keys.storage, keys.range(id)) & mask
            while slots[slot] >= 0 { slot = (slot + 1) & mask }
            slots[slot] = id
        }
    }

    func contains(_ id: TokenID) -> Bool { id >= 0 && Int(id) < count && kinds[Int(id)] != .absent }

    func bytes(of id: TokenID) -> ArraySlice<UInt8> { contains(id) ? texts[id] : [] }

    /// How merges spell the token.
    func spelling(of id: TokenID) -> ArraySlice<UInt8> { contains(id) ? (spellings ?? texts)[id] : [] }

    /// The id whose spelling is exactly these bytes, of those that merges can reach.
    func id(of text: [UInt8], _ range: Range<Int>) -> TokenID? {
        let keys = spellings ?? texts
        var slot = hash(text, range) & mask
        while slots[slot] >= 0 {
            let candidate = keys.range(slots[slot])
            if candidate.count == range.count, keys.storage[candidate].elementsEqual(text[range]) { return slots[slot] }
            slot = (slot + 1) & mask
        }
        return nil
    }

    func id(of bytes: [UInt8]) -> TokenID? { id(of: bytes, 0..<bytes.count) }

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
