import CKernels
import Compute

/// The layers, backward. `activations.dx` arrives as the gradient of the last layer's output and leaves as that
/// of the embeddings; everything else is added to `gradients`.
struct BackwardPass {
    let model: TrainableModel
    let batch: TrainingBatch
    let rope: Rotation

    private var c: Configuration { model.configuration }
    private var rows: Int { batch.rows }
    private var queries: Int { c.queryWidth }
    private var keys: Int { c.kvWidth }

    func run() throws {
        for index in (0..<c.layers).reversed() {
            try model.border()
            mlp(index)
            attention(index)
        }
        let dx = model.activations.dx.pointer
        overTiles(c.hidden, of: 32) { _, columns in
            batch.ids.withUnsafeBufferPointer { ids in
                ck_scatter_add(
                    rows, columns.count, c.hidden, ids.baseAddress, dx + columns.lowerBound,
                    model.gradient(model.offsets.embedding) + columns.lowerBound)
            }
        }
    }

    /// x' = x + down(silu(gate(norm(x))) · up(norm(x)))
    private func mlp(_ index: Int) {
        let kept = model.activations.layers[index], layer = model.offsets.layers[index]
        let work = model.activations
        let (hidden, inner) = (c.hidden, c.intermediate)
        overTiles(rows) { _, tile in
            let first = tile.lowerBound, count = tile.count
            let dproduct = work.dproduct.pointer + first * inner
            linearInputGradient(
                work.dx.pointer + first * hidden, model.value(layer.down), rows: count, outputs: hidden,
                inputs: inner, into: dproduct, adding: false)
            let gate = kept.gate.pointer + first * inner, up = kept.up.pointer + first * inner
            ck_silu_mul_backward(count * inner, dproduct, gate, up, work.product.pointer + first * inner)
            let dnormed = work.dnormed.pointer + first * hidden
            linearInputGradient(
                gate, model.value(layer.gate), rows: count, outputs: inner, inputs: hidden, into: dnormed, adding: false
            )
            linearInputGradient(
                up, model.value(layer.up), rows: count, outputs: inner, inputs: hidden, into: dnormed, adding: true)
        }
        WeightGradient.accumulate([
            weight(kept.gate, kept.middleNormed, inner, hidden, layer.gate),
            weight(kept.up, kept.middleNormed, inner, hidden, layer.up),
            weight(work.dx, work.product, hidden, inner, layer.down),
        ])
        norm(layer.postNorm, of: kept.middle)
    }

    /// x' = x + o(attention(rope(q(norm(x))), rope(k(norm(x))), v(norm(x))))
    private func attention(_ index: Int) {
        let kept = model.activations.layers[index], layer = model.offsets.layers[index]
        let work = model.activations
        overTiles(rows) { _, tile in
            linearInputGradient(
                work.dx.pointer + tile.lowerBound * c.hidden, model.value(layer.o), rows: tile.count,
                outputs: c.hidden, inputs: queries, into: work.dattended.pointer + tile.lowerBound * queries,
                adding: false)
            (work.dk.pointer + tile.lowerBound * keys).update(repeating: 0, count: tile.count * keys)
            (work.dv.pointer + tile.lowerBound * keys).update(repeating: 0, count: tile.count * keys)
        }
        AttentionBackward(
            batch: batch, heads: c.heads, kvHeads: c.kvHeads, headDim: c.headDim, q: kept.q.pointer,
            k: kept.k.pointer, v: kept.v.pointer, dout: work.dattended.pointer, dq: work.dq.pointer,
            dk: work.dk.pointer, dv: work.dv.pointer
        ).run()
        overTiles(rows) { _, tile in unproject(tile, layer) }
        WeightGradient.accumulate([
            weight(work.dq, kept.normed, queries, c.hidden, layer.q),
            weight(work.dk, kept.normed, keys, c.hidden, layer.k),
            weight(work.dv, kept.normed, keys, c.hidden, layer.v),
            weight(work.dx, kept.attended, c.hidden, queries, layer.o),
        ])
        for (bias, dy, size) in [
            (layer.qBias, work.dq, queries), (layer.kBias, work.dk, keys), (layer.vBias, work.dv, keys),
        ] {
            if let bias { ck_column_sums(rows, size, dy.pointer, model.gradient(bias)) }
        }
        norm(layer.inputNorm, of: kept.x)
    }

    /// Turns dq and dk back by RoPE's angles and carries dq, dk, dv to the normed input.
    private func unproject(_ tile: Range<Int>, _ layer: Decoder<Int, Int>.Layer) {
        let work = model.activations
        let dq = work.dq.pointer, dk = work.dk.pointer, dv = work.dv.pointer
        for row in tile {
            let position = Int(batch.positions[row])
            ck_rope_backward(c.heads, c.headDim, rope.cosines(position), rope.sines(position), dq + row * queries)
            ck_rope_backward(c.kvHeads, c.headDim, rope.cosines(position), rope.sines(position), dk + row * keys)
        }
        let dnormed = work.dnormed.pointer + tile.lowerBound * c.hidden
        for (dy, weight, size, adding) in [
            (dq, layer.q, queries, false), (dk, layer.k, keys, true), (dv, layer.v, keys, true),
        ] {
            linearInputGradient(
                dy + tile.lowerBound * size, model.value(weight), rows: tile.count, outputs: size, inputs: c.hidden,
                into: dnormed, adding: adding)
        }
    }

    private func weight(_ dy: FloatBuffer, _ x: FloatBuffer, _ outputs: Int, _ inputs: Int, _ offset: Int)
        -> WeightGradient
    {
        WeightGradient(
            dy: dy.pointer, x: x.pointer, rows: rows, outputs: outputs, inputs: inputs, dweight: model.gradient(offset))
    }

    /// dx += the norm's share of `dnormed`; the weight's gradient is summed tile by tile, in order.
    private func norm(_ offset: Int, of x: FloatBuffer) {
        let work = model.activations, hidden = c.hidden
        let tiles = (rows + rowTile - 1) / rowTile
        let partials = UnsafeMutablePointer<Float>.allocate(capacity: tiles * hidden)
        partials.initialize(repeating: 0, count: tiles * hidden)
        defer { partials.deallocate() }
        overTiles(rows) { index, tile in
            let start = tile.lowerBound * hidden
            ck_rmsnorm_backward(
                tile.count, hidden, Float(c.rmsEpsilon), x.pointer + start, model.value(offset),
                work.dnormed.pointer + start, work.dx.pointer + start, partials + index * hidden)
        }
        for tile in 0..<tiles { ck_add(hidden, partials + tile * hidden, model.gradient(offset)) }
    }
}
