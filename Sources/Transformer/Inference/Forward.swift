import CKernels
import Compute

extension Model {
    /// Runs all segments as one batch and stores their keys and values. Returns the normed hidden states
    /// [rows, hidden], rows in segment order; the buffer belongs to `scratch` and lives until the next call.
    ///
    /// A row's result is the same bits whatever else is in the batch, however its path is shared, and whatever the
    /// number of threads. Hold the lease of ``Cores``.
    /// - Throws: ``TransformerError`` for a context that does not fit or a token outside the vocabulary;
    ///   ``ComputeError/outOfMemory(bytes:)``.
    package func forward(_ segments: [Segment], cache: KVCache, scratch: ForwardScratch) throws -> FloatBuffer {
        let batch = try Batch(segments, configuration: configuration)
        let rotary = try rotary.covering(batch.longest)
        let x = try scratch.buffer(.hidden, batch.rows * configuration.hidden)
        embed(batch, into: x)
        for index in weights.decoder.layers.indices {
            Cores.shared.border()
            try attention(index, x, batch, rotary, cache, scratch)
            try mlp(index, x, batch, scratch)
        }
        return try norm(x, weights.decoder.finalNorm, rows: batch.rows, scratch)
    }

    /// x += norm(o attention(q, k, v)); families differ in which norms they have.
    private func attention(
        _ index: Int, _ x: FloatBuffer, _ batch: Batch, _ rotary: Rotations, _ cache: KVCache, _ scratch: ForwardScratch
    ) throws {
        let c = configuration, rows = batch.rows, layer = weights.decoder.layers[index]
        let q = try scratch.buffer(.q, rows * c.queryWidth)
        let k = try scratch.buffer(.k, rows * c.kvWidth), v = try scratch.buffer(.v, rows * c.kvWidth)
        let attended = try scratch.buffer(.attended, rows * c.queryWidth)
        let projected = try scratch.buffer(.projected, rows * c.hidden)
        let normed = try layer.inputNorm.map { try norm(x, $0, rows: rows, scratch) } ?? x
        try linear(
            normed.pointer, rows: rows,
            [(layer.q, layer.qBias, q.pointer), (layer.k, layer.kBias, k.pointer), (layer.v, layer.vBias, v.pointer)],
            scratch: scratch)
        if let qNorm = layer.qNorm { norm(q, qNorm, rows: rows * c.queryWidth / qNorm.count, into: q) }
        if let kNorm = layer.kNorm { norm(k, kNorm, rows: rows * c.kvWidth / kNorm.count, into: k) }
        store(q: q, k: k, v: v, batch: batch, layer: index, rotary: rotary[c.attention(of: index).rotary], cache: cache)
        try attend(q: q, batch: batch, layer: index, cache: cache, scratch: scratch, into: attended)
        try linear(attended.pointer, rows: rows, [(layer.o, layer.oBias, projected.pointer)], scratch: scratch)
        if let outNorm = layer.attentionOutNorm { norm(projected, outNorm, rows: rows, into: projected) }
        add(projected, to: x, count: rows * c.hidden)
    }

    /// x += norm(down (activation(gate) · up))
    private func mlp(_ index: Int, _ x: FloatBuffer, _ batch: Batch, _ scratch: ForwardScratch) throws {
        let c = configuration, rows = batch.rows, layer = weights.decoder.layers[index]
        let gate = try scratch.buffer(.gate, rows * c.intermediate), up = try scratch.buffer(.up, rows * c.intermediate)
        let projected = try scratch.buffer(.projected, rows * c.hidden)
        let normed = try layer.mlpNorm.map { try norm(x, $0, rows: rows, scratch) } ?? x
        try linear(
            normed.pointer, rows: rows,
            [(layer.gate, layer.gateBias, gate.pointer), (layer.up, layer.upBias, up.pointer)],
            scratch: scratch)
        Cores.shared.parallel(over: rows * c.intermediate, grain: 16384) { range, _ in
            c.architecture.activation.multiply(
                range.count, gate.pointer + range.lowerBound, up.pointer + range.lowerBound)
        }
        try linear(gate.pointer, rows: rows, [(layer.down, layer.downBias, projected.pointer)], scratch: scratch)
        if let outNorm = layer.mlpOutNorm { norm(projected, outNorm, rows: rows, into: projected) }
        add(projected, to: x, count: rows * c.hidden)
    }

    private func embed(_ batch: Batch, into x: FloatBuffer) {
        let matrix = weights.decoder.embedding
        for (row, token) in batch.tokens.enumerated() {
            ck_dequantise_row(
                matrix.start + Int(token) * matrix.rowBytes, matrix.type.kernelCode, matrix.columns,
                x.pointer + row * matrix.columns)
        }
        if let scale = configuration.embeddingScale { ck_scale(batch.rows * matrix.columns, scale, x.pointer) }
    }

    private func norm(
        _ x: FloatBuffer, _ weight: FloatBuffer, rows: Int, _ scratch: ForwardScratch
    ) throws -> FloatBuffer {
        let normed = try scratch.buffer(.normed, rows * weight.count)
        norm(x, weight, rows: rows, into: normed)
        return normed
    }

    /// The RMS norm of rows as wide as `weight`, which may be heads; `out` may be `x`.
    private func norm(_ x: FloatBuffer, _ weight: FloatBuffer, rows: Int, into out: FloatBuffer) {
        let norm = configuration.norm(weight.count), width = weight.count
        Cores.shared.parallel(over: rows, grain: 32) { range, _ in
            norm.forward(
                rows: range.count, x.pointer + range.lowerBound * width, weight.pointer,
                into: out.pointer + range.lowerBound * width)
        }
    }

    private func add(_ y: FloatBuffer, to x: FloatBuffer, count: Int) {
        Cores.shared.parallel(over: count, grain: 32768) { range, _ in
            for i in range { x.pointer[i] += y.pointer[i] }
        }
    }

    /// Rotates q and k in place, where the layer does that, and writes k and v into the pages of each row's position.
    private func store(
        q: FloatBuffer, k: FloatBuffer, v: FloatBuffer, batch: Batch, layer: Int,
        rotary: Rotation?, cache: KVCache
    ) {
        let c = configuration
        Cores.shared.parallel(over: batch.rows, grain: 16) { range, _ in
            for row in range {
                if let rotary {
                    let cosine = rotary.cosines(batch.positions[row]), sine = rotary.sines(batch.positions[row])
                    ck_rope(q.pointer + row * c.queryWidth, c.heads, c.headDim, cosine, sine)
                    ck_rope(k.pointer + row * c.kvWidth, c.kvHeads, c.headDim, cosine, sine)
                }
                let (page, lane) = batch.places[row]
                for head in 0..<c.kvHeads {
                    let keys = page.buffer.pointer + cache.keyOffset(layer: layer, head: head) + lane
                    let values = page.buffer.pointer + cache.valueOffset(layer: layer, head: head) + lane * c.headDim
                    let key = k.pointer + row * c.kvWidth + head * c.headDim
                    for d in 0..<c.headDim { keys[d * KVPage.positions] = key[d] }
                    values.update(from: v.pointer + row * c.kvWidth + head * c.headDim, count: c.headDim)
                }
            }
        }
    }

    private func attend(
        q: FloatBuffer, batch: Batch, layer: Int, cache: KVCache, scratch: ForwardScratch, into out: FloatBuffer
    ) throws {
        let c = configuration, group = c.heads / c.kvHeads
        let window = c.attention(of: layer).windowOrAll, scale = Float(1 / c.scorePower.squareRoot())
        let stride = (batch.longest + 15) / 16 * 16 + 16
        let scores = try scratch.buffer(.scores, 4 * stride * Cores.shared.threads)
        Cores.shared.parallel(batch.tiles.count * c.kvHeads) { chunk, worker in
            let tile = batch.tiles[chunk / c.kvHeads], head = chunk % c.kvHeads
            let first = tile.rows.lowerBound
            batch.runs[tile.segment].withUnsafeBufferPointer { runs in
                batch.visible.withUnsafeBufferPointer { visible in
                    guard let runs = runs.baseAddress, let visible = visible.baseAddress else { return }
                    ck_attention(
                        runs, visible + first, window, tile.rows.count, group,
                        q.pointer + first * c.queryWidth + head * group * c.headDim, c.queryWidth, c.headDim,
                        cache.keyOffset(layer: layer, head: head), cache.valueOffset(layer: layer, head: head),
                        scale, out.pointer + first * c.queryWidth + head * group * c.headDim, c.queryWidth, nil, 0,
                        scores.pointer + worker * 4 * stride, stride)
                }
            }
        }
    }
}

/// The rows of a list of segments: their tokens, positions, places in pages, and what each may see.
struct Batch {
    /// Rows that share a path and are attended to together.
    struct Tile {
        let segment: Int
        let rows: Range<Int>
    }

    var tokens: [Int32] = []
    var positions: [Int] = []
    var places: [(page: KVPage, lane: Int)] = []
    /// How many positions of its path each row sees, itself included.
    var visible: [Int] = []
    var runs: [[ck_run]] = []
    var tiles: [Tile] = []
    var longest = 0

    var rows: Int { tokens.count }

    init(_ segments: [Segment], configuration: Configuration) throws {
        for (index, segment) in segments.enumerated() {
            let start = segment.path.count - segment.tokens.count
            guard segment.path.count <= configuration.maxPositions, start >= 0 else {
                throw TransformerError.contextTooLong(tokens: segment.path.count, limit: configuration.maxPositions)
            }
            if let bad = segment.tokens.first(where: { $0 < 0 || $0 >= configuration.vocabulary }) {
                throw TransformerError.tokenOutOfRange(id: Int(bad), vocabulary: configuration.vocabulary)
            }
            let first = rows
            tokens += segment.tokens
            segment.path.forEachPosition(from: start) { page, lane in places.append((page, lane)) }
            for position in start..<segment.path.count {
                positions.append(position)
                visible.append(position + 1)
            }
            runs.append(
                segment.path.runs.map {
                    ck_run(page: UnsafePointer($0.page.buffer.pointer), lane: Int32($0.lane), count: Int32($0.count))
                })
            for row in stride(from: first, to: rows, by: 16) {
                tiles.append(Tile(segment: index, rows: row..<min(row + 16, rows)))
            }
            longest = max(longest, segment.path.count)
        }
    }
}
