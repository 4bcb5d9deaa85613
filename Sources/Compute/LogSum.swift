import CKernels

/// The normaliser of a row of logits z at temperature T, in the two parts in which it loses nothing:
///
///     top = max z,   rest = log Σ exp((z - top) / T),   log p = (z - top) / T - rest
///
/// z / T - log Σ exp(z / T) is the same number, but in f32 it is a small difference of two large ones: near p = 1
/// little of it is right. Sampling, scoring and training all take their log-probabilities from here, so that theirs are
/// the same bits.
package struct LogSum: Sendable, Equatable {
    /// max z in logits, and log Σ exp((z - top) / T) in nats, at least 0.
    package let top, rest: Float
    /// 1 / T.
    package let inverse: Float

    /// Of parts that are known.
    package init(top: Float, rest: Float, inverse: Float = 1) {
        (self.top, self.rest, self.inverse) = (top, rest, inverse)
    }

    /// - Parameter logits: [count].
    package init(_ logits: UnsafePointer<Float>, count: Int, temperature: Float) {
        inverse = 1 / temperature
        let sum = ck_log_sum_exp(logits, count, inverse)
        (top, rest) = (sum.top, sum.rest)
    }

    /// log p of a token whose logit is `logit`, in nats.
    package func logprob(of logit: Float) -> Float { (logit - top) * inverse - rest }

    /// As the kernels take it.
    package var parts: ck_log_sum { ck_log_sum(top: top, rest: rest) }
}
