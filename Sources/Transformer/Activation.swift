import CKernels

/// What the MLP does to its gate before it multiplies the other half.
package enum Activation: Sendable, Equatable {
    /// x · sigmoid(x).
    case silu
    /// GELU in its approximation by tanh: x / 2 · (1 + tanh(√(2/π) (x + 0.044715 x³))).
    case geluTanh

    /// What transformers calls it.
    package var name: String {
        switch self {
        case .silu: "silu"
        case .geluTanh: "gelu_pytorch_tanh"
        }
    }

    /// gate = f(gate) · up, `count` floats.
    func multiply(_ count: Int, _ gate: UnsafeMutablePointer<Float>, _ up: UnsafePointer<Float>) {
        switch self {
        case .silu: ck_silu_multiply(gate, up, count)
        case .geluTanh: ck_gelu_multiply(gate, up, count)
        }
    }

    /// Of m = f(gate) · up: fills m, and replaces gate and up by their gradients.
    func backward(
        _ count: Int, dm: UnsafePointer<Float>, gate: UnsafeMutablePointer<Float>, up: UnsafeMutablePointer<Float>,
        m: UnsafeMutablePointer<Float>
    ) {
        switch self {
        case .silu: ck_silu_mul_backward(count, dm, gate, up, m)
        case .geluTanh: ck_gelu_mul_backward(count, dm, gate, up, m)
        }
    }
}
