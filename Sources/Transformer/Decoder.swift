/// The decoder, tensor by tensor: the one list of what there is, in the order of saved files and of training's buffers.
///
///     x = embedding[id]
///     every layer:
///         n = rmsnorm(x, inputNorm)
///         q, k, v = q n + qBias, k n + kBias, v n + vBias, in heads
///         q, k = rope(rmsnorm(q, qNorm)), rope(rmsnorm(k, kNorm)), head by head
///         x = x + rmsnorm(o attention(q, k, v) + oBias, attentionOutNorm)
///         n = rmsnorm(x, mlpNorm)
///         x = x + rmsnorm(down (activation(gate n + gateBias) · (up n + upBias)) + downBias, mlpOutNorm)
///     logits = head rmsnorm(x, finalNorm)
///
/// Norms and biases that a model does not have change nothing. What attention sees and how rope turns is the layer's
/// ``LayerAttention``.
///
/// It is generic in what is kept of each tensor: weights are a `Decoder<WeightMatrix, FloatBuffer>`, the places of
/// trained numbers a `Decoder<Int, Int>`. A new tensor is a property here and its line in the initialiser; files,
/// training, saving and the check of what is loaded follow from that line. Weight decay is no column: as in PyTorch
/// with one group of parameters, AdamW's applies to every tensor alike.
package struct Decoder<Matrix, Vector> {
    /// The tensors of one layer.
    package struct Layer {
        /// [hidden]: of the norms before attention and before the MLP; nil where the family has none.
        package let inputNorm, mlpNorm: Vector?
        /// [hidden]: of the norms of what attention and the MLP add; nil where the family has none.
        package let attentionOutNorm, mlpOutNorm: Vector?
        /// [heads · headDim, hidden], [kvHeads · headDim, hidden] twice, [hidden, heads · headDim].
        package let q, k, v, o: Matrix
        /// [heads · headDim], [kvHeads · headDim] twice, [hidden]; nil where the model has none.
        package let qBias, kBias, vBias, oBias: Vector?
        /// [headDim], the same for all heads, or [heads · headDim] and [kvHeads · headDim], over all at once; nil where
        /// the family has none.
        package let qNorm, kNorm: Vector?
        /// [intermediate, hidden] twice, [hidden, intermediate].
        package let gate, up, down: Matrix
        /// [intermediate] twice, [hidden]; nil where the model has none.
        package let gateBias, upBias, downBias: Vector?

        fileprivate init(
            _ c: Configuration, _ index: Int, _ matrix: (TensorSpec) throws -> Matrix,
            _ vector: (TensorSpec) throws -> Vector
        ) rethrows {
            let norms = c.architecture.norms, biases = c.biases, heads = c.heads, kvHeads = c.kvHeads
            let (hidden, inner, queries, keys) = (c.hidden, c.intermediate, c.queryWidth, c.kvWidth)
            //                                    Hugging Face                GGUF           shape
            inputNorm = norms.areBefore ? try vector(.norm(c, index, "input_layernorm", "attn_norm", hidden)) : nil
            q = try matrix(.linear(index, "self_attn.q_proj", "attn_q", queries, hidden, rotaryHeads: heads))
            k = try matrix(.linear(index, "self_attn.k_proj", "attn_k", keys, hidden, rotaryHeads: kvHeads))
            v = try matrix(.linear(index, "self_attn.v_proj", "attn_v", keys, hidden))
            func bias(_ has: Bool, _ name: String, _ gguf: String, _ size: Int, rotaryHeads: Int? = nil) throws
                -> Vector?
            { has ? try vector(.bias(index, name, gguf, size, rotaryHeads: rotaryHeads)) : nil }
            qBias = try bias(biases.qkv, "self_attn.q_proj", "attn_q", queries, rotaryHeads: heads)
            kBias = try bias(biases.qkv, "self_attn.k_proj", "attn_k", keys, rotaryHeads: kvHeads)
            vBias = try bias(biases.qkv, "self_attn.v_proj", "attn_v", keys)
            qNorm = try c.headNorm(of: heads).map {
                try vector(.norm(c, index, "self_attn.q_norm", "attn_q_norm", $0.width))
            }
            kNorm = try c.headNorm(of: kvHeads).map {
                try vector(.norm(c, index, "self_attn.k_norm", "attn_k_norm", $0.width))
            }
            o = try matrix(.linear(index, "self_attn.o_proj", "attn_output", hidden, queries))
            oBias = try bias(biases.output, "self_attn.o_proj", "attn_output", hidden)
            attentionOutNorm =
                norms.areAfter
                ? try vector(.norm(c, index, "post_attention_layernorm", "post_attention_norm", hidden)) : nil
            let mlpNormName = norms.areAfter ? "pre_feedforward_layernorm" : "post_attention_layernorm"
            mlpNorm = norms.areBefore ? try vector(.norm(c, index, mlpNormName, "ffn_norm", hidden)) : nil
            gate = try matrix(.linear(index, "mlp.gate_proj", "ffn_gate", inner, hidden))
            up = try matrix(.linear(index, "mlp.up_proj", "ffn_up", inner, hidden))
            down = try matrix(.linear(index, "mlp.down_proj", "ffn_down", hidden, inner))
            gateBias = try bias(biases.mlp, "mlp.gate_proj", "ffn_gate", inner)
            upBias = try bias(biases.mlp, "mlp.up_proj", "ffn_up", inner)
            downBias = try bias(biases.mlp, "mlp.down_proj", "ffn_down", hidden)
            mlpOutNorm =
                norms.areAfter
                ? try vector(.norm(c, index, "post_feedforward_layernorm", "post_ffw_norm", hidden)) : nil
        }
    }

    /// [vocabulary, hidden].
    package let embedding: Matrix
    /// From the first to the last that runs.
    package let layers: [Layer]
    /// [hidden].
    package let finalNorm: Vector
    /// [vocabulary, hidden]; nil where the embedding is the output head.
    package let head: Matrix?

    /// Asks for every tensor that `configuration` has, once, in order.
    /// - Throws: what the two throw.
    package init(
        _ configuration: Configuration, matrix: (TensorSpec) throws -> Matrix, vector: (TensorSpec) throws -> Vector
    ) rethrows {
        let c = configuration
        embedding = try matrix(.embedding(c))
        layers = try (0..<c.layers).map { try Layer(c, $0, matrix, vector) }
        finalNorm = try vector(.norm(c, nil, "model.norm", "output_norm", c.hidden))
        head = c.tiedHead ? nil : try matrix(.outputHead(c))
    }

    /// What gives the logits: the embedding where it is the output head too.
    package var outputHead: Matrix { head ?? embedding }
}

extension Decoder: Sendable where Matrix: Sendable, Vector: Sendable {}
extension Decoder.Layer: Sendable where Matrix: Sendable, Vector: Sendable {}
extension Decoder: Equatable where Matrix: Equatable, Vector: Equatable {}
extension Decoder.Layer: Equatable where Matrix: Equatable, Vector: Equatable {}

extension Configuration {
    /// Every tensor, in order; a tied head is none.
    package var tensors: [TensorSpec] {
        var all: [TensorSpec] = []
        _ = Decoder<Void, Void>(self, matrix: { all.append($0) }, vector: { all.append($0) })
        return all
    }

    /// Trainable numbers; a tied head is counted once.
    package var parameters: Int { tensors.reduce(0) { $0 + $1.count } }
}
