import CKernels
import Compute
import Foundation

/// Scores of a batch's targets under the current parameters.
package struct TargetScores: Sendable, Equatable {
    /// Per target, natural logarithm, at the temperature asked for.
    package var logprobs: [Float]
    /// Per target, of its row's whole distribution, in nats; empty unless asked for.
    package var entropies: [Float]
}

/// How the loss depends on the targets: its derivative by each target's log-probability and, where entropy is
/// rewarded, by each target's entropy.
package struct TargetCoefficients: Sendable {
    /// d loss / d logp of a target, given its index and its log-probability: known before, or a loss of that very
    /// number.
    let logprob: @Sendable (_ target: Int, _ logprob: Float) -> Float
    let entropies: [Float]
    /// How many there are, where they are known before.
    let count: Int?

    /// Coefficients that are known before, one a target; entropies' are empty or one a target too.
    package init(logprobs: [Float], entropies: [Float] = []) {
        (logprob, self.entropies, count) = ({ target, _ in logprobs[target] }, entropies, logprobs.count)
    }

    /// Coefficients that depend on the log-probabilities, found as the head finds those: no second pass over the
    /// vocabulary.
    package init(entropies: [Float] = [], logprob: @escaping @Sendable (_ target: Int, _ logprob: Float) -> Float) {
        (self.logprob, self.entropies, count) = (logprob, entropies, nil)
    }
}

/// Final norm, language-model head and softmax over the rows that have targets, a chunk of rows at a time, so
/// that logits for all rows never exist at once.
struct HeadPass {
    let model: TrainableModel
    let batch: TrainingBatch
    let temperature: Float
    let coefficients: TargetCoefficients?

    /// Logits held at once, in floats.
    static let chunkFloats = 1 << 24
    static let tile = 64
    /// Outputs, scored rows and inputs of one piece of parallel work, as a chunk of a large vocabulary is a single
    /// tile. They are whole blocks of every kernel, so they change no bit.
    static let outputBlock = 4096, scoredRows = 8, inputBlock = 64

    static func chunkRows(vocabulary: Int) -> Int {
        max(tile, min(4096, chunkFloats / max(vocabulary, 1)) / (2 * tile) * (2 * tile))
    }

    func run(wantsEntropy: Bool) throws -> TargetScores {
        let targets = TargetRows(batch)
        var scores = TargetScores(
            logprobs: [Float](repeating: 0, count: batch.targets.count),
            entropies: [Float](repeating: 0, count: wantsEntropy ? batch.targets.count : 0))
        let chunk = min(Self.chunkRows(vocabulary: model.configuration.vocabulary), max(targets.rows.count, 1))
        let buffers = try model.headBuffers(rows: chunk)
        try scores.logprobs.withUnsafeMutableBufferPointer { logprobs in
            try scores.entropies.withUnsafeMutableBufferPointer { entropies in
                for start in stride(from: 0, to: targets.rows.count, by: chunk) {
                    try model.border()
                    run(
                        start..<min(targets.rows.count, start + chunk), targets, buffers,
                        Sink(logprobs: logprobs.baseAddress, entropies: wantsEntropy ? entropies.baseAddress : nil))
                }
            }
        }
        return scores
    }

    struct Buffers {
        /// [chunk, vocabulary], [chunk, hidden] twice, [tiles, hidden].
        let logits, normed, dnormed, normPartials: FloatBuffer
    }

    struct Sink {
        let logprobs: UnsafeMutablePointer<Float>?
        let entropies: UnsafeMutablePointer<Float>?
    }

    private func run(_ chunk: Range<Int>, _ targets: TargetRows, _ buffers: Buffers, _ sink: Sink) {
        let hidden = model.configuration.hidden, vocabulary = model.configuration.vocabulary
        let tiles = (chunk.count + Self.tile - 1) / Self.tile
        let partials = buffers.normPartials.pointer
        forward(chunk, targets, buffers)
        overTiles(chunk.count, of: Self.scoredRows) { _, rows in
            for row in rows { score(row, chunk, targets, buffers, sink) }
        }
        guard coefficients != nil else { return }
        backward(chunk, targets, buffers)
        for tile in 0..<tiles {
            ck_add(hidden, partials + tile * hidden, model.gradient(model.offsets.finalNorm))
        }
        WeightGradient.accumulate([
            WeightGradient(
                dy: buffers.logits.pointer, x: buffers.normed.pointer, rows: chunk.count, outputs: vocabulary,
                inputs: hidden, dweight: model.gradient(model.offsets.outputHead))
        ])
    }

    private func forward(_ chunk: Range<Int>, _ targets: TargetRows, _ buffers: Buffers) {
        let c = model.configuration, head = model.value(model.offsets.outputHead)
        overTiles(chunk.count, of: Self.tile) { _, rows in
            for row in rows {
                c.norm(c.hidden).forward(
                    rows: 1, model.activations.last.pointer + targets.rows[chunk.lowerBound + row] * c.hidden,
                    model.value(model.offsets.finalNorm), into: buffers.normed.pointer + row * c.hidden)
            }
        }
        overBlocks(chunk.count, c.vocabulary, of: Self.outputBlock) { rows, outputs in
            ForwardKernels.linear(
                rows: rows.count, inputs: c.hidden, outputs: outputs.count,
                buffers.normed.pointer + rows.lowerBound * c.hidden, head + outputs.lowerBound * c.hidden,
                into: buffers.logits.pointer + rows.lowerBound * c.vocabulary + outputs.lowerBound, ldy: c.vocabulary)
        }
    }

    /// Runs `body` for every block of columns of every tile of rows.
    private func overBlocks(
        _ rows: Int, _ columns: Int, of block: Int, _ body: (_ rows: Range<Int>, _ columns: Range<Int>) -> Void
    ) {
        let across = (columns + block - 1) / block
        onCores((rows + Self.tile - 1) / Self.tile * across) { piece in
            let row = piece / across * Self.tile, column = piece % across * block
            body(row..<min(rows, row + Self.tile), column..<min(columns, column + block))
        }
    }

    /// Records the row's log-probabilities and, in a backward pass, turns its logits into their gradient.
    private func score(_ row: Int, _ chunk: Range<Int>, _ targets: TargetRows, _ buffers: Buffers, _ sink: Sink) {
        let vocabulary = model.configuration.vocabulary
        let logits = buffers.logits.pointer + row * vocabulary
        let position = chunk.lowerBound + row
        let mine = targets.order[targets.starts[position]..<targets.starts[position + 1]]
        let sum = LogSum(logits, count: vocabulary, temperature: temperature)
        // One NaN among the logits is passed over by the kernels' comparisons: it must not be by the loss.
        let isFinite = ck_first_not_finite(logits, vocabulary) < 0
        let rewardsEntropy = coefficients.map { !$0.entropies.isEmpty } ?? false
        let entropy =
            sink.entropies != nil || rewardsEntropy ? ck_entropy(logits, vocabulary, sum.inverse, sum.parts) : 0
        var pushed: [Pushed] = []
        for index in mine {
            let token = Int(batch.targets[index].token), logprob = isFinite ? sum.logprob(of: logits[token]) : .nan
            sink.logprobs?[index] = logprob
            sink.entropies?[index] = entropy
            guard let coefficients else { continue }
            let push = coefficients.logprob(index, logprob)
            if let known = pushed.firstIndex(where: { $0.token == token }) {
                pushed[known].push += push
            } else {
                pushed.append(Pushed(token: token, logprob: logprob, push: push))
            }
        }
        guard let coefficients else { return }
        let total = pushed.reduce(Float(0)) { $0 + $1.push }
        let dentropy = rewardsEntropy ? mine.reduce(Float(0)) { $0 + coefficients.entropies[$1] } : 0
        ck_logits_backward(vocabulary, temperature, sum.parts, total, entropy, dentropy, logits)
        for one in pushed {
            logits[one.token] = one.gradient(total: total, entropy: entropy, dentropy: dentropy, inverse: sum.inverse)
        }
    }

    /// A token of a row's targets with the sum of their coefficients.
    private struct Pushed {
        let token: Int
        let logprob: Float
        var push: Float

        /// d loss / d logit = (push (1 - p) - p (total - push) - p dentropy (log p + entropy)) / T. 1 - p is
        /// -expm1(log p): taken from a rounded p it would be noise where a finetuned model is nearly sure.
        func gradient(total: Float, entropy: Float, dentropy: Float, inverse: Float) -> Float {
            let logp = Double(logprob), p = exp(logp), push = Double(push)
            let pull = (Double(total) - push) + Double(dentropy) * (logp + Double(entropy))
            return Float(Double(inverse) * (-push * expm1(logp) - p * pull))
        }
    }

    /// Carries the logits' gradients to the last layer's output; the final norm's is left in a share a tile.
    private func backward(_ chunk: Range<Int>, _ targets: TargetRows, _ buffers: Buffers) {
        let c = model.configuration, head = model.value(model.offsets.outputHead)
        overBlocks(chunk.count, c.hidden, of: Self.inputBlock) { rows, columns in
            linearInputGradient(
                buffers.logits.pointer + rows.lowerBound * c.vocabulary, head, rows: rows.count, outputs: c.vocabulary,
                inputs: c.hidden, columns: columns, into: buffers.dnormed.pointer + rows.lowerBound * c.hidden,
                adding: false)
        }
        overTiles(chunk.count, of: Self.tile) { tile, rows in
            let dweight = buffers.normPartials.pointer + tile * c.hidden
            dweight.update(repeating: 0, count: c.hidden)
            for row in rows {
                let source = targets.rows[chunk.lowerBound + row] * c.hidden
                c.norm(c.hidden).backward(
                    rows: 1, model.activations.last.pointer + source, model.value(model.offsets.finalNorm),
                    dy: buffers.dnormed.pointer + row * c.hidden, dx: model.activations.dx.pointer + source,
                    dweight: dweight)
            }
        }
    }
}
