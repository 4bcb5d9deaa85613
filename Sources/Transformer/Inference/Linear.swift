import CKernels
import Compute

extension Model {
    /// One part of a fused linear step: a weight [n, k], an optional bias [n], and where its output [rows, n] goes.
    typealias LinearPart = (weight: WeightMatrix, bias: FloatBuffer?, out: UnsafeMutablePointer<Float>)

    /// out = x · weightᵀ + bias for each part, all parts in one piece of parallel work. x is [rows, columns].
    /// - Throws: ``ComputeError/outOfMemory(bytes:)``.
    func linear(_ x: UnsafePointer<Float>, rows: Int, _ parts: [LinearPart], scratch: ForwardScratch) throws {
        guard rows > 0 else { return }
        var chunks: [Chunk] = []
        for part in parts { chunks += Chunk.all(of: part, rows: rows) }
        let widest = parts.reduce(0) { max($0, ck_linear_scratch($1.weight.columns)) }
        let base = try scratch.buffer(.dequantised, widest * Cores.shared.threads).pointer
        withExtendedLifetime(parts) {
            Cores.shared.parallel(chunks.count) { chunk, worker in
                chunks[chunk].run(x, rows: rows, scratch: base + worker * widest)
            }
        }
    }
}

/// Some outputs of one part. Plain numbers and addresses: a reference would be counted by all threads at each chunk.
private struct Chunk {
    let weight: UnsafeRawPointer
    let type: Int32
    let columns: Int
    let rowBytes: Int
    let outputs: Int
    let bias: UnsafePointer<Float>?
    let out: UnsafeMutablePointer<Float>
    /// Floats from row to row of `out`.
    let stride: Int

    /// A part in chunks: enough to share evenly, few enough that handing them out costs nothing. One row is over before
    /// a thread could fall behind, and what it costs is reading: a long stretch of weights for each thread.
    static func all(of part: Model.LinearPart, rows: Int) -> [Chunk] {
        let (matrix, bias, out) = part
        let start = matrix.start, rowBytes = matrix.rowBytes, type = matrix.type.kernelCode
        let (shares, most) = rows == 1 ? (1, matrix.rows) : (4, 1024)
        let grain = max(32, min(most, (matrix.rows / (shares * Cores.shared.threads) + 31) / 32 * 32))
        return Swift.stride(from: 0, to: matrix.rows, by: grain).map { first in
            Chunk(
                weight: start + first * rowBytes, type: type, columns: matrix.columns, rowBytes: rowBytes,
                outputs: min(grain, matrix.rows - first), bias: bias.map { UnsafePointer($0.pointer) + first },
                out: out + first, stride: matrix.rows)
        }
    }

    func run(_ x: UnsafePointer<Float>, rows: Int, scratch: UnsafeMutablePointer<Float>) {
        ck_linear(x, rows, columns, weight, type, columns, rowBytes, outputs, out, stride, scratch)
        guard let bias else { return }
        for row in 0..<rows { ck_add(outputs, bias, out + row * stride) }
    }
}
