import Compute

/// What the forward pass keeps of a batch for the backward pass. Buffers grow to the largest batch seen and are used
/// again.
final class TrainingActivations {
    struct Layer {
        /// [rows, hidden]: the layer's input, its norm, the residual after attention, its norm; what has no norm is its
        /// own.
        let x, normed, middle, middleNormed: FloatBuffer
        /// [rows, hidden]: what attention and the MLP add, before the norms of it; nil where there are none.
        let attentionOut, mlpOut: FloatBuffer?
        /// [rows, heads · headDim], [rows, kvHeads · headDim]: before norms of heads; q and k themselves where there
        /// are none.
        let projectedQ, projectedK: FloatBuffer
        /// [rows, heads · headDim], [rows, kvHeads · headDim] twice, after RoPE; then attention's output.
        let q, k, v, attended: FloatBuffer
        /// [rows, intermediate]; the backward turns them into their own gradients.
        let gate, up: FloatBuffer
    }

    private(set) var capacity = 0
    private(set) var layers: [Layer] = []
    /// [rows, hidden]: the last layer's output, before the final norm.
    private(set) var last: FloatBuffer
    /// [rows, intermediate], shared by the layers.
    private(set) var product: FloatBuffer
    /// Gradients that live for one layer: [rows, hidden] twice, q's, k's and v's, and the MLP's product.
    private(set) var dx, dnormed, dattended, dq, dk, dv, dproduct: FloatBuffer
    /// [rows, hidden]: that of what attention or the MLP adds, before the norm of it; without such norms it is `dx`.
    private(set) var dadded: FloatBuffer

    init() throws {
        let empty = try FloatBuffer(count: 0)
        (last, product, dx, dnormed) = (empty, empty, empty, empty)
        (dattended, dq, dk, dv, dproduct, dadded) = (empty, empty, empty, empty, empty, empty)
    }

    /// Makes room for `rows` rows.
    /// - Throws: ``ComputeError/outOfMemory(bytes:)``; there is then room for none.
    func reserve(rows: Int, _ c: Configuration) throws {
        guard rows > capacity else { return }
        let queries = c.queryWidth, keys = c.kvWidth, hasNorm = c.architecture.qkNorm != .none
        let norms = c.architecture.norms
        func buffer(_ columns: Int) throws -> FloatBuffer { try FloatBuffer(count: rows * columns) }
        (layers, capacity) = ([], 0)
        layers = try (0..<c.layers).map { _ in
            let (q, k) = try (buffer(queries), buffer(keys))
            let (x, middle) = try (buffer(c.hidden), buffer(c.hidden))
            return try Layer(
                x: x, normed: norms.areBefore ? buffer(c.hidden) : x, middle: middle,
                middleNormed: norms.areBefore ? buffer(c.hidden) : middle,
                attentionOut: norms.areAfter ? buffer(c.hidden) : nil,
                mlpOut: norms.areAfter ? buffer(c.hidden) : nil,
                projectedQ: hasNorm ? buffer(queries) : q, projectedK: hasNorm ? buffer(keys) : k,
                q: q, k: k, v: buffer(keys), attended: buffer(queries),
                gate: buffer(c.intermediate), up: buffer(c.intermediate))
        }
        (last, product) = try (buffer(c.hidden), buffer(c.intermediate))
        (dx, dnormed, dattended) = try (buffer(c.hidden), buffer(c.hidden), buffer(queries))
        dadded = norms.areAfter ? try buffer(c.hidden) : dx
        (dq, dk, dv, dproduct) = try (buffer(queries), buffer(keys), buffer(keys), buffer(c.intermediate))
        capacity = rows
    }

    /// Bytes kept for `rows` rows.
    static func bytes(rows: Int, _ c: Configuration) -> Int {
        let queries = c.queryWidth, keys = c.kvWidth
        let projected = c.architecture.qkNorm != .none ? queries + keys : 0
        let states = 2 + (c.architecture.norms.areBefore ? 2 : 0) + (c.architecture.norms.areAfter ? 2 : 0)
        let layer = states * c.hidden + 2 * queries + 2 * keys + projected + 2 * c.intermediate
        let gradients = c.architecture.norms.areAfter ? 4 : 3
        let shared = gradients * c.hidden + 2 * queries + 2 * keys + 2 * c.intermediate
        return 4 * rows * (c.layers * layer + shared)
    }
}
