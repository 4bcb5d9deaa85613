import CKernels
import Compute

/// The layers, forward, over a training batch: what inference computes, with the intermediate results kept.
struct ForwardPass {
    let model: TrainableModel
    let batch: TrainingBatch
    let rope: Rotations

    private var c: Configuration { model.configuration }

    func run() throws {
        embed()
        for index in 0..<c.layers {
            try model.border()
            projections(index)
            attention(index)
            outputAndMLP(index)
        }
    }

    private func embed() {
        let table = model.value(model.offsets.embedding), out = input(of: 0).pointer
        for (row, id) in batch.ids.enumerated() {
            (out + row * c.hidden).update(from: table + Int(id) * c.hidden, count: c.hidden)
        }
        if let scale = c.embeddingScale { ck_scale(batch.rows * c.hidden, scale, out) }
    }

    /// Where layer `index` reads: its own `x`; past the last one, `last`.
    private func input(of index: Int) -> FloatBuffer {
        index < c.layers ? model.activations.layers[index].x : model.activations.last
    }

    /// q, k and v of every row; q and k normed, where the family does that, and turned.
    private func projections(_ index: Int) {
        let kept = model.activations.layers[index], layer = model.offsets.layers[index]
        let queries = c.queryWidth, keys = c.kvWidth, rope = rope[c.attention(of: index).rotary]
        overTiles(batch.rows) { _, rows in
            let first = rows.lowerBound
            let normed = kept.normed.pointer + first * c.hidden
            norm(rows, kept.x, layer.inputNorm, into: kept.normed)
            for (weight, bias, out, size) in [
                (layer.q, layer.qBias, kept.projectedQ, queries), (layer.k, layer.kBias, kept.projectedK, keys),
                (layer.v, layer.vBias, kept.v, keys),
            ] {
                ForwardKernels.linear(
                    rows: rows.count, inputs: c.hidden, outputs: size, normed, model.value(weight),
                    bias: bias.map(model.value), into: out.pointer + first * size)
            }
            norm(rows, kept.projectedQ, layer.qNorm, c.headNorm(of: c.heads), into: kept.q)
            norm(rows, kept.projectedK, layer.kNorm, c.headNorm(of: c.kvHeads), into: kept.k)
            guard let rope else { return }
            for row in rows {
                let position = Int(batch.positions[row])
                let cosines = rope.cosines(position), sines = rope.sines(position)
                ck_rope(kept.q.pointer + row * queries, c.heads, c.headDim, cosines, sines)
                ck_rope(kept.k.pointer + row * keys, c.kvHeads, c.headDim, cosines, sines)
            }
        }
    }

    /// The RMS norm of some rows, or of their heads; nothing where the family has no such norm.
    private func norm(
        _ rows: Range<Int>, _ x: FloatBuffer?, _ weight: Int?, _ heads: HeadNorm? = nil, into out: FloatBuffer
    ) {
        guard let x, let weight else { return }
        let (parts, width) = heads.map { ($0.count, $0.width) } ?? (1, c.hidden)
        let first = rows.lowerBound * parts * width
        c.norm(width).forward(
            rows: rows.count * parts, x.pointer + first, model.value(weight), into: out.pointer + first)
    }

    private func attention(_ index: Int) {
        let kept = model.activations.layers[index]
        AttentionForward(
            batch: batch, heads: c.heads, kvHeads: c.kvHeads, headDim: c.headDim,
            window: c.attention(of: index).windowOrAll, scale: Float(1 / c.scorePower.squareRoot()),
            q: kept.q.pointer, k: kept.k.pointer, v: kept.v.pointer, out: kept.attended.pointer
        ).run()
    }

    private func outputAndMLP(_ index: Int) {
        let kept = model.activations.layers[index], layer = model.offsets.layers[index]
        let queries = c.queryWidth, out = input(of: index + 1)
        overTiles(batch.rows) { _, rows in
            let first = rows.lowerBound, count = rows.count
            let middle = kept.middle.pointer + first * c.hidden
            ForwardKernels.linear(
                rows: count, inputs: queries, outputs: c.hidden, kept.attended.pointer + first * queries,
                model.value(layer.o), bias: layer.oBias.map(model.value),
                into: (kept.attentionOut ?? kept.middle).pointer + first * c.hidden)
            norm(rows, kept.attentionOut, layer.attentionOutNorm, into: kept.middle)
            ck_add(count * c.hidden, kept.x.pointer + first * c.hidden, middle)
            let normed = kept.middleNormed.pointer + first * c.hidden
            norm(rows, kept.middle, layer.mlpNorm, into: kept.middleNormed)
            let gate = kept.gate.pointer + first * c.intermediate, up = kept.up.pointer + first * c.intermediate
            ForwardKernels.linear(
                rows: count, inputs: c.hidden, outputs: c.intermediate, normed, model.value(layer.gate),
                bias: layer.gateBias.map(model.value), into: gate)
            ForwardKernels.linear(
                rows: count, inputs: c.hidden, outputs: c.intermediate, normed, model.value(layer.up),
                bias: layer.upBias.map(model.value), into: up)
            let product = model.activations.product.pointer + first * c.intermediate
            product.update(from: gate, count: count * c.intermediate)
            c.architecture.activation.multiply(count * c.intermediate, product, up)
            let added = (kept.mlpOut ?? out).pointer + first * c.hidden, next = out.pointer + first * c.hidden
            ForwardKernels.linear(
                rows: count, inputs: c.intermediate, outputs: c.hidden, product, model.value(layer.down),
                bias: layer.downBias.map(model.value), into: added)
            norm(rows, kept.mlpOut, layer.mlpOutNorm, into: out)
            ck_add(count * c.hidden, middle, next)
        }
    }
}
