import Formats
import Foundation
import Transformer

/// Brings GGUF metadata to a `Configuration`. A key of the architecture that we do not know is refused: it may
/// change what the model computes.
struct GGUFConfigurationReader {
    let file: GGUFModel
    /// The tensor `rope_freqs.weight`: what each rotary frequency is divided by (llama3 scaling).
    let ropeFactors: [Float]?

    /// - Throws: ``CheckpointsError`` for a key that is missing or makes no sense, and for what is not supported.
    func configuration() throws -> Configuration {
        let family = try family(), architecture = try architecture(of: family)
        let keys = GGUFSettings(file: file, family: family)
        try keys.refuseUnknown()
        try refuseVariants(keys, architecture)
        let hidden = try keys.size("embedding_length"), heads = try keys.size("attention.head_count")
        let headDim = try keys.size("attention.key_length", default: hidden / heads)
        guard try keys.size("attention.value_length", default: headDim) == headDim,
            try keys.size("rope.dimension_count", default: headDim) == headDim,
            headDim * heads == hidden || keys.value("attention.key_length") != nil
        else {
            throw unsupported("key, value and rotary sizes that differ, or heads that do not divide the model's size")
        }
        var configuration = Configuration(
            architecture: architecture, hidden: hidden, layers: try keys.layers("block_count"), heads: heads,
            kvHeads: try keys.size("attention.head_count_kv", default: heads), headDim: headDim,
            intermediate: try keys.size("feed_forward_length"), vocabulary: try vocabulary(),
            maxPositions: try keys.size("context_length"),
            ropeTheta: try keys.number("rope.freq_base", default: 10_000),
            rmsEpsilon: try keys.number("attention.layer_norm_rms_epsilon"),
            tiedHead: !file.tensors.contains { $0.name == TensorSpec.outputHeadNames.gguf },
            biases: try biases(architecture))
        configuration.ropeScaling = try scaling(keys, configuration)
        configuration.layerAttention = attention(configuration)
        if case .byLayer(_, let pattern) = architecture.window { try readLayers(keys, pattern, into: &configuration) }
        return configuration
    }

    /// Files of Gemma 3 leave some of this to the reader; it is what llama.cpp takes it for (llama-model.cpp): every
    /// `pattern`th layer sees everything, the others turn by a base of 10,000, and the largest model, of 62 layers,
    /// divides scores by the root of another number than the heads' size.
    private func readLayers(_ keys: GGUFSettings, _ pattern: Int, into c: inout Configuration) throws {
        c.queryScalar = Double(c.layers == 62 ? c.hidden / c.heads : c.headDim)
        guard let window = keys.value("attention.sliding_window"), window.asInt != 0 else { return }
        let windowed = LayerAttention(window: try keys.size("attention.sliding_window"), rotary: .local)
        c.layerAttention = try windowedLayers(keys, pattern, c.layers).map { $0 ? windowed : .full }
        c.localRopeTheta = try keys.number("rope.freq_base_swa", default: 10_000)
    }

    private func windowedLayers(_ keys: GGUFSettings, _ pattern: Int, _ layers: Int) throws -> [Bool] {
        let key = "attention.sliding_window_pattern"
        if case .bools(let named) = keys.value(key) {
            guard named.count == layers else { throw keys.failure(key, "names \(named.count) layers of \(layers)") }
            return named
        }
        let pattern = try keys.size(key, default: pattern)
        return (1...layers).map { $0 % pattern != 0 }
    }

    /// No key says which layers do not know positions: llama.cpp takes the family's interval.
    private func attention(_ c: Configuration) -> [LayerAttention] {
        guard let interval = c.architecture.unturnedInterval else { return [] }
        let all = (1...c.layers).map { LayerAttention(window: nil, rotary: $0 % interval == 0 ? .none : .main) }
        return all.contains { $0 != .full } ? all : []
    }

    /// No key says which biases there are: llama.cpp takes those that it finds.
    private func biases(_ architecture: Architecture) throws -> Biases {
        func has(_ key: BiasSwitch, _ name: String) -> Bool {
            architecture.biasSwitches.contains(key) && file.tensors.contains { $0.name == "blk.0.\(name).bias" }
        }
        let (qkv, output) = (has(.attention, "attn_q"), has(.attention, "attn_output"))
        guard qkv == output else {
            throw unsupported(
                "biases of q, k and v, or of what follows attention, without the others, are not supported")
        }
        return Biases(qkv: architecture.hasQKVBias || qkv, output: output, mlp: has(.mlp, "ffn_gate"))
    }

    private func unsupported(_ what: String, _ hint: String = CheckpointsError.families) -> CheckpointsError {
        .unsupported(file: file.path, what: what, hint: hint)
    }

    private func family() throws -> String {
        guard let family = file.metadata["general.architecture"]?.asString else {
            throw CheckpointsError.setting(file: file.path, key: "general.architecture", what: "is missing")
        }
        return family
    }

    private func architecture(of family: String) throws -> Architecture {
        guard let architecture = Architecture.named(inGGUF: family) else {
            throw unsupported(OtherFamilies.refusal(of: family, key: "architecture"))
        }
        return architecture
    }

    private func vocabulary() throws -> Int {
        let name = TensorSpec.embeddingNames.gguf
        guard let rows = file.tensors.first(where: { $0.name == name })?.shape.first else {
            throw CheckpointsError.tensor(file: file.path, name: name, what: "it is missing")
        }
        guard (1..<sizeLimit).contains(rows) else {
            throw CheckpointsError.tensor(file: file.path, name: name, what: "it has \(rows) rows")
        }
        return rows
    }

    private func refuseVariants(_ keys: GGUFSettings, _ architecture: Architecture) throws {
        for key in ["expert_count", "expert_used_count"] {
            if let value = keys.value(key), value.asInt != 0 {
                throw unsupported(
                    "\(keys.family).\(key) = \(value.summary) is not supported: it needs a mixture of experts")
            }
        }
        if case .byLayer = architecture.window {
        } else if let window = keys.value("attention.sliding_window"), window.asInt != 0,
            try keys.size("attention.sliding_window") < keys.size("context_length")
        {
            throw unsupported("\(keys.family).attention.sliding_window = \(window.summary) is not supported")
        }
        guard try keys.flag("attention.causal", default: true) else {
            throw unsupported("attention that is not causal")
        }
    }

    // MARK: Rotary positions

    private func scaling(_ keys: GGUFSettings, _ unscaled: Configuration) throws -> Configuration.RopeScaling {
        // As llama.cpp takes a factor that stands alone.
        let isScaled = keys.value("rope.scaling.factor").map { $0.asDouble != 0 } ?? false
        let kind = try keys.text("rope.scaling.type", default: isScaled ? "linear" : "none")
        if let ropeFactors {
            guard kind == "none" else {
                throw unsupported("rope scaling \(kind.debugDescription) together with rope_freqs.weight")
            }
            return try llama3(ropeFactors, unscaled)
        }
        switch kind {
        case "none": return .none
        case "linear": return .linear(factor: try keys.number("rope.scaling.factor"))
        case "yarn":
            let context = Double(unscaled.maxPositions)
            var yarn = Yarn(
                factor: try keys.number("rope.scaling.factor"),
                originalContext: try keys.number("rope.scaling.original_context_length", default: context))
            yarn.betaFast = try keys.number("rope.scaling.yarn_beta_fast", default: yarn.betaFast)
            yarn.betaSlow = try keys.number("rope.scaling.yarn_beta_slow", default: yarn.betaSlow)
            return .yarn(yarn)
        default:
            throw unsupported(
                "rope scaling \(kind.debugDescription) is not supported", "none, linear, yarn and llama3's factors are")
        }
    }

    /// The file keeps llama3's factors but not the numbers they came from: those of the released models are tried,
    /// and must give the same factors.
    private func llama3(_ factors: [Float], _ unscaled: Configuration) throws -> Configuration.RopeScaling {
        guard factors.count == unscaled.headDim / 2 else {
            throw unsupported("\(factors.count) rope factors for heads of \(unscaled.headDim)")
        }
        guard let factor = factors.max(), factors.allSatisfy({ $0 >= 1 && $0.isFinite }) else {
            throw unsupported("rope_freqs.weight holds what is no factor, below 1 or no number")
        }
        if factors.allSatisfy({ $0 == 1 }) { return .none }
        var released = unscaled
        released.ropeScaling = .llama3(
            factor: Double(factor), lowFrequency: 1, highFrequency: 4, originalContext: 8192)
        for (index, found) in factors.enumerated() {
            let kept = released.keptShare(ofFrequency: index)
            let expected = 1 / ((1 - kept) / Double(factor) + kept)
            guard abs(Double(found) - expected) <= 1e-3 * expected else {
                throw unsupported(
                    "rope factors other than Llama 3's are not supported", "load the Hugging Face directory instead")
            }
        }
        return released.ropeScaling
    }
}
