import Compute

/// Which rows each step learns from: a pure function of the seed and the step, so that a resumed run goes on exactly.
package struct RowOrder {
    let count: Int
    let batch: Int
    let seed: UInt64?

    /// The last one may be smaller than the others.
    package var stepsPerEpoch: Int { (count + batch - 1) / batch }

    private var cached: (epoch: Int, rows: [Int])?

    /// - Parameter seed: of the shuffles, another for each epoch; nil: the rows' own order.
    package init(count: Int, batch: Int, seed: UInt64?) {
        (self.count, self.batch, self.seed) = (count, batch, seed)
    }

    /// Rows of step `step`, counted from 0. The last step of an epoch takes what is left.
    package mutating func rows(_ step: Int) -> ArraySlice<Int> {
        let epoch = step / stepsPerEpoch, first = step % stepsPerEpoch * batch
        let order = cached?.epoch == epoch ? cached?.rows ?? [] : permutation(epoch)
        cached = (epoch, order)
        return order[first..<min(first + batch, count)]
    }

    private func permutation(_ epoch: Int) -> [Int] {
        var order = Array(0..<count)
        guard let seed else { return order }
        let key = RandomKey(seed: seed, purpose: .shuffle, iteration: UInt64(epoch))
        for index in stride(from: count - 1, to: 0, by: -1) {
            order.swapAt(index, key.index(below: index + 1, UInt64(index)))
        }
        return order
    }
}
