import CKernels
import Compute

/// Attention of a training batch, forward: each root's keys and values of one head are laid out in pages of sixteen
/// positions, a segment beginning a page of its own, and segments read the pages along their path.
struct AttentionForward {
    let batch: TrainingBatch
    let heads: Int, kvHeads: Int, headDim: Int
    /// What a row sees of its path, and what scores are multiplied by.
    let window: Int, scale: Float
    let q: UnsafePointer<Float>, k: UnsafePointer<Float>, v: UnsafePointer<Float>
    let out: UnsafeMutablePointer<Float>

    private static let lanes = 16
    private var pageFloats: Int { 2 * headDim * Self.lanes }

    func run() {
        let segmentsOfRoot = batch.segmentsOfRoot
        onCores(batch.roots * kvHeads) { item in
            let segments = segmentsOfRoot[item / kvHeads]
            var pages = 0, longest = 0
            var firstPage = [Int](repeating: 0, count: batch.segments.count)
            for segment in segments {
                firstPage[segment] = pages
                pages += (batch.segments[segment].rows.count + Self.lanes - 1) / Self.lanes
                longest = max(longest, batch.segments[segment].depth + batch.segments[segment].rows.count)
            }
            let stride = (longest + 15) / 16 * 16 + 16
            let store = UnsafeMutablePointer<Float>.allocate(capacity: pages * pageFloats + 4 * stride)
            defer { store.deallocate() }
            store.initialize(repeating: 0, count: pages * pageFloats)
            for segment in segments {
                fill(segment, head: item % kvHeads, into: store + firstPage[segment] * pageFloats)
                attend(
                    segment, head: item % kvHeads, firstPage: firstPage, store: store,
                    scratch: store + pages * pageFloats, stride: stride)
            }
        }
    }

    private func fill(_ segment: Int, head: Int, into pages: UnsafeMutablePointer<Float>) {
        let keyStride = kvHeads * headDim
        for (index, row) in batch.segments[segment].rows.enumerated() {
            let page = pages + index / Self.lanes * pageFloats, lane = index % Self.lanes
            let key = k + row * keyStride + head * headDim
            for d in 0..<headDim { page[d * Self.lanes + lane] = key[d] }
            (page + headDim * (Self.lanes + lane)).update(from: v + row * keyStride + head * headDim, count: headDim)
        }
    }

    private func attend(
        _ segment: Int, head: Int, firstPage: [Int], store: UnsafeMutablePointer<Float>,
        scratch: UnsafeMutablePointer<Float>, stride: Int
    ) {
        let group = heads / kvHeads, width = heads * headDim
        var runs: [ck_run] = []
        for ancestor in batch.ancestry(of: segment) {
            let count = batch.segments[ancestor].rows.count
            for index in Swift.stride(from: 0, to: count, by: Self.lanes) {
                let page = store + (firstPage[ancestor] + index / Self.lanes) * pageFloats
                runs.append(ck_run(page: page, lane: 0, count: Int32(min(Self.lanes, count - index))))
            }
        }
        let rows = batch.segments[segment].rows, depth = batch.segments[segment].depth
        let visible = rows.indices.map { depth + $0 - rows.lowerBound + 1 }
        let first = rows.lowerBound * width + head * group * headDim
        ck_attention(
            runs, visible, window, rows.count, group, q + first, width, headDim, 0, headDim * Self.lanes,
            scale, out + first, width, nil, 0, scratch, stride)
    }
}
