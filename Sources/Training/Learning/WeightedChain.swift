/// A chain's tokens with what the loss pushes each of them by: weight · advantage.
package struct WeightedChain {
    /// The prompt with the chain behind it.
    package var sequence: TokenTree.Sequence
    /// What each of the chain's tokens is weighted by in the loss: its advantage with its share.
    package var push: Double

    package init(sequence: TokenTree.Sequence, push: Double) { (self.sequence, self.push) = (sequence, push) }

    /// Groups (a rollout's chains each) packed in order into passes of at most `limit` rows of their trees; a larger
    /// group is alone. Chains with nothing to push are left out.
    package static func passes(_ groups: [[WeightedChain]], limit: Int) -> [[WeightedChain]] {
        let useful = groups.map { $0.filter { $0.push != 0 && !$0.sequence.scored.isEmpty } }.filter { !$0.isEmpty }
        return packed(useful, limit: limit) { TokenTree.batch($0.map(\.sequence)).rows }.map { $0.flatMap { $0 } }
    }
}
