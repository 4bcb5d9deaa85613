/// How a tensor's numbers are stored. Quantised types come in blocks along the contiguous dimension
/// (layouts: ggml's `ggml-common.h`); every kernel dequantises to f32 and accumulates in f32.
package enum ElementType: String, Sendable, Codable, CaseIterable {
    case f32, f16, bf16
    case q8_0, q4_1, q4_0, q5_0, q5_1
    case q4_k, q5_k, q6_k

    /// Elements in one block; rows must be a multiple of it.
    package var blockElements: Int {
        switch self {
        case .f32, .f16, .bf16: 1
        case .q8_0, .q4_1, .q4_0, .q5_0, .q5_1: 32
        case .q4_k, .q5_k, .q6_k: 256
        }
    }

    /// Bytes of one block.
    package var blockBytes: Int {
        switch self {
        case .f32: 4
        case .f16, .bf16: 2
        case .q8_0: 34
        case .q4_1: 20
        case .q4_0: 18
        case .q5_0: 22
        case .q5_1: 24
        case .q4_k: 144
        case .q5_k: 176
        case .q6_k: 210
        }
    }

    /// Bytes of a row of `elements`, or nil when the row is not whole blocks or the size overflows.
    package func rowBytes(_ elements: Int) -> Int? {
        guard elements >= 0, elements % blockElements == 0 else { return nil }
        let (bytes, overflow) = (elements / blockElements).multipliedReportingOverflow(by: blockBytes)
        return overflow ? nil : bytes
    }
}
