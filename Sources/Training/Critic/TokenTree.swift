import Tokenizers
import Transformer

/// Sequences laid out as the tree of their common beginnings: what several have in common is one run of rows, computed
/// once in the forward and in the backward pass.
package struct TokenTree {
    /// A sequence with the range of its tokens that are scored (1 or later: the first has nothing before it).
    package struct Sequence {
        package var ids: [TokenID]
        package var scored: Range<Int>

        package init(ids: [TokenID], scored: Range<Int>) { (self.ids, self.scored) = (ids, scored) }
    }

    private(set) var batch = TrainingBatch()
    private let sequences: [Sequence]
    /// For each sequence the row of each of its tokens but the last, which is only ever predicted.
    private var rows: [[Int]]

    /// - Returns: A batch whose targets are the scored tokens, sequence after sequence.
    package static func batch(_ sequences: [Sequence]) -> TrainingBatch {
        var tree = TokenTree(sequences)
        tree.grow(Array(sequences.indices), from: 0, below: nil)
        for (index, sequence) in sequences.enumerated() {
            for token in sequence.scored { tree.batch.target(sequence.ids[token], after: tree.rows[index][token - 1]) }
        }
        return tree.batch
    }

    private init(_ sequences: [Sequence]) {
        self.sequences = sequences
        rows = sequences.map { _ in [] }
    }

    /// Lays out the tokens from `start` on of sequences that agree up to there.
    private mutating func grow(_ members: [Int], from start: Int, below parent: Int?) {
        for group in groups(members, at: start) {
            let first = sequences[group[0]].ids
            var end = sequences[group[0]].ids.count - 1
            for member in group.dropFirst() {
                let ids = sequences[member].ids
                end = min(end, ids.count - 1)
                end = (start..<end).first { ids[$0] != first[$0] } ?? end
            }
            let segment = batch.append(first[start..<end], after: parent)
            for member in group { rows[member] += batch.segments[segment].rows }
            grow(group, from: end, below: segment)
        }
    }

    /// The members that go on at `start`, those with the same token there together, in order of first appearance.
    private func groups(_ members: [Int], at start: Int) -> [[Int]] {
        var order: [TokenID] = [], groups: [TokenID: [Int]] = [:]
        for member in members where start < sequences[member].ids.count - 1 {
            let token = sequences[member].ids[start]
            if groups[token] == nil { order.append(token) }
            groups[token, default: []].append(member)
        }
        return order.compactMap { groups[$0] }
    }
}
