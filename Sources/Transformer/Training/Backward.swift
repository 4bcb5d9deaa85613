import CKernels
import Compute

/// The layers, backward. `activations.dx` arrives as the gradient of the last layer's output and leaves as that
/// of the embeddings; everything else is added to `gradients`.
struct BackwardPass {
    let model: TrainableModel
    let batch: TrainingBatch
    let rope: Rotations

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
        if let scale = c.embeddingScale { ck_scale(rows * c.hidden, scale, dx) }
        overTiles(c.hidden, of: 32) { _, columns in
            batch.ids.withUnsafeBufferPointer { ids in
                ck_scatter_add(
                    rows, columns.count, c.hidden, ids.baseAddress, dx + columns.lowerBound,
                    model.gradient(model.offsets.embedding) + columns.lowerBound)
            }
        }
    }

    /// x' = x + norm(down(activation(gate(norm(x))) · up(norm(x)))); families differ in which norms they have.
    private func mlp(_ index: Int) {
        let kept = model.activations.layers[index], layer = model.offsets.layers[index]
        let work = model.activations
        let (hidden, inner) = (c.hidden, c.intermediate)
        turnBackAdded(norm: layer.mlpOutNorm, of: kept.mlpOut)
        overTiles(rows) { _, tile in
            let first = tile.lowerBound, count = tile.count
            let dproduct = work.dproduct.pointer + first * inner
            linearInputGradient(
                work.dadded.pointer + first * hidden, model.value(layer.down), rows: count, outputs: hidden,
                inputs: inner, into: dproduct, adding: false)
            let gate = kept.gate.pointer + first * inner, up = kept.up.pointer + first * inner
            c.architecture.activation.backward(
                count * inner, dm: dproduct, gate: gate, up: up, m: work.product.pointer + first * inner)
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
            weight(work.dadded, work.product, hidden, inner, layer.down),
        ])
        biases([
            (layer.gateBias, kept.gate, inner), (layer.upBias, kept.up, inner), (layer.downBias, work.dadded, hidden),
        ])
        addInputGradient(norm: layer.mlpNorm, of: kept.middle)
    }

    /// x' = x + norm(o(attention(rope(norm(q(n))), rope(norm(k(n))), v(n)))), n = norm(x); families differ in which
    /// norms they have.
    private func attention(_ index: Int) {
        let kept = model.activations.layers[index], layer = model.offsets.layers[index]
        let work = model.activations, sees = c.attention(of: index)
        turnBackAdded(norm: layer.attentionOutNorm, of: kept.attentionOut)
        overTiles(rows) { _, tile in
            linearInputGradient(
                work.dadded.pointer + tile.lowerBound * c.hidden, model.value(layer.o), rows: tile.count,
                outputs: c.hidden, inputs: queries, into: work.dattended.pointer + tile.lowerBound * queries,
                adding: false)
            (work.dk.pointer + tile.lowerBound * keys).update(repeating: 0, count: tile.count * keys)
            (work.dv.pointer + tile.lowerBound * keys).update(repeating: 0, count: tile.count * keys)
        }
        AttentionBackward(
            batch: batch, heads: c.heads, kvHeads: c.kvHeads, headDim: c.headDim, window: sees.windowOrAll,
            scale: 1 / Float(c.scorePower).squareRoot(), q: kept.q.pointer, k: kept.k.pointer, v: kept.v.pointer,
            dout: work.dattended.pointer, dq: work.dq.pointer, dk: work.dk.pointer, dv: work.dv.pointer
        ).run()
        turnBack(work.dq, heads: c.heads, rope[sees.rotary], norm: layer.qNorm, of: kept.projectedQ)
        turnBack(work.dk, heads: c.kvHeads, rope[sees.rotary], norm: layer.kNorm, of: kept.projectedK)
        overTiles(rows) { _, tile in unproject(tile, layer) }
        WeightGradient.accumulate([
            weight(work.dq, kept.normed, queries, c.hidden, layer.q),
            weight(work.dk, kept.normed, keys, c.hidden, layer.k),
            weight(work.dv, kept.normed, keys, c.hidden, layer.v),
            weight(work.dadded, kept.attended, c.hidden, queries, layer.o),
        ])
        biases([
            (layer.qBias, work.dq, queries), (layer.kBias, work.dk, keys), (layer.vBias, work.dv, keys),
            (layer.oBias, work.dadded, c.hidden),
        ])
        addInputGradient(norm: layer.inputNorm, of: kept.x)
    }

    /// Makes `dadded`, the gradient of what attention or the MLP added before the norm of it, of `dx`, that of the sum.
    /// Without a norm the two are one.
    private func turnBackAdded(norm weight: Int?, of added: FloatBuffer?) {
        guard let weight, let added else { return }
        let work = model.activations
        overTiles(rows) { _, tile in
            (work.dadded.pointer + tile.lowerBound * c.hidden).update(repeating: 0, count: tile.count * c.hidden)
        }
        norm(weight, width: c.hidden, of: added, dy: work.dx, dx: work.dadded)
    }

    /// dx += `dnormed`, carried back through the norm of `x` where there is one.
    private func addInputGradient(norm weight: Int?, of x: FloatBuffer) {
        let work = model.activations
        if let weight { return norm(weight, width: c.hidden, of: x, dy: work.dnormed, dx: work.dx) }
        overTiles(rows) { _, tile in
            let first = tile.lowerBound * c.hidden
            ck_add(tile.count * c.hidden, work.dnormed.pointer + first, work.dx.pointer + first)
        }
    }

    /// Carries `d`, the gradient of q's or k's heads as attention reads them, back in place: through RoPE, where the
    /// layer has it, and, where heads are normed, through their norm, whose input was `projected`.
    private func turnBack(
        _ d: FloatBuffer, heads: Int, _ rope: Rotation?, norm weight: Int?, of projected: FloatBuffer
    ) {
        let width = heads * c.headDim
        // Attention's backward has read `dattended`, and every row of it is at least as wide as one of `d`.
        let normed = model.activations.dattended
        overTiles(rows) { _, tile in
            if let rope {
                for row in tile {
                    let position = Int(batch.positions[row])
                    ck_rope_backward(
                        heads, c.headDim, rope.cosines(position), rope.sines(position), d.pointer + row * width)
                }
            }
            guard weight != nil else { return }
            let first = tile.lowerBound * width, count = tile.count * width
            (normed.pointer + first).update(from: d.pointer + first, count: count)
            (d.pointer + first).update(repeating: 0, count: count)
        }
        if let weight, let parts = c.headNorm(of: heads) {
            norm(weight, heads: parts.count, width: parts.width, of: projected, dy: normed, dx: d)
        }
    }

    /// Carries dq, dk, dv to the normed input.
    private func unproject(_ tile: Range<Int>, _ layer: Decoder<Int, Int>.Layer) {
        let work = model.activations
        let dnormed = work.dnormed.pointer + tile.lowerBound * c.hidden
        for (dy, weight, size, adding) in [
            (work.dq, layer.q, queries, false), (work.dk, layer.k, keys, true), (work.dv, layer.v, keys, true),
        ] {
            linearInputGradient(
                dy.pointer + tile.lowerBound * size, model.value(weight), rows: tile.count, outputs: size,
                inputs: c.hidden, into: dnormed, adding: adding)
        }
    }

    /// Adds the gradients of those biases that there are, given those of what they were added to.
    private func biases(_ all: [(bias: Int?, dy: FloatBuffer, size: Int)]) {
        for (bias, dy, size) in all {
            if let bias { ck_column_sums(rows, size, dy.pointer, model.gradient(bias)) }
        }
    }

    private func weight(_ dy: FloatBuffer, _ x: FloatBuffer, _ outputs: Int, _ inputs: Int, _ offset: Int)
        -> WeightGradient
    {
        WeightGradient(
            dy: dy.pointer, x: x.pointer, rows: rows, outputs: outputs, inputs: inputs, dweight: model.gradient(offset))
    }

    /// dx += the gradient of the input of an RMS norm, given `dy` of its output; the weight's is summed tile by tile,
    /// in order.
    /// - Parameter heads: norms in a row, [rows, heads, width].
    private func norm(
        _ weight: Int, heads: Int = 1, width: Int, of x: FloatBuffer, dy: FloatBuffer, dx: FloatBuffer
    ) {
        let tiles = (rows + rowTile - 1) / rowTile
        let partials = UnsafeMutablePointer<Float>.allocate(capacity: tiles * width)
        partials.initialize(repeating: 0, count: tiles * width)
        defer { partials.deallocate() }
        overTiles(rows) { index, tile in
            let start = tile.lowerBound * heads * width
            c.norm(width).backward(
                rows: tile.count * heads, x.pointer + start, model.value(weight), dy: dy.pointer + start,
                dx: dx.pointer + start, dweight: partials + index * width)
        }
        for tile in 0..<tiles { ck_add(width, partials + tile * width, model.gradient(weight)) }
    }
}
