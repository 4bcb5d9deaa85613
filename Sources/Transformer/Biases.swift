/// A switch of config.json for biases.
package enum BiasSwitch: String, Sendable {
    /// Of q, k, v and what follows attention.
    case attention = "attention_bias"
    /// Of the MLP's three.
    case mlp = "mlp_bias"
}

/// Which linear layers of a decoder add biases.
package struct Biases: Sendable, Equatable {
    /// Those that make q, k and v; the one after attention; those of the MLP.
    package var qkv, output, mlp: Bool

    /// None but those named.
    package init(qkv: Bool = false, output: Bool = false, mlp: Bool = false) {
        (self.qkv, self.output, self.mlp) = (qkv, output, mlp)
    }
}
