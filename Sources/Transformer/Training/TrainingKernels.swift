import CKernels
import Compute

/// The inference kernels, called on training's plain row-major buffers. Their bits do not depend on how rows are
/// batched, so what is computed here is what generation computed.
enum ForwardKernels {
    static func rmsNorm(
        rows: Int, _ width: Int, _ epsilon: Float, _ x: UnsafePointer<Float>, _ weight: UnsafePointer<Float>,
        into out: UnsafeMutablePointer<Float>
    ) {
        for row in 0..<rows { _ = ck_rms_norm(x + row * width, weight, width, epsilon, out + row * width) }
    }

    /// out[rows, outputs] = x[rows, inputs] · weight[outputs, inputs]ᵀ + bias.
    static func linear(
        rows: Int, inputs: Int, outputs: Int, _ x: UnsafePointer<Float>, _ weight: UnsafePointer<Float>,
        bias: UnsafePointer<Float>? = nil, into out: UnsafeMutablePointer<Float>
    ) {
        ck_linear(x, rows, inputs, weight, ElementType.f32.kernelCode, inputs, 4 * inputs, outputs, out, outputs, nil)
        guard let bias else { return }
        for row in 0..<rows { ck_add(outputs, bias, out + row * outputs) }
    }

    static func siluMultiply(
        _ count: Int, _ gate: UnsafePointer<Float>, _ up: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>
    ) {
        out.update(from: gate, count: count)
        ck_silu_multiply(out, up, count)
    }
}

/// Cosines and sines of RoPE's angles by position.
struct Rotation {
    let half: Int
    let cosine, sine: FloatBuffer

    func cosines(_ position: Int) -> UnsafePointer<Float> { UnsafePointer(cosine.pointer + position * half) }
    func sines(_ position: Int) -> UnsafePointer<Float> { UnsafePointer(sine.pointer + position * half) }
}

/// Attention of a training batch, forward: each root's keys and values of one head are laid out in pages of sixteen
/// positions, a segment beginning a page of its own, and segments read the pages along their path.
struct AttentionForward {
    let batch: TrainingBatch
    let heads: Int, kvHeads: Int, headDim: Int
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
            runs, visible, rows.count, group, q + first, width, headDim, 0, headDim * Self.lanes,
            Float(1 / Double(headDim).squareRoot()), out + first, width, nil, 0, scratch, stride)
    }
}
