import Checkpoints
import Compute
import Foundation
import Testing
import Tokenizers
import Training
import Transformer

/// The tree that REINFORCE trains on against its sequences one by one.
@Suite struct TokenTreeTests {
    private let trunk: [TokenID] = (0..<70).map { TokenID(($0 * 37 + 11) % 300) }

    /// `prefixes` beginnings of one solution with a suffix and four chains each, of which two are alike.
    private func sequences(_ prefixes: Int) -> [TokenTree.Sequence] {
        (0..<prefixes).flatMap { prefix -> [TokenTree.Sequence] in
            let prompt = Array(trunk.prefix(20 + 3 * prefix)) + [301, 302, 303]
            return (0..<4).map { chain in
                let kind = chain == 3 ? 0 : chain
                let ids = (0..<9 + kind).map { TokenID((prefix * 5 + ($0 < 4 ? 0 : kind) * 17 + $0 * 7) % 300) }
                return TokenTree.Sequence(ids: prompt + ids, scored: prompt.count..<prompt.count + ids.count)
            }
        }
    }

    private func slopes(_ sequences: [TokenTree.Sequence]) -> [[Float]] {
        sequences.enumerated().map { index, sequence in
            sequence.scored.map { _ in Float(sin(Double(index * 3 + 1))) / 50 }
        }
    }

    @Test("gradients of the tree equal those of separate sequences", arguments: [1, 8, 16], [false, true])
    func gradientsEqualSeparateSequences(_ prefixes: Int, windows: Bool) throws {
        let sequences = sequences(prefixes), slopes = slopes(sequences)
        let model = try TrainableModel(Support.checkpoint(windows: windows).model)
        let tree = TokenTree.batch(sequences)
        #expect(tree.rows < sequences.reduce(0) { $0 + $1.ids.count } / 3)
        try model.forward(tree)
        let treeScores = try model.backward(TargetCoefficients(logprobs: slopes.flatMap { $0 }), temperature: 0.8)
            .logprobs
        let together = model.gradients.array
        model.clearGradients()
        var separate: [Float] = []
        for (sequence, slopes) in zip(sequences, slopes) {
            var batch = TrainingBatch()
            batch.appendSequence(sequence.ids, scored: sequence.scored)
            try model.forward(batch)
            separate += try model.backward(TargetCoefficients(logprobs: slopes), temperature: 0.8).logprobs
        }
        #expect(treeScores == separate, "the same rows have the same bits")
        let alone = model.gradients.array
        let difference = zip(together, alone).reduce(0.0) { $0 + pow(Double($1.0 - $1.1), 2) }.squareRoot()
        let size = alone.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        #expect(difference < 1e-5 * size, "\(difference / size) at K = \(prefixes)")
    }

    @Test func everyRowIsThereOnce() {
        let sequences = sequences(8)
        let tree = TokenTree.batch(sequences)
        var beginnings: Set<[TokenID]> = []
        for sequence in sequences {
            for end in 1..<sequence.ids.count { beginnings.insert(Array(sequence.ids[..<end])) }
        }
        #expect(tree.rows == beginnings.count)
        #expect(tree.targets.map(\.token) == sequences.flatMap { $0.ids[$0.scored] })
    }

    @Test("point 32: each target follows its own sequence's tokens, whatever else is in the tree")
    func targetsFollowTheirOwnSequence() {
        let sequences = sequences(5)
        let tree = TokenTree.batch(sequences)
        var target = 0
        for sequence in sequences {
            for place in sequence.scored {
                let row = tree.targets[target].row
                let segment = tree.segments.firstIndex { $0.rows.contains(row) } ?? -1
                let path = tree.path(of: segment).flatMap { $0 }.prefix {
                    $0 <= row || !tree.segments[segment].rows.contains($0)
                }
                #expect(path.map { tree.ids[$0] } == Array(sequence.ids[..<place]))
                target += 1
            }
        }
    }

    @Test func passesKeepGroupsTogetherAndLeaveOutWhatPushesNothing() {
        let groups = (0..<3).map { group in sequences(2).map { WeightedChain(sequence: $0, push: group == 1 ? 0 : 1) } }
        let rows = TokenTree.batch(sequences(2)).rows
        #expect(WeightedChain.passes(groups, limit: 2 * rows).map(\.count) == [16])
        #expect(WeightedChain.passes(groups, limit: rows).map(\.count) == [8, 8])
        #expect(WeightedChain.passes(groups, limit: 1).map(\.count) == [8, 8])
        #expect(WeightedChain.passes([[WeightedChain(sequence: sequences(1)[0], push: 0)]], limit: 9).isEmpty)
    }
}
