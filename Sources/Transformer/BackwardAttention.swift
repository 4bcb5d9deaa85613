import CKernels
import COpenBLAS
import Compute

/// Gradient of causal grouped-query attention over a tree of segments. Probabilities are recomputed from the
/// kept q and k, a block of queries at a time; work is split by root and key-value head, whose gradients no
/// two pieces share.
struct AttentionBackward {
    let batch: TrainingBatch
    let heads: Int, kvHeads: Int, headDim: Int
    /// [rows, heads · headDim] and [rows, kvHeads · headDim], after RoPE.
    let q: UnsafePointer<Float>, k: UnsafePointer<Float>, v: UnsafePointer<Float>
    /// [rows, heads · headDim]: the gradient of attention's output.
    let dout: UnsafePointer<Float>
    /// Overwritten (dq) and added to (dk, dv).
    let dq: UnsafeMutablePointer<Float>, dk: UnsafeMutablePointer<Float>, dv: UnsafeMutablePointer<Float>

    static let queryBlock = 64

    private var queryStride: Int { heads * headDim }
    private var keyStride: Int { kvHeads * headDim }

    func run() {
        let segmentsOfRoot = batch.segmentsOfRoot
        onCores(batch.roots * kvHeads) { item in
            let segments = segmentsOfRoot[item / kvHeads]
            let longest = segments.map { batch.segments[$0].depth + batch.segments[$0].rows.count }.max() ?? 0
            let scratch = UnsafeMutablePointer<Float>.allocate(capacity: 2 * Self.queryBlock * max(longest, 1))
            defer { scratch.deallocate() }
            for segment in segments {
                run(segment: segment, kvHead: item % kvHeads, scratch: scratch, stride: longest)
            }
        }
    }

    private func run(segment: Int, kvHead: Int, scratch: UnsafeMutablePointer<Float>, stride: Int) {
        let rows = batch.segments[segment].rows, depth = batch.segments[segment].depth
        let path = batch.path(of: segment)
        for start in Swift.stride(from: 0, to: rows.count, by: Self.queryBlock) {
            let block = rows.lowerBound + start..<min(rows.upperBound, rows.lowerBound + start + Self.queryBlock)
            let seen = path.dropLast() + [rows.lowerBound..<block.upperBound]
            for head in kvHead * (heads / kvHeads)..<(kvHead + 1) * (heads / kvHeads) {
                run(block: block, seen: Array(seen), valid: depth + start + 1, head: head, kvHead: kvHead,
                    p: scratch, dp: scratch + Self.queryBlock * stride, stride: stride)
            }
        }
    }

    private func run(
        block: Range<Int>, seen: [Range<Int>], valid: Int, head: Int, kvHead: Int,
        p: UnsafeMutablePointer<Float>, dp: UnsafeMutablePointer<Float>, stride: Int
    ) {
        let scale = 1 / Float(headDim).squareRoot()
        let queryOffset = block.lowerBound * queryStride + head * headDim
        let count = block.count
        forEach(seen, kvHead) { column, offset, keys in
            product(count, keys, q + queryOffset, k + offset, p + column, stride)
            product(count, keys, dout + queryOffset, v + offset, dp + column, stride)
        }
        ck_causal_softmax(count, stride, valid, scale, p)
        forEach(seen, kvHead) { column, offset, keys in
            transposedProduct(keys, count, p + column, stride, dout + queryOffset, dv + offset)
        }
        ck_softmax_backward(count, stride, valid, scale, p, dp)
        forEach(seen, kvHead) { column, offset, keys in
            transposedProduct(keys, count, dp + column, stride, q + queryOffset, dk + offset)
            cblas_sgemm(
                CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(count), Int32(headDim), Int32(keys),
                1, dp + column, Int32(stride), k + offset, Int32(keyStride),
                column == 0 ? 0 : 1, dq + queryOffset, Int32(queryStride))
        }
    }

    /// Calls `body` with each range's first column among the scores, its offset in k and v, and its length.
    private func forEach(_ seen: [Range<Int>], _ kvHead: Int, _ body: (Int, Int, Int) -> Void) {
        var column = 0
        for range in seen where !range.isEmpty {
            body(column, range.lowerBound * keyStride + kvHead * headDim, range.count)
            column += range.count
        }
    }

    /// out[count, keys] = a[count, headDim] · bᵀ, a with the queries' stride and b with the keys'.
    private func product(
        _ count: Int, _ keys: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
        _ out: UnsafeMutablePointer<Float>, _ stride: Int
    ) {
        cblas_sgemm(
            CblasRowMajor, CblasNoTrans, CblasTrans, Int32(count), Int32(keys), Int32(headDim),
            1, a, Int32(queryStride), b, Int32(keyStride), 0, out, Int32(stride))
    }

    /// out[keys, headDim] += aᵀ · b, a[count, keys], b with the queries' stride and out with the keys'.
    private func transposedProduct(
        _ keys: Int, _ count: Int, _ a: UnsafePointer<Float>, _ stride: Int, _ b: UnsafePointer<Float>,
        _ out: UnsafeMutablePointer<Float>
    ) {
        cblas_sgemm(
            CblasRowMajor, CblasTrans, CblasNoTrans, Int32(keys), Int32(headDim), Int32(count),
            1, a, Int32(stride), b, Int32(queryStride), 1, out, Int32(keyStride))
    }
}
