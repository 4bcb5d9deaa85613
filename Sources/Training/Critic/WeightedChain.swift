/// A chain's tokens with what the loss pushes each of them by: weight · advantage.
package struct WeightedChain {
    package var sequence: TokenTree.Sequence
    package var push: Double

    package init(sequence: TokenTree.Sequence, push: Double) { (self.sequence, self.push) = (sequence, push) }

    /// Groups (a rollout's chains each) packed in order into passes of at most `limit` rows of their trees; a larger
    /// group is alone. Chains with nothing to push are left out.
    package static func passes(_ groups: [[WeightedChain]], limit: Int) -> [[WeightedChain]] {
        var passes: [[WeightedChain]] = [], pass: [WeightedChain] = [], rows = 0
        for group in groups {
            let useful = group.filter { $0.push != 0 && !$0.sequence.scored.isEmpty }
            guard !useful.isEmpty else { continue }
            let size = TokenTree.batch(useful.map(\.sequence)).rows
            if rows > 0, rows + size > limit {
                passes.append(pass)
                (pass, rows) = ([], 0)
            }
            pass += useful
            rows += size
        }
        return pass.isEmpty ? passes : passes + [pass]
    }
}
