import CKernels

/// An RMS norm over rows of one width, without its weight: out = x · (weight + shift) / sqrt(mean(x²) + epsilon).
struct RMSNorm {
    let width: Int
    let epsilon, shift: Float

    /// out[rows, width] of x[rows, width] and weight [width]; `out` may be `x`.
    func forward(
        rows: Int, _ x: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>
    ) {
        for row in 0..<rows { _ = ck_rms_norm(x + row * width, weight, width, epsilon, shift, out + row * width) }
    }

    /// Adds the gradients of x and of the weight, given `dy` of what ``forward(rows:_:_:into:)`` made.
    func backward(
        rows: Int, _ x: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, dy: UnsafePointer<Float>,
        dx: UnsafeMutablePointer<Float>, dweight: UnsafeMutablePointer<Float>
    ) {
        ck_rmsnorm_backward(rows, width, epsilon, shift, x, weight, dy, dx, dweight)
    }
}

extension Configuration {
    /// The norm of rows of `width`, or of heads.
    func norm(_ width: Int) -> RMSNorm {
        RMSNorm(width: width, epsilon: Float(rmsEpsilon), shift: architecture.normShift)
    }
}
