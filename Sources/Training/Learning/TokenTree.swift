import Tokenizers
import Transformer

/// Sequences laid out as the tree of their common beginnings: what several have in common is one run of rows, computed
/// once in the forward and in the backward pass.
package struct TokenTree {
    /// A sequence with the range of its tokens that are scored (1 or later: the first has nothing before it).
    package struct Sequence {
        /// All that is read, in order.
        package var ids: [TokenID]
        /// Of `ids`, what is in the loss.
        package var scored: Range<Int>

        package init(ids: [TokenID], scored: Range<Int>) { (self.ids, self.scored) = (ids, scored) }
    }

    /// A sequence with the positions at which its value is read.
    package struct Valued {
        /// All that is read, in order.
        package var ids: [TokenID]
        /// Of `ids`, after which a value is read.
        package var positions: [Int]

        package init(ids: [TokenID], positions: [Int]) { (self.ids, self.positions) = (ids, positions) }
    }

    private(set) var batch = TrainingBatch()
    private let lists: [ArraySlice<TokenID>]
    /// For each list the row of each of its tokens.
    private var rows: [[Int]]

    /// - Returns: A batch whose targets are the scored tokens, sequence after sequence. A sequence's last token is only
    ///   ever predicted and has no row.
    package static func batch(_ sequences: [Sequence]) -> TrainingBatch {
        var tree = TokenTree(sequences.map { $0.ids.dropLast() })
        for (index, sequence) in sequences.enumerated() {
            for token in sequence.scored { tree.batch.target(sequence.ids[token], after: tree.rows[index][token - 1]) }
        }
        return tree.batch
    }

    /// - Returns: A batch whose values are those at the positions, sequence after sequence.
    package static func batch(_ sequences: [Valued]) -> TrainingBatch {
        var tree = TokenTree(sequences.map { $0.ids[...] })
        for (index, sequence) in sequences.enumerated() {
            for position in sequence.positions { tree.batch.value(after: tree.rows[index][position]) }
        }
        return tree.batch
    }

    private init(_ lists: [ArraySlice<TokenID>]) {
        self.lists = lists
        rows = lists.map { _ in [] }
        grow(Array(lists.indices), from: 0, below: nil)
    }

    /// Lays out the tokens from `start` on of sequences that agree up to there.
    private mutating func grow(_ members: [Int], from start: Int, below parent: Int?) {
        for group in groups(members, at: start) {
            let first = lists[group[0]]
            var end = first.count
            for member in group.dropFirst() {
                let list = lists[member]
                end = min(end, list.count)
                end = (start..<end).first { list[$0] != first[$0] } ?? end
            }
            let segment = batch.append(first[start..<end], after: parent)
            for member in group { rows[member] += batch.segments[segment].rows }
            grow(group, from: end, below: segment)
        }
    }

    /// The members that go on at `start`, those with the same token there together, in order of first appearance.
    private func groups(_ members: [Int], at start: Int) -> [[Int]] {
        var order: [TokenID] = [], groups: [TokenID: [Int]] = [:]
        for member in members where start < lists[member].count {
            let token = lists[member][start]
            if groups[token] == nil { order.append(token) }
            groups[token, default: []].append(member)
        }
        return order.compactMap { groups[$0] }
    }
}
