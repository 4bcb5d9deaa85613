import CKernels
import Compute

/// The inference kernels, called on plain row-major f32 buffers, as training's are. Their bits do not depend on how
/// rows are batched, so what is computed here is what generation computed.
enum ForwardKernels {
    /// out[rows, outputs] = x[rows, inputs] · weight[outputs, inputs]ᵀ + bias.
    /// - Parameter ldy: floats from row to row of `out`; nil: `outputs`.
    static func linear(
        rows: Int, inputs: Int, outputs: Int, _ x: UnsafePointer<Float>, _ weight: UnsafePointer<Float>,
        bias: UnsafePointer<Float>? = nil, into out: UnsafeMutablePointer<Float>, ldy: Int? = nil
    ) {
        let ldy = ldy ?? outputs
        ck_linear(x, rows, inputs, weight, ElementType.f32.kernelCode, inputs, 4 * inputs, outputs, out, ldy, nil)
        guard let bias else { return }
        for row in 0..<rows { ck_add(outputs, bias, out + row * ldy) }
    }
}
