import Compute

/// Tokens to run at the end of a path. The path already has room for them: its last `tokens.count` positions are
/// theirs. Segments of one batch may follow one another (a trunk and its branches): all keys of a layer are written
/// before any is read.
package struct Segment: Sendable {
    /// Ids, each below the vocabulary's size.
    package var tokens: [Int32]
    /// Where their keys and values go, and what they see before themselves.
    package var path: KVPath

    /// - Parameter path: has room for the tokens at its end.
    package init(tokens: [Int32], path: KVPath) {
        self.tokens = tokens
        self.path = path
    }
}

/// A decoder with its weights. Immutable, and usable from several threads, each with its own ``ForwardScratch``.
package final class Model: Sendable {
    /// Its shape.
    package let configuration: Configuration
    /// Its tensors, mapped or in memory.
    package let weights: Weights
    let rotary: RotaryTables

    /// - Throws: ``TransformerError/invalidConfiguration(_:)`` for sizes that no decoder has.
    package init(configuration: Configuration, weights: Weights) throws {
        try configuration.validate()
        self.configuration = configuration
        self.weights = weights
        rotary = try RotaryTables(configuration)
    }

    /// Trainable numbers; a tied head is counted once.
    package var parameters: Int { configuration.parameters }

    /// Bytes of the matrices as they are stored, mapped or in memory; a tied head is counted once.
    package var weightBytes: Int { weights.matrices.reduce(0) { $0 + $1.bytes.count } }

    /// Bytes of weights that a pass reads which gives logits: all but an embedding that is no output head, of which it
    /// reads a row a token.
    package var passBytes: Int {
        weightBytes - (configuration.tiedHead ? 0 : weights.decoder.embedding.bytes.count)
    }

    /// Tells models apart by their matrices as they are stored.
    package var fingerprint: UInt64 { weights.matrices.reduce(into: StableHash()) { $1.hashed(into: &$0) }.value }

    /// The first tensor with an infinity or a NaN in it; nil where all weights are numbers. Reads every one of them.
    package var firstNotFinite: NotFinite? {
        for (spec, stored) in weights.tensors {
            let floats = stored.floats()
            if let found = NotFinite(in: floats, count: floats.count, of: spec.name) { return found }
        }
        return nil
    }

    /// Logits [rows.count, vocabulary] of the given rows of a hidden state that ``forward(_:cache:scratch:)`` returned.
    /// The buffer belongs to `scratch` and lives until the next call.
    /// - Throws: ``ComputeError/outOfMemory(bytes:)``.
    package func logits(_ hidden: FloatBuffer, rows: [Int], scratch: ForwardScratch) throws -> FloatBuffer {
        let width = configuration.hidden
        let gathered = try scratch.buffer(.gathered, rows.count * width)
        for (index, row) in rows.enumerated() {
            precondition(row >= 0 && (row + 1) * width <= hidden.count)
            (gathered.pointer + index * width).update(from: hidden.pointer + row * width, count: width)
        }
        let out = try scratch.buffer(.logits, rows.count * configuration.vocabulary)
        try linear(
            gathered.pointer, rows: rows.count, [(weights.decoder.outputHead, nil, out.pointer)], scratch: scratch)
        return out
    }
}

/// Working memory of a forward pass, kept from call to call; one thread at a time.
package final class ForwardScratch {
    enum Slot: Int {
        case hidden, normed, q, k, v, attended, projected, gate, up, gathered, logits, dequantised, scores
    }

    private var buffers: [Slot: FloatBuffer] = [:]

    /// No memory yet.
    package init() {}

    /// A buffer of at least `count` floats, with what it last held.
    /// - Throws: ``ComputeError/outOfMemory(bytes:)``.
    func buffer(_ slot: Slot, _ count: Int) throws -> FloatBuffer {
        if let kept = buffers[slot], kept.count >= count { return kept }
        let made = try FloatBuffer(count: count)
        buffers[slot] = made
        return made
    }
}
