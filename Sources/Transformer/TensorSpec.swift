/// What a tensor is called in each kind of file, its shape, and how a new one begins.
package struct TensorSpec: Sendable, Equatable {
    /// The numbers of a new model's tensor.
    package enum Start: Sendable {
        /// Normal, of the deviation that the model is made with.
        case normal
        /// All 1.
        case ones
        /// All 0.
        case zeros
    }

    /// In Hugging Face's files: `model.layers.0.self_attn.q_proj.weight`.
    package let name: String
    /// In GGUF files: `blk.0.attn_q.weight`. Nil for a value head's, which those do not have.
    package let ggufName: String?
    /// [outputs, inputs] of a matrix, [length] of a vector.
    package let shape: [Int]
    /// How a new model's begins.
    package let start: Start
    /// Heads that RoPE turns, where the outputs are such heads.
    package let rotaryHeads: Int?
    /// What GGUF files have already added to every number: a norm's shift. 0 elsewhere.
    package let addedInGGUF: Float

    init(
        name: String, ggufName: String?, shape: [Int], start: Start, rotaryHeads: Int? = nil, addedInGGUF: Float = 0
    ) {
        (self.name, self.ggufName, self.shape, self.start) = (name, ggufName, shape, start)
        (self.rotaryHeads, self.addedInGGUF) = (rotaryHeads, addedInGGUF)
    }

    /// As a matrix: a vector has one row.
    package var rows: Int { shape.count == 2 ? shape[0] : 1 }
    /// Length of a row.
    package var columns: Int { shape[shape.count - 1] }
    /// How many numbers it has.
    package var count: Int { shape.reduce(1, *) }

    // MARK: Those outside of layers

    /// The embedding's names, by which readers look for it before they know a configuration.
    package static let embeddingNames = (huggingFace: "model.embed_tokens.weight", gguf: "token_embd.weight")
    /// The names of an output head that is not the embedding.
    package static let outputHeadNames = (huggingFace: "lm_head.weight", gguf: "output.weight")

    static func embedding(_ c: Configuration) -> TensorSpec {
        TensorSpec(
            name: embeddingNames.huggingFace, ggufName: embeddingNames.gguf, shape: [c.vocabulary, c.hidden],
            start: .normal)
    }

    static func outputHead(_ c: Configuration) -> TensorSpec {
        TensorSpec(
            name: outputHeadNames.huggingFace, ggufName: outputHeadNames.gguf, shape: [c.vocabulary, c.hidden],
            start: .normal)
    }

    // MARK: Those of a layer

    /// The weight of a linear layer, [outputs, inputs].
    static func linear(
        _ layer: Int, _ name: String, _ gguf: String, _ outputs: Int, _ inputs: Int, rotaryHeads: Int? = nil
    ) -> TensorSpec {
        TensorSpec(
            layer: layer, name + ".weight", gguf + ".weight", shape: [outputs, inputs], start: .normal,
            rotaryHeads: rotaryHeads)
    }

    /// The bias of a linear layer, [outputs].
    static func bias(
        _ layer: Int, _ name: String, _ gguf: String, _ outputs: Int, rotaryHeads: Int? = nil
    ) -> TensorSpec {
        TensorSpec(
            layer: layer, name + ".bias", gguf + ".bias", shape: [outputs], start: .zeros, rotaryHeads: rotaryHeads)
    }

    /// The weight of an RMS norm over rows of `width`.
    /// - Parameter layer: nil for the one that follows the last layer.
    static func norm(
        _ c: Configuration, _ layer: Int?, _ name: String, _ gguf: String, _ width: Int
    ) -> TensorSpec {
        let shift = c.architecture.normShift
        return TensorSpec(
            layer: layer, name + ".weight", gguf + ".weight", shape: [width], start: shift == 0 ? .ones : .zeros,
            addedInGGUF: shift)
    }

    private init(
        layer: Int?, _ name: String, _ gguf: String, shape: [Int], start: Start, rotaryHeads: Int? = nil,
        addedInGGUF: Float = 0
    ) {
        self.init(
            name: layer.map { "model.layers.\($0).\(name)" } ?? name,
            ggufName: layer.map { "blk.\($0).\(gguf)" } ?? gguf,
            shape: shape, start: start, rotaryHeads: rotaryHeads, addedInGGUF: addedInGGUF)
    }
}
