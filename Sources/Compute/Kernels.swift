import CKernels

extension ElementType {
    /// The kernels' number of this type (CKernels.h).
    package var kernelCode: Int32 {
        switch self {
        case .f32: Int32(CK_F32)
        case .f16: Int32(CK_F16)
        case .bf16: Int32(CK_BF16)
        case .q8_0: Int32(CK_Q8_0)
        case .q4_1: Int32(CK_Q4_1)
        case .q4_0: Int32(CK_Q4_0)
        case .q5_0: Int32(CK_Q5_0)
        case .q5_1: Int32(CK_Q5_1)
        case .q4_k: Int32(CK_Q4_K)
        case .q5_k: Int32(CK_Q5_K)
        case .q6_k: Int32(CK_Q6_K)
        }
    }

    /// `count` stored elements as f32; nil when `bytes` is not exactly that many elements of this type.
    package func dequantise(_ bytes: UnsafeRawBufferPointer, count: Int) -> [Float]? {
        guard let expected = rowBytes(count), expected == bytes.count else { return nil }
        guard let base = bytes.baseAddress, count > 0 else { return [] }
        return [Float](unsafeUninitializedCapacity: count) { out, initialised in
            ck_dequantise_row(base, kernelCode, count, out.baseAddress)
            initialised = count
        }
    }
}
