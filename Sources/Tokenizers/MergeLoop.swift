/// Byte-pair merging of one word: the pair of lowest rank first, the leftmost of equals, until no pair merges.
/// Short words are searched, long ones use a heap over a linked list, so a word of 100,000 letters stays fast.
struct MergeLoop {
    private var ids: [Int32] = []
    private var pairs: [Pair] = []
    private var next: [Int32] = []
    private var previous: [Int32] = []
    private var heap = MergeHeap()

    private static let longWord = 48

    private struct Pair { var rank: Int32; var merged: Int32 }
    private static let none = Pair(rank: .max, merged: -1)

    /// Appends the ids of the word `text[range]` to `output`. What has no token of its own, nor an unknown one to stand
    /// for it, is left out, as `tokenizers` does.
    mutating func encode(_ text: [UInt8], _ range: Range<Int>, _ model: MergeModel, into output: inout [TokenID]) {
        ids.removeAll(keepingCapacity: true)
        switch model.symbols {
        case .bytes(let byteIDs):
            for index in range {
                let id = byteIDs[Int(text[index])]
                if id >= 0 { ids.append(id) }
            }
        case .pieces(let symbols): symbols.append(text, range, to: &ids)
        }
        if ids.count < 2 {
            output.append(contentsOf: ids)
        } else if ids.count < Self.longWord {
            mergeShort(model)
            output.append(contentsOf: ids)
        } else {
            mergeLong(model, into: &output)
        }
    }

    private mutating func mergeShort(_ model: MergeModel) {
        pairs.removeAll(keepingCapacity: true)
        for index in 1..<ids.count { pairs.append(Self.pair(model, ids[index - 1], ids[index])) }
        while true {
            var best = 0
            var rank = Int32.max
            for index in 0..<pairs.count where pairs[index].rank < rank {
                rank = pairs[index].rank
                best = index
            }
            if rank == .max { return }
            ids[best] = pairs[best].merged
            ids.remove(at: best + 1)
            pairs.remove(at: best)
            if best > 0 { pairs[best - 1] = Self.pair(model, ids[best - 1], ids[best]) }
            if best < pairs.count { pairs[best] = Self.pair(model, ids[best], ids[best + 1]) }
        }
    }

    @inline(__always) private static func pair(_ model: MergeModel, _ left: Int32, _ right: Int32) -> Pair {
        guard let found = model.merges[left, right] else { return none }
        return Pair(rank: found.first, merged: found.second)
    }

    private mutating func mergeLong(_ model: MergeModel, into output: inout [TokenID]) {
        let count = ids.count
        next = (0..<count).map { $0 + 1 < count ? Int32($0 + 1) : -1 }
        previous = (0..<count).map { Int32($0) - 1 }
        heap.removeAll()
        for index in 0..<count - 1 { push(model, index, index + 1) }
        while let top = heap.popMin() {
            let left = Int(top.position)
            guard ids[left] >= 0, next[left] >= 0 else { continue }
            let right = Int(next[left])
            guard let found = model.merges[ids[left], ids[right]], found.first == top.rank else { continue }
            ids[left] = found.second
            ids[right] = -1
            next[left] = next[right]
            if next[left] >= 0 {
                previous[Int(next[left])] = Int32(left)
                push(model, left, Int(next[left]))
            }
            if previous[left] >= 0 { push(model, Int(previous[left]), left) }
        }
        for id in ids where id >= 0 { output.append(id) }
    }

    private mutating func push(_ model: MergeModel, _ left: Int, _ right: Int) {
        guard let found = model.merges[ids[left], ids[right]] else { return }
        heap.push(MergeHeap.Entry(rank: found.first, position: Int32(left)))
    }
}

/// What merging needs to know of a tokenizer.
struct MergeModel: Sendable {
    /// The tokens that merging begins with.
    enum Symbols: Sendable {
        /// The token of each byte, -1 where the vocabulary has none.
        case bytes([TokenID])
        case pieces(PieceSymbols)
    }

    var symbols: Symbols
    /// (left id, right id) -> (rank, merged id)
    var merges: PairTable

    /// Whether no merge reaches over the border between something else and a `▁`.
    func splitsFreely(_ list: [(left: TokenID, right: TokenID)], _ vocabulary: Vocabulary) -> Bool {
        guard case .pieces(let symbols) = symbols, symbols.keepsBlanksApart else { return false }
        return list.allSatisfy { left, right in
            !PieceSpelling.startsWithBlank(vocabulary.spelling(of: right))
                || PieceSpelling.endsWithBlank(vocabulary.spelling(of: left))
        }
    }
}

/// A binary heap of merges by (rank, position).
struct MergeHeap {
    struct Entry {
        var rank: Int32
        var position: Int32
        @inline(__always) var key: UInt64 {
            UInt64(UInt32(bitPattern: rank)) << 32 | UInt64(UInt32(bitPattern: position))
        }
    }

    private var entries: [Entry] = []

    mutating func removeAll() { entries.removeAll(keepingCapacity: true) }

    mutating func push(_ entry: Entry) {
        entries.append(entry)
        var child = entries.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            if entries[parent].key <= entry.key { break }
            entries[child] = entries[parent]
            child = parent
        }
        entries[child] = entry
    }

    mutating func popMin() -> Entry? {
        guard let top = entries.first, let last = entries.popLast() else { return nil }
        if entries.isEmpty { return top }
        var parent = 0
        while true {
            var child = 2 * parent + 1
            if child >= entries.count { break }
            if child + 1 < entries.count, entries[child + 1].key < entries[child].key { child += 1 }
            if last.key <= entries[child].key { break }
            entries[parent] = entries[child]
            parent = child
        }
        entries[parent] = last
        return top
    }
}
