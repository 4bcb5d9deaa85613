import Foundation
import Transformer

/// The same decoder in the plainest way, in double precision: one sequence, no cache, no sharing.
struct ReferenceForward {
    let c: Configuration
    let tensors: [String: [Double]]

    init(_ configuration: Configuration, _ tensors: [String: [Double]]) {
        c = configuration
        self.tensors = tensors
    }

    func hidden(_ tokens: [Int32]) -> [Double] {
        let embedding = tensors["model.embed_tokens.weight"] ?? []
        let factor = c.architecture.scalesEmbeddings ? Double(c.hidden).squareRoot() : 1
        var x = tokens.map { embedding[Int($0) * c.hidden..<(Int($0) + 1) * c.hidden].map { factor * $0 } }
        for layer in 0..<c.layers {
            let prefix = "model.layers.\(layer)."
            let isBefore = c.architecture.norms != .after, isAfter = c.architecture.norms != .before
            let normed = isBefore ? x.map { norm($0, prefix + "input_layernorm.weight") } : x
            var mixed = attention(normed, layer, prefix + "self_attn.")
            if isAfter { mixed = mixed.map { norm($0, prefix + "post_attention_layernorm.weight") } }
            x = zip(x, mixed).map { zip($0, $1).map(+) }
            x = x.map { row in
                let before = isAfter ? "pre_feedforward_layernorm.weight" : "post_attention_layernorm.weight"
                let n = isBefore ? norm(row, prefix + before) : row
                let gate = multiply(n, prefix + "mlp.gate_proj"), up = multiply(n, prefix + "mlp.up_proj")
                let out = multiply(zip(gate, up).map { activated($0) * $1 }, prefix + "mlp.down_proj")
                return zip(row, isAfter ? norm(out, prefix + "post_feedforward_layernorm.weight") : out).map(+)
            }
        }
        return x.flatMap { norm($0, "model.norm.weight") }
    }

    private func activated(_ x: Double) -> Double {
        switch c.architecture.activation {
        case .silu: x / (1 + exp(-x))
        case .geluTanh: x / 2 * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
        }
    }

    private func norm(_ x: [Double], _ name: String) -> [Double] {
        let scale = 1 / (x.map { $0 * $0 }.reduce(0, +) / Double(x.count) + c.rmsEpsilon).squareRoot()
        return zip(x, tensors[name] ?? []).map { $0 * scale * ($1 + Double(c.architecture.normShift)) }
    }

    private func multiply(_ x: [Double], _ name: String) -> [Double] {
        let w = tensors[name + ".weight"] ?? [], bias = tensors[name + ".bias"]
        return (0..<w.count / x.count).map { n in
            var sum = bias?[n] ?? 0
            for k in x.indices { sum += x[k] * w[n * x.count + k] }
            return sum
        }
    }

    /// Every head's norm, or that of all at once, where there is a weight for it.
    private func normedHeads(_ x: [Double], _ name: String) -> [Double] {
        guard let width = tensors[name]?.count else { return x }
        return stride(from: 0, to: x.count, by: width).flatMap { norm(Array(x[$0..<$0 + width]), name) }
    }

    private func rotate(_ x: [Double], _ position: Int, _ theta: Double?) -> [Double] {
        guard let theta else { return x }
        var out = x
        for head in 0..<x.count / c.headDim {
            for d in 0..<c.headDim / 2 {
                let angle = Double(position) / pow(theta, Double(2 * d) / Double(c.headDim))
                let a = head * c.headDim + d, b = a + c.headDim / 2
                out[a] = x[a] * cos(angle) - x[b] * sin(angle)
                out[b] = x[b] * cos(angle) + x[a] * sin(angle)
            }
        }
        return out
    }

    private func attention(_ x: [[Double]], _ layer: Int, _ prefix: String) -> [[Double]] {
        let sees = c.layerAttention.isEmpty ? LayerAttention.full : c.layerAttention[layer]
        let theta = sees.rotary == .main ? c.ropeTheta : sees.rotary == .local ? c.localRopeTheta : nil
        func turned(_ letter: String) -> [[Double]] {
            x.enumerated().map { position, row in
                let heads = multiply(row, prefix + letter + "_proj")
                return rotate(normedHeads(heads, prefix + letter + "_norm.weight"), position, theta)
            }
        }
        let q = turned("q"), k = turned("k")
        let v = x.map { multiply($0, prefix + "v_proj") }
        return x.indices.map { row in
            var out: [Double] = []
            for head in 0..<c.heads {
                let at = head * c.headDim, kvAt = head / (c.heads / c.kvHeads) * c.headDim
                let seen = max(0, row + 1 - (sees.window ?? row + 1))...row
                let scores = seen.map { t in
                    (0..<c.headDim).map { q[row][at + $0] * k[t][kvAt + $0] }.reduce(0, +)
                        / (c.queryScalar ?? Double(c.headDim)).squareRoot()
                }
                let top = scores.max() ?? 0
                let weights = scores.map { exp($0 - top) }, total = weights.reduce(0, +)
                out += (0..<c.headDim).map { d in
                    zip(weights, seen).map { $0 * v[$1][kvAt + d] }.reduce(0, +) / total
                }
            }
            return multiply(out, prefix + "o_proj")
        }
    }
}
