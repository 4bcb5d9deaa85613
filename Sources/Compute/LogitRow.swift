import CKernels

/// One row of logits [vocabulary], read without copying. Valid while the buffer it came from is.
package struct LogitRow {
    private let base: UnsafePointer<Float>
    /// Tokens of the vocabulary.
    package let count: Int

    /// Row `row` of a buffer [rows, count].
    package init(_ buffer: FloatBuffer, row: Int, count: Int) {
        precondition(row >= 0 && count > 0 && (row + 1) * count <= buffer.count)
        base = UnsafePointer(buffer.pointer + row * count)
        self.count = count
    }

    /// The logit of a token in 0..<count.
    package subscript(_ index: Int) -> Float {
        precondition(index >= 0 && index < count)
        return base[index]
    }

    /// What turns its logits into log-probabilities at a temperature.
    package func logSum(temperature: Float = 1) -> LogSum { LogSum(base, count: count, temperature: temperature) }

    /// Entropy of the distribution that `sum` was taken at, in nats.
    package func entropy(_ sum: LogSum) -> Float { ck_entropy(base, count, sum.inverse, sum.parts) }

    /// Probabilities [vocabulary] at the temperature that `sum` was taken at.
    package func probabilities(_ sum: LogSum) -> [Float] {
        [Float](unsafeUninitializedCapacity: count) { out, initialised in
            ck_softmax(base, count, sum.inverse, sum.parts, out.baseAddress)
            initialised = count
        }
    }

    /// Log-probabilities [vocabulary] at temperature 1.
    package func logProbabilities() -> [Float] {
        let sum = logSum()
        return (0..<count).map { sum.logprob(of: base[$0]) }
    }

    /// The lowest index among the largest logits.
    package var argmax: Int {
        var best = 0
        for index in 1..<count where base[index] > base[best] { best = index }
        return best
    }

    /// The first logit that is infinite or no number; nil where all are finite.
    package var notFinite: Float? {
        let place = ck_first_not_finite(base, count)
        return place < 0 ? nil : base[place]
    }
}
