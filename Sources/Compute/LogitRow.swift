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

    /// log Σ exp(logit / temperature).
    public func logSumExp(temperature: Float = 1) -> Float { ck_log_sum_exp(base, count, 1 / temperature) }

    /// Entropy of the distribution at temperature 1, in nats, given its log-sum-exp.
    public func entropy(logSumExp: Float) -> Float { ck_entropy(base, count, 1, logSumExp) }

    /// Probabilities at a temperature, given the log-sum-exp at it.
    public func probabilities(temperature: Float = 1, logSumExp: Float) -> [Float] {
        [Float](unsafeUninitializedCapacity: count) { out, initialised in
            ck_softmax(base, count, 1 / temperature, logSumExp, out.baseAddress)
            initialised = count
        }
    }

    /// Log-probabilities at temperature 1.
    public func logProbabilities() -> [Float] {
        let lse = logSumExp()
        return (0..<count).map { base[$0] - lse }
    }

    /// The lowest index among the largest logits.
    public var argmax: Int {
        var best = 0
        for index in 1..<count where base[index] > base[best] { best = index }
        return best
    }
}
