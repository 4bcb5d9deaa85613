import CKernels
import Compute

extension Model {
    /// One part of a fused linear step: a weight [n, k], an optional bias [n], and where its output [rows, n] goes.
    typealias LinearPart = (weight: WeightMatrix, bias: FloatBuffer?, out: UnsafeMutablePointer<Float>)

    /// out = x · weightᵀ + bias for each part, all parts in one piece of parallel work. x is [rows, columns].
    /// - Throws: ``ComputeError/outOfMemory(bytes:)``.
    func linear(_ x: UnsafePointer<Float>, rows: Int, _ parts: [LinearPart], scratch: ForwardScratch) throws {
        guard rows > 0 else { return }
        var chunks: [(part: Int, range: Range<Int>)] = []
        for (index, part) in parts.enumerated() {
            let grain = Self.grain(outputs: part.weight.rows)
            for first in stride(from: 0, to: part.weight.rows, by: grain) {
                chunks.append((index, first..<min(first + grain, part.weight.rows)))
            }
        }
        let widest = parts.reduce(0) { max($0, ck_linear_scratch($1.weight.columns)) }
        let base = try scratch.buffer(.dequantised, widest * Cores.shared.threads).pointer
        Cores.shared.parallel(chunks.count) { chunk, worker in
            let (index, range) = chunks[chunk]
            let (weight, bias, out) = parts[index]
            ck_linear(
                x, rows, weight.columns, weight.start + range.lowerBound * weight.rowBytes, weight.type.kernelCode,
                weight.columns,
                weight.rowBytes, range.count, out + range.lowerBound, weight.rows, base + worker * widest)
            if let bias {
                for row in 0..<rows {
                    let target = out + row * weight.rows
                    for n in range { target[n] += bias.pointer[n] }
                }
            }
        }
    }

    /// Outputs per chunk: enough chunks to share evenly, few enough that handing them out costs nothing.
    private static func grain(outputs: Int) -> Int {
        max(32, min(1024, (outputs / (4 * Cores.shared.threads) + 31) / 32 * 32))
    }
}
