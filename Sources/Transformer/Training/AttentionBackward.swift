import CKernels
import Compute

/// Gradient of causal grouped-query attention over a tree of segments. Probabilities are recomputed from the
/// kept q and k, a block of queries at a time; work is split by root and key-value head, whose gradients no
/// two pieces share.
struct AttentionBackward {
    let batch: TrainingBatch
    let heads: Int, kvHeads: Int, headDim: Int
    /// How many positions a row sees of its path, at most, and what scores are multiplied by.
    let window: Int, scale: Float
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
            let scratch = Scratch(longest: longest, headDim: headDim)
            defer { scratch.free() }
            for segment in segments { run(segment, kvHead: item % kvHeads, scratch) }
        }
    }

    /// Working memory for one path: columns and head sizes are rounded up to whole vectors, the rest zero.
    private struct Scratch {
        let stride: Int, width: Int
        /// [headDim, stride]: keys and values by position, transposed; [stride, width]: keys, and both gradients.
        let keysT, valuesT, keys, dkeys, dvalues: UnsafeMutablePointer<Float>
        /// [queryBlock, stride]: probabilities and their gradients; [queryBlock, width]: queries and their gradients.
        let p, dp, queries, douts, dqueries: UnsafeMutablePointer<Float>
        private let all: UnsafeMutablePointer<Float>

        init(longest: Int, headDim: Int) {
            stride = (longest + 15) / 16 * 16
            width = (headDim + 15) / 16 * 16
            let path = stride * width, block = AttentionBackward.queryBlock
            all = .allocate(capacity: 5 * path + 2 * block * stride + 3 * block * width)
            all.initialize(repeating: 0, count: 5 * path + 2 * block * stride + 3 * block * width)
            (keysT, valuesT, keys, dkeys, dvalues) = (all, all + path, all + 2 * path, all + 3 * path, all + 4 * path)
            p = all + 5 * path
            dp = p + block * stride
            queries = dp + block * stride
            (douts, dqueries) = (queries + block * width, queries + 2 * block * width)
        }

        func free() { all.deallocate() }
    }

    private func run(_ segment: Int, kvHead: Int, _ s: Scratch) {
        let rows = batch.segments[segment].rows, depth = batch.segments[segment].depth
        let path = batch.path(of: segment)
        load(path, kvHead: kvHead, s)
        for start in stride(from: 0, to: rows.count, by: Self.queryBlock) {
            let block = rows.lowerBound + start..<min(rows.upperBound, rows.lowerBound + start + Self.queryBlock)
            for head in kvHead * (heads / kvHeads)..<(kvHead + 1) * (heads / kvHeads) {
                run(block, valid: depth + start + 1, head: head, s)
            }
        }
        var position = 0
        for row in path.joined() {
            let target = row * keyStride + kvHead * headDim
            ck_add(headDim, s.dkeys + position * s.width, dk + target)
            ck_add(headDim, s.dvalues + position * s.width, dv + target)
            position += 1
        }
    }

    /// Lays out the path's keys and values and clears their gradients.
    private func load(_ path: [Range<Int>], kvHead: Int, _ s: Scratch) {
        var position = 0
        for row in path.joined() {
            let key = k + row * keyStride + kvHead * headDim, value = v + row * keyStride + kvHead * headDim
            (s.keys + position * s.width).update(from: key, count: headDim)
            for d in 0..<headDim {
                s.keysT[d * s.stride + position] = key[d]
                s.valuesT[d * s.stride + position] = value[d]
            }
            position += 1
        }
        s.dkeys.update(repeating: 0, count: position * s.width)
        s.dvalues.update(repeating: 0, count: position * s.width)
    }

    /// One block of queries of one head. Its first row sees the last `window` of the first `valid` positions, each next
    /// row of one more. What none of them sees is passed over.
    private func run(_ block: Range<Int>, valid: Int, head: Int, _ s: Scratch) {
        let unseen = window < valid ? (valid - window) / 16 * 16 : 0
        let count = block.count, first = valid - unseen, seen = first + count - 1, columns = (seen + 15) / 16 * 16
        for (index, row) in block.enumerated() {
            let source = row * queryStride + head * headDim
            (s.queries + index * s.width).update(from: q + source, count: headDim)
            (s.douts + index * s.width).update(from: dout + source, count: headDim)
        }
        ck_product(count, columns, headDim, s.queries, s.width, 1, s.keysT + unseen, s.stride, s.p, s.stride, 0)
        ck_product(count, columns, headDim, s.douts, s.width, 1, s.valuesT + unseen, s.stride, s.dp, s.stride, 0)
        ck_causal_softmax(count, s.stride, first, window, scale, s.p)
        let dvalues = s.dvalues + unseen * s.width, dkeys = s.dkeys + unseen * s.width
        ck_product(seen, s.width, count, s.p, 1, s.stride, s.douts, s.width, dvalues, s.width, 1)
        ck_softmax_backward(count, s.stride, first, window, scale, s.p, s.dp)
        ck_product(seen, s.width, count, s.dp, 1, s.stride, s.queries, s.width, dkeys, s.width, 1)
        ck_product(count, s.width, seen, s.dp, s.stride, 1, s.keys + unseen * s.width, s.width, s.dqueries, s.width, 0)
        for (index, row) in block.enumerated() {
            (dq + row * queryStride + head * headDim).update(from: s.dqueries + index * s.width, count: headDim)
        }
    }
}
