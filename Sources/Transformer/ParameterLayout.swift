/// Where each trained tensor lies in one flat f32 buffer, under its Hugging Face name. Values, gradients and
/// both optimiser moments share a layout, so that an optimiser step is one loop.
package struct ParameterLayout: Sendable, Equatable {
    package struct Entry: Sendable, Equatable {
        package let name: String
        /// Hugging Face order: [outputs, inputs] for a matrix, [size] for a vector.
        package let shape: [Int]
        package let offset: Int
        package var count: Int { shape.reduce(1, *) }
        package var range: Range<Int> { offset..<(offset + count) }
    }

    /// The tensors of one decoder layer, as offsets into the flat buffer.
    struct Layer: Sendable, Equatable {
        var inputNorm = 0, postNorm = 0
        var q = 0, k = 0, v = 0, o = 0
        var qBias: Int?, kBias: Int?, vBias: Int?
        var gate = 0, up = 0, down = 0
    }

    /// Where a value head lies.
    struct ValueOffsets: Sendable, Equatable {
        var weight: Int, bias: Int
    }

    package private(set) var entries: [Entry] = []
    /// Floats in the buffer, with each tensor's start rounded up to a cache line.
    package private(set) var count = 0
    private(set) var layers: [Layer] = []
    private(set) var embedding = 0, finalNorm = 0, head = 0
    private(set) var valueHead: ValueOffsets?

    /// - Parameter valueHead: whether a value head stands where the language-model head would.
    package init(_ configuration: Configuration, valueHead: Bool = false) {
        let c = configuration
        let queries = c.heads * c.headDim, keys = c.kvHeads * c.headDim
        embedding = add("model.embed_tokens.weight", [c.vocabulary, c.hidden])
        for index in 0..<c.layers {
            let prefix = "model.layers.\(index)."
            var layer = Layer()
            layer.inputNorm = add(prefix + "input_layernorm.weight", [c.hidden])
            layer.q = add(prefix + "self_attn.q_proj.weight", [queries, c.hidden])
            layer.k = add(prefix + "self_attn.k_proj.weight", [keys, c.hidden])
            layer.v = add(prefix + "self_attn.v_proj.weight", [keys, c.hidden])
            if c.qkvBias {
                layer.qBias = add(prefix + "self_attn.q_proj.bias", [queries])
                layer.kBias = add(prefix + "self_attn.k_proj.bias", [keys])
                layer.vBias = add(prefix + "self_attn.v_proj.bias", [keys])
            }
            layer.o = add(prefix + "self_attn.o_proj.weight", [c.hidden, queries])
            layer.postNorm = add(prefix + "post_attention_layernorm.weight", [c.hidden])
            layer.gate = add(prefix + "mlp.gate_proj.weight", [c.intermediate, c.hidden])
            layer.up = add(prefix + "mlp.up_proj.weight", [c.intermediate, c.hidden])
            layer.down = add(prefix + "mlp.down_proj.weight", [c.hidden, c.intermediate])
            layers.append(layer)
        }
        finalNorm = add("model.norm.weight", [c.hidden])
        if valueHead {
            self.valueHead = ValueOffsets(
                weight: add(ValueHead.weightName, [1, c.hidden]), bias: add(ValueHead.biasName, [1]))
        }
        head = c.tiedHead || valueHead ? embedding : add("lm_head.weight", [c.vocabulary, c.hidden])
    }

    /// Trained numbers, without the gaps between tensors.
    package var parameters: Int { entries.reduce(0) { $0 + $1.count } }

    private mutating func add(_ name: String, _ shape: [Int]) -> Int {
        let entry = Entry(name: name, shape: shape, offset: count)
        entries.append(entry)
        count = (entry.range.upperBound + 15) / 16 * 16
        return entry.offset
    }
}
