import Tokenizers
import Transformer

/// Which positions of which sequences are computed, so that each common prefix is once, and where each wanted value
/// then comes from.
struct ValuePlan {
    struct Place: Hashable {
        var entry: Int
        var position: Int
    }

    struct Entry {
        let tokens: [TokenID]
        let path: KVPath
        /// Positions from here on are computed for this entry.
        let start: Int
        /// The earlier entry that this one continues at `start`; nil where it continues what was kept, or nothing.
        let parent: Int?
        /// The first position along this entry that is computed in this call, by itself or by an ancestor.
        let fresh: Int
        var wanted: Set<Int> = []
    }

    private(set) var entries: [Entry] = []

    /// Adds a sequence whose first wanted position is `first`, of which `kept` need not be computed.
    mutating func add(
        _ tokens: [TokenID], first: Int, kept: KVPath, shares: Bool, extend: (KVPath, Int) throws -> KVPath
    ) rethrows {
        var (start, parent) = (kept, Int?.none)
        for index in entries.indices.reversed() where shares {
            let entry = entries[index]
            // Where this entry was not computed in this call, its hidden states are not to be had.
            let limit = first >= entry.fresh ? tokens.count : first
            let length = min(limit, commonPrefix(tokens, entry.tokens))
            if length > start.count { (start, parent) = (entry.path.prefix(length), index) }
        }
        entries.append(
            Entry(
                tokens: tokens, path: try extend(start, tokens.count - start.count), start: start.count, parent: parent,
                fresh: parent.map { min(entries[$0].fresh, start.count) } ?? start.count))
    }

    /// Notes what is wanted, with its owner. `positions` has the sequences in the order added, and empty ones that were
    /// not.
    mutating func want(_ positions: [[Int]]) -> [[Place]] {
        var next = -1
        return positions.map { wanted in
            if !wanted.isEmpty { next += 1 }
            return wanted.map { position in
                var owner = next
                while position < entries[owner].start, let parent = entries[owner].parent { owner = parent }
                entries[owner].wanted.insert(position)
                return Place(entry: owner, position: position)
            }
        }
    }

    /// All that is to be computed, in order, in pieces of at most `rows` positions.
    func pieces(of rows: Int) -> [(entry: Int, positions: Range<Int>)] {
        entries.indices.flatMap { index in
            let entry = entries[index]
            return stride(from: entry.start, to: entry.tokens.count, by: rows).map {
                (index, $0..<min($0 + rows, entry.tokens.count))
            }
        }
    }

    func segment(_ entry: Int, _ positions: Range<Int>) -> Segment {
        Segment(tokens: Array(entries[entry].tokens[positions]), path: entries[entry].path.prefix(positions.upperBound))
    }
}
