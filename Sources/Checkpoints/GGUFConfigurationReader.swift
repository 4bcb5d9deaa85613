import Formats
import Foundation
import Transformer

/// Brings GGUF metadata to a `Configuration`. A key of the architecture that we do not know is refused: it may
/// change what the model computes.
struct GGUFConfigurationReader {
    let file: GGUFFile
    /// The tensor `rope_freqs.weight`: what each rotary frequency is divided by (llama3 scaling).
    let ropeFactors: [Float]?

    func configuration(hasHead: Bool) throws -> Configuration {
        guard let family = file.metadata["general.architecture"]?.asString else {
            throw CheckpointsError.setting(file: file.path, key: "general.architecture", what: "is missing")
        }
        guard let architecture = Configuration.Architecture(rawValue: family) else {
            throw unsupported("architecture \(family.debugDescription) is not supported")
        }
        let keys = Keys(file: file, family: family)
        try keys.refuseUnknown()
        try refuseVariants(keys)
        let hidden = try keys.size("embedding_length"), heads = try keys.size("attention.head_count")
        let headDim = try keys.size("attention.key_length", default: hidden / heads)
        guard try keys.size("attention.value_length", default: headDim) == headDim,
            try keys.size("rope.dimension_count", default: headDim) == headDim,
            headDim * heads == hidden || keys.has("attention.key_length")
        else {
            throw unsupported("key, value and rotary sizes that differ, or heads that do not divide the model's size")
        }
        let theta = try keys.number("rope.freq_base", default: 10_000)
        let layers = try keys.size("block_count")
        guard layers <= Settings.layerLimit else { throw keys.failure("block_count", "is \(layers), too many") }
        return Configuration(
            architecture: architecture, hidden: hidden, layers: layers, heads: heads,
            kvHeads: try keys.size("attention.head_count_kv", default: heads), headDim: headDim,
            intermediate: try keys.size("feed_forward_length"), vocabulary: try vocabulary(),
            maxPositions: try keys.size("context_length"), ropeTheta: theta,
            ropeScaling: try scaling(keys, theta: theta, headDim: headDim),
            rmsEpsilon: try keys.number("attention.layer_norm_rms_epsilon"), tiedHead: !hasHead,
            qkvBias: architecture == .qwen2)
    }

    private func unsupported(_ what: String, _ hint: String = CheckpointsError.families) -> CheckpointsError {
        .unsupported(file: file.path, what: what, hint: hint)
    }

    private func vocabulary() throws -> Int {
        guard let rows = file.tensors.first(where: { $0.name == "token_embd.weight" })?.shape.first else {
            throw CheckpointsError.tensor(file: file.path, name: "token_embd.weight", what: "it is missing")
        }
        guard (1..<Settings.sizeLimit).contains(rows) else {
            throw CheckpointsError.tensor(file: file.path, name: "token_embd.weight", what: "it has \(rows) rows")
        }
        return rows
    }

    private func refuseVariants(_ keys: Keys) throws {
        for key in ["expert_count", "expert_used_count", "attention.sliding_window"] {
            if let value = keys.value(key), value.asInt != 0 {
                throw unsupported("\(keys.family).\(key) = \(value.summary) is not supported")
            }
        }
        if let causal = keys.value("attention.causal"), causal != .bool(true) {
            throw unsupported("attention that is not causal")
        }
    }

    // MARK: Rotary positions

    private func scaling(_ keys: Keys, theta: Double, headDim: Int) throws -> Configuration.RopeScaling {
        let kind = keys.value("rope.scaling.type")?.asString ?? "none"
        if let ropeFactors {
            guard kind == "none" else {
                throw unsupported("rope scaling \(kind.debugDescription) together with rope_freqs.weight")
            }
            return try llama3(ropeFactors, theta: theta, headDim: headDim)
        }
        switch kind {
        case "none": return .none
        case "linear": return .linear(factor: try keys.number("rope.scaling.factor"))
        default:
            throw unsupported(
                "rope scaling \(kind.debugDescription) is not supported", "none, linear and llama3's factors are")
        }
    }

    /// The file keeps llama3's factors but not the numbers they came from: those of the released models are tried,
    /// and must give the same factors.
    private func llama3(_ factors: [Float], theta: Double, headDim: Int) throws -> Configuration.RopeScaling {
        guard factors.count == headDim / 2, let factor = factors.max(), factor >= 1, factor.isFinite else {
            throw unsupported("\(factors.count) rope factors for heads of \(headDim)")
        }
        if factors.allSatisfy({ $0 == 1 }) { return .none }
        let expected = (0..<headDim / 2).map { index -> Double in
            let wavelength = 2 * Double.pi * pow(theta, 2 * Double(index) / Double(headDim))
            if wavelength < Self.originalContext / Self.highFrequency { return 1 }
            if wavelength > Self.originalContext / Self.lowFrequency { return Double(factor) }
            let smooth =
                (Self.originalContext / wavelength - Self.lowFrequency) / (Self.highFrequency - Self.lowFrequency)
            return 1 / ((1 - smooth) / Double(factor) + smooth)
        }
        guard zip(factors, expected).allSatisfy({ abs(Double($0) - $1) <= 1e-3 * $1 }) else {
            throw unsupported(
                "rope factors other than Llama 3's are not supported", "load the Hugging Face directory instead")
        }
        return .llama3(
            factor: Double(factor), lowFrequency: Self.lowFrequency, highFrequency: Self.highFrequency,
            originalContext: Self.originalContext)
    }

    private static let originalContext = 8192.0, lowFrequency = 1.0, highFrequency = 4.0
}

/// The metadata of one architecture.
private struct Keys {
    let file: GGUFFile
    let family: String

    private static let known: Set<String> = [
        "context_length", "embedding_length", "block_count", "feed_forward_length", "vocab_size",
        "attention.head_count",
        "attention.head_count_kv", "attention.key_length", "attention.value_length", "attention.layer_norm_rms_epsilon",
        "attention.causal", "attention.sliding_window", "rope.freq_base", "rope.dimension_count", "rope.scaling.type",
        "rope.scaling.factor", "rope.scaling.original_context_length", "rope.scaling.finetuned", "expert_count",
        "expert_used_count", "tensor_data_layout",
    ]

    func refuseUnknown() throws {
        for key in file.keys
        where key.hasPrefix(family + ".") && !Self.known.contains(String(key.dropFirst(family.count + 1))) {
            throw CheckpointsError.unsupported(
                file: file.path, what: "the setting \(key) is not known", hint: "it may change what the model computes")
        }
    }

    func value(_ key: String) -> GGUFValue? { file.metadata["\(family).\(key)"] }

    func has(_ key: String) -> Bool { value(key) != nil }

    func failure(_ key: String, _ what: String) -> CheckpointsError {
        .setting(file: file.path, key: "\(family).\(key)", what: what)
    }

    func size(_ key: String, default fallback: Int? = nil) throws -> Int {
        guard let value = value(key) else {
            guard let fallback else { throw failure(key, "is missing") }
            return fallback
        }
        guard let number = value.asInt, (1..<Settings.sizeLimit).contains(number) else {
            throw failure(key, "is \(value.summary), not a sensible size")
        }
        return number
    }

    func number(_ key: String, default fallback: Double? = nil) throws -> Double {
        guard let value = value(key) else {
            guard let fallback else { throw failure(key, "is missing") }
            return fallback
        }
        guard let number = value.asDouble, number > 0, number.isFinite else {
            throw failure(key, "is \(value.summary), not a positive number")
        }
        return number
    }
}
