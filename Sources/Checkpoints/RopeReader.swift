import Formats
import Transformer

/// The rotary positions of a config.json: `rope_parameters` (transformers 5), or `rope_scaling` and `rope_theta`;
/// within them `rope_type`, else `type`. Where both stand there, they must say the same.
struct RopeReader {
    let settings: Settings
    /// The base where the file names none.
    let defaultTheta: Double

    typealias Rope = (theta: Double, scaling: Configuration.RopeScaling)

    /// - Throws: ``CheckpointsError`` for a key that is missing or makes no sense, and for a scaling that is not
    ///   computed.
    func rope() throws -> Rope {
        guard try settings.number("partial_rotary_factor", default: 1) == 1 else { throw partial }
        let outerTheta = try settings.number("rope_theta", default: defaultTheta)
        let found = try ["rope_parameters", "rope_scaling"].compactMap { key in
            try settings.object(key).map {
                try rope(Settings(file: "\(settings.file): \(key)", object: $0), outerTheta)
            }
        }
        guard let first = found.first else { return (outerTheta, .none) }
        guard found.allSatisfy({ $0 == first }) else {
            throw settings.failure("rope_scaling", "says something else than rope_parameters")
        }
        return first
    }

    private func rope(_ rope: Settings, _ outerTheta: Double) throws -> Rope {
        (try rope.number("rope_theta", default: outerTheta), try scaling(rope))
    }

    private func unsupported(_ what: String, _ hint: String) -> CheckpointsError {
        .unsupported(file: settings.file, what: what, hint: hint)
    }

    private var partial: CheckpointsError {
        unsupported(
            "partial_rotary_factor: heads of which RoPE turns a part are not supported", CheckpointsError.families)
    }

    private func scaling(_ rope: Settings) throws -> Configuration.RopeScaling {
        guard rope.value("rope_type") != nil || rope.value("type") != nil || rope.value("factor") == nil else {
            throw rope.failure("rope_type", "is missing")
        }
        let older = try rope.text("type", default: "default"), kind = try rope.text("rope_type", default: older)
        switch kind {
        case "default":
            for (key, value) in rope.object.members where value.asObject != nil {
                throw unsupported(
                    "rope parameters per layer type (\(key)) are not supported", CheckpointsError.families)
            }
            try refuseUnread(rope, kind, [])
            return .none
        case "linear":
            try refuseUnread(rope, kind, ["factor"])
            return .linear(factor: try rope.number("factor"))
        case "llama3": return try llama3(rope)
        case "yarn": return try yarn(rope)
        default:
            throw unsupported(
                "rope type \(kind.debugDescription) is not supported", "default, linear, llama3 and yarn are")
        }
    }

    /// Refuses what the scaling has beside `known` keys, as it may be meant to change something.
    private func refuseUnread(_ rope: Settings, _ kind: String, _ known: Set<String>) throws {
        guard try rope.number("partial_rotary_factor", default: 1) == 1 else { throw partial }
        let always: Set<String> = [
            "rope_theta", "rope_type", "type", "partial_rotary_factor", "original_max_position_embeddings", "finetuned",
        ]
        for (key, value) in rope.object.members where !value.isNull && !known.union(always).contains(key) {
            throw rope.failure(
                key, "is not known of rope type \(kind.debugDescription): it may change what is computed")
        }
    }

    /// The context before it was stretched, which transformers takes from these three places, in this order.
    private func originalContext(_ rope: Settings) throws -> Double {
        let key = "original_max_position_embeddings"
        if settings.value(key) != nil { return try settings.number(key) }
        return try rope.number(key, default: Double(settings.size("max_position_embeddings")))
    }

    private func llama3(_ rope: Settings) throws -> Configuration.RopeScaling {
        try refuseUnread(rope, "llama3", ["factor", "low_freq_factor", "high_freq_factor"])
        let low = try rope.number("low_freq_factor"), high = try rope.number("high_freq_factor")
        guard low < high else { throw rope.failure("low_freq_factor", "is not below high_freq_factor") }
        return .llama3(
            factor: try rope.number("factor"), lowFrequency: low, highFrequency: high,
            originalContext: try originalContext(rope))
    }

    /// `attn_factor` is vLLM's: transformers and llama.cpp read no such key, and compute without it.
    private func yarn(_ rope: Settings) throws -> Configuration.RopeScaling {
        try refuseUnread(
            rope, "yarn",
            [
                "factor", "attention_factor", "beta_fast", "beta_slow", "mscale", "mscale_all_dim", "truncate",
                "attn_factor",
            ])
        let original = try originalContext(rope)
        let stretched = Double(try settings.size("max_position_embeddings")) / original
        let factor = try rope.number("factor", default: stretched)
        var yarn = Yarn(factor: factor, originalContext: original)
        if rope.value("attention_factor") != nil {
            yarn.attentionFactor = try rope.number("attention_factor")
        } else if let mscale = try rope.numberOrZero("mscale"), let all = try rope.numberOrZero("mscale_all_dim") {
            yarn.attentionFactor = Yarn.magnitude(factor, mscale) / Yarn.magnitude(factor, all)
        }
        yarn.betaFast = try rope.numberOrZero("beta_fast") ?? yarn.betaFast
        yarn.betaSlow = try rope.numberOrZero("beta_slow") ?? yarn.betaSlow
        yarn.truncates = try rope.flag("truncate", default: true)
        return .yarn(yarn)
    }
}

extension Settings {
    /// A number above 0; nil where it is absent, null or 0, which transformers takes for absent.
    fileprivate func numberOrZero(_ key: String) throws -> Double? {
        value(key)?.asDouble == 0 || value(key) == nil ? nil : try number(key)
    }
}
