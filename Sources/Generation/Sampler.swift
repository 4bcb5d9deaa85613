import Compute
import Tokenizers

/// Draws one token from a row of logits. Filters run in the order temperature, top-k, top-p, min-p.
struct Sampler {
    let sampling: Sampling
    let key: RandomKey

    /// - Parameter step: how many tokens of this completion came before; it is the random counter.
    /// - Returns: the token and its log-probability in the whole distribution at the sampling temperature (greedy: 1).
    func draw(_ row: LogitRow, step: Int) -> (id: TokenID, logprob: Float) {
        guard sampling.temperature > 0 else {
            let best = row.argmax
            return (TokenID(best), row.logSum().logprob(of: row[best]))
        }
        let sum = row.logSum(temperature: Float(sampling.temperature))
        let probabilities = row.probabilities(sum)
        let uniform = key.uniform(UInt64(step))
        let chosen = filters ? pickFiltered(probabilities, uniform) : pick(probabilities, uniform)
        return (TokenID(chosen), sum.logprob(of: row[chosen]))
    }

    private var filters: Bool {
        sampling.topK > 0 || sampling.topP < 1 || sampling.minP > 0
    }

    private func pick(_ probabilities: [Float], _ uniform: Double) -> Int {
        var total = 0.0
        for p in probabilities { total += Double(p) }
        var left = uniform * total
        for (index, p) in probabilities.enumerated() {
            left -= Double(p)
            if left < 0 { return index }
        }
        return probabilities.lastIndex { $0 > 0 } ?? 0
    }

    private func pickFiltered(_ probabilities: [Float], _ uniform: Double) -> Int {
        let largest = probabilities.max() ?? 0
        // Without top-k, tokens below the floor hold less than 1 - topP together, so the nucleus never reaches them.
        let least = Float(sampling.minP) * largest
        let floor =
            sampling.topK > 0
            ? topKFloor(probabilities) : max(least, Float((1 - sampling.topP) / Double(probabilities.count)))
        var candidates = probabilities.indices.filter { probabilities[$0] >= floor && probabilities[$0] > 0 }
        candidates.sort { (-probabilities[$0], $0) < (-probabilities[$1], $1) }
        if sampling.topK > 0 { candidates.removeLast(max(0, candidates.count - sampling.topK)) }
        if sampling.topP < 1 { candidates.removeLast(candidates.count - nucleusSize(candidates, probabilities)) }
        candidates.removeLast(candidates.reversed().prefix { probabilities[$0] < least }.count)
        var left = uniform * candidates.reduce(0.0) { $0 + Double(probabilities[$1]) }
        for index in candidates {
            left -= Double(probabilities[index])
            if left < 0 { return index }
        }
        return candidates.last ?? 0
    }

    /// A probability that at least topK tokens reach and few more: the k-th largest with its last bits cut off.
    /// Counting into bins is one pass where sorting the vocabulary is many.
    private func topKFloor(_ probabilities: [Float]) -> Float {
        let shift = 20
        var counts = [Int](repeating: 0, count: 1 << (32 - shift))
        for p in probabilities { counts[Int(p.bitPattern >> shift)] += 1 }
        var held = 0
        for bin in counts.indices.reversed() {
            held += counts[bin]
            if held >= sampling.topK { return Float(bitPattern: UInt32(bin) << shift) }
        }
        return 0
    }

    /// The fewest leading candidates whose share of the candidates' mass reaches topP (at least one).
    private func nucleusSize(_ candidates: [Int], _ probabilities: [Float]) -> Int {
        let mass = sampling.topK > 0 ? candidates.reduce(0.0) { $0 + Double(probabilities[$1]) } : 1
        var held = 0.0
        for (count, index) in candidates.enumerated() {
            held += Double(probabilities[index])
            if held >= sampling.topP * mass { return count + 1 }
        }
        return candidates.count
    }
}
