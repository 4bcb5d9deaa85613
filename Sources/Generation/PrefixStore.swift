import Tokenizers
import Transformer

/// Token sequences whose keys and values are still in memory, the newest last. What a new sequence has in common
/// with one of them is not computed again.
struct PrefixStore {
    private var entries: [(tokens: [TokenID], path: KVPath)] = []
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// The path of the longest kept prefix of `tokens`, at most `atMost` long.
    func longestMatch(_ tokens: [TokenID], atMost: Int) -> KVPath {
        var best = KVPath()
        for entry in entries.reversed() {
            let length = min(atMost, entry.path.count, commonPrefix(tokens, entry.tokens))
            if length > best.count { best = entry.path.prefix(length) }
            if best.count == atMost { break }
        }
        return best
    }

    /// Keeps a computed sequence: the first `path.count` of `tokens`.
    mutating func keep(_ tokens: [TokenID], _ path: KVPath) {
        entries.append((tokens, path))
        if entries.count > limit { entries.removeFirst(entries.count - limit) }
    }

    mutating func dropOldest() { if !entries.isEmpty { entries.removeFirst() } }

    mutating func removeAll() { entries.removeAll() }

    var isEmpty: Bool { entries.isEmpty }
}

func commonPrefix(_ a: [TokenID], _ b: [TokenID]) -> Int {
    let shorter = min(a.count, b.count)
    var length = 0
    while length < shorter, a[length] == b[length] { length += 1 }
    return length
}
