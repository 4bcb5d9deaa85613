import CKernels

/// One row of logits [vocabulary], read without copying. Valid while the buffer it came from is.
public struct LogitRow {
    private let base: UnsafePointer<Float>
    public let count: Int

    /// Row `row` of a buffer [rows, count].
    public init(_ buffer: FloatBuffer, row: Int, count: Int) {
        precondition(row >= 0 && count > 0 && (row + 1) * count <= buffer.count)
        base = UnsafePointer(buffer.pointer + row * count)
        self.count = count
    }

    public subscript(_ index: Int) -> Float {
        precondition(index >= 0 && index < count)
        return base[index]
    }

    /// What turns its logits into log-probabilities at a temperature.
    public func logSum(temperature: Float = 1) -> LogSum { LogSum(base, count: count, temperature: temperature) }

    /// Entropy of the distribution that `sum` was taken at, in nats.
    public func entropy(_ sum: LogSum) -> Float { ck_entropy(base, count, sum.inverse, sum.parts) }

    /// Probabilities [vocabulary] at the temperature that `sum` was taken at.
    public func probabilities(_ sum: LogSum) -> [Float] {
        [Float](unsafeUninitializedCapacity: count) { out, initialised in
            ck_softmax(base, count, sum.inverse, sum.parts, out.baseAddress)
            initialised = count
        }
    }

    /// Log-probabilities [vocabulary] at temperature 1.
    public func logProbabilities() -> [Float] {
        let sum = logSum()
        return (0..<count).map { sum.logprob(of: base[$0]) }
    }

    /// The lowest index among the largest logits.
    public var argmax: Int {
        var best = 0
        for index in 1..<count where base[index] > base[best] { best = index }
        return best
    }

    /// The first logit that is infinite or no number; nil where all are finite.
    public var notFinite: Float? {
        let place = ck_first_not_finite(base, count)
        return place < 0 ? nil : base[place]
    }
}
