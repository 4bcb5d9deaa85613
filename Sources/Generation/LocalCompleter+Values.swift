import Compute
import Tokenizers
import Transformer

extension LocalCompleter {
    /// What `head` says after the token at each of `positions`, sequence by sequence. Nothing behind a sequence's last
    /// wanted position is read. Sequences with common prefixes are computed once.
    /// - Parameter progress: called with the tokens computed so far and all there are.
    /// - Throws: ``GenerationError``, also when cancelled; `TransformerError` for a token outside the vocabulary.
    package func values(
        _ sequences: [(ids: [TokenID], positions: [Int])], head: ValueHead, cancellation: Cancellation,
        progress: ((Int, Int) -> Void)? = nil
    ) throws -> [[Float]] {
        for (ids, positions) in sequences {
            let needed = (positions.max() ?? -1) + 1
            precondition((positions.min() ?? 0) >= 0 && needed <= ids.count)
            guard needed <= contextLength else {
                throw GenerationError.contextTooLong(prompt: needed, maxTokens: 0, limit: contextLength)
            }
        }
        return try Cores.shared.withPrecedence(priority) {
            let (plan, places) = try exclusively { try self.plan(sequences) }
            let found = try run(plan, head: head, cancellation: cancellation, progress: progress)
            return try places.map {
                try $0.map { place in
                    guard let value = found[place] else {
                        preconditionFailure("a value that was planned was not computed")
                    }
                    guard value.isFinite else { throw notANumber(value, token: place.position + 1, head: head) }
                    return value
                }
            }
        }
    }

    private func plan(_ sequences: [(ids: [TokenID], positions: [Int])]) throws -> (ValuePlan, [[ValuePlan.Place]]) {
        var plan = ValuePlan()
        for (ids, positions) in sequences {
            guard let first = positions.min(), let last = positions.max() else { continue }
            let tokens = Array(ids[...last])
            // Keys and values are kept from call to call, hidden states are not: a wanted position must be computed.
            let kept = sharesPrefixes ? store.longestMatch(tokens, atMost: first) : KVPath()
            try plan.add(tokens, first: first, kept: kept, shares: sharesPrefixes) { try cache.extended($0, by: $1) }
        }
        let places = plan.want(sequences.map(\.positions))
        return (plan, places)
    }

    private func run(
        _ plan: ValuePlan, head: ValueHead, cancellation: Cancellation, progress: ((Int, Int) -> Void)?
    ) throws -> [ValuePlan.Place: Float] {
        var found: [ValuePlan.Place: Float] = [:]
        let work = plan.pieces(of: Self.chunkRows)
        let total = work.reduce(0) { $0 + $1.positions.count }
        var next = 0, done = 0
        while next < work.count {
            if cancellation.isCancelled { throw GenerationError.cancelled }
            var segments: [Segment] = [], wanted: [(place: ValuePlan.Place, row: Int)] = []
            var rows = 0
            while next < work.count, rows == 0 || rows + work[next].positions.count <= Self.chunkRows {
                let (entry, positions) = work[next]
                segments.append(plan.segment(entry, positions))
                for position in plan.entries[entry].wanted where positions.contains(position) {
                    wanted.append(
                        (ValuePlan.Place(entry: entry, position: position), rows + position - positions.lowerBound))
                }
                rows += positions.count
                next += 1
            }
            let values = try exclusively {
                head.values(try model.forward(segments, cache: cache, scratch: scratch), rows: wanted.map(\.row))
            }
            for (item, value) in zip(wanted, values) { found[item.place] = value }
            done += rows
            progress?(done, total)
        }
        if sharesPrefixes { exclusively { for entry in plan.entries { store.keep(entry.tokens, entry.path) } } }
        return found
    }
}

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
