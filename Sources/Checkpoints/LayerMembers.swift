import Formats
import Transformer

extension Configuration {
    /// What a saved config.json says of biases.
    var biasMembers: [JSONObject.Member] {
        architecture.biasSwitches.map { key in
            switch key {
            case .attention: (key.rawValue, .bool(biases.output))
            case .mlp: (key.rawValue, .bool(biases.mlp))
            }
        }
    }

    /// What a saved config.json says of windows, and of layers that do not know positions.
    var layerMembers: [JSONObject.Member] {
        let all = (0..<layers).map { attention(of: $0) }
        let window = all.compactMap(\.window).first.map { JSONValue.integer(Int64($0)) }
        let kinds = all.map { JSONValue.string(LayerKind($0).rawValue) }
        let turned = all.map { JSONValue.integer($0.rotary == .none ? 0 : 1) }
        let unturned: [JSONObject.Member] =
            architecture.unturnedInterval == nil ? [] : [("no_rope_layers", .array(turned))]
        switch architecture.window {
        case .none: return unturned
        case .always:
            let isMixed = window != nil && all.contains { $0.window == nil }
            return unturned + [("sliding_window", window ?? nil)] + (isMixed ? [("layer_types", .array(kinds))] : [])
        case .byLayer: return kindMembers
        case .switched:
            guard let window else { return unturned + [("use_sliding_window", false)] }
            let first = all.firstIndex { $0.window != nil } ?? layers
            return unturned + [
                ("use_sliding_window", true), ("sliding_window", window),
                ("max_window_layers", .integer(Int64(first))), ("layer_types", .array(kinds)),
            ]
        }
    }

    /// Every layer's kind by name, for transformers 5, and as a pattern, where it is one, for 4.
    private var kindMembers: [JSONObject.Member] {
        let kinds = (0..<layers).map { attention(of: $0) }
        let names = kinds.map { JSONValue.string(LayerKind($0).rawValue) }
        var members: [JSONObject.Member] = [("layer_types", .array(names))]
        if let window = kinds.compactMap(\.window).first { members.append(("sliding_window", .integer(Int64(window)))) }
        let pattern = (kinds.firstIndex { $0.window == nil } ?? layers) + 1
        if kinds.enumerated().allSatisfy({ ($0 + 1).isMultiple(of: pattern) == ($1.window == nil) }) {
            members.append(("sliding_window_pattern", .integer(Int64(pattern))))
        }
        if let localRopeTheta { members.append(("rope_local_base_freq", .number(localRopeTheta))) }
        return members
    }

    /// `rope_parameters` as transformers 5 writes them, of both kinds of layer where there are two.
    /// - Parameter full: those of layers that see everything.
    func ropeParameters(_ full: JSONValue) -> JSONValue {
        guard case .byLayer = architecture.window else { return full }
        var members: [JSONObject.Member] = [(LayerKind.full.rawValue, full)]
        if let localRopeTheta {
            members.append(
                (LayerKind.sliding.rawValue, ["rope_type": "default", "rope_theta": .number(localRopeTheta)]))
        }
        return .object(JSONObject(members))
    }

    /// The number by whose root scores are divided, where the family's files name it.
    var scalarMembers: [JSONObject.Member] {
        guard let queryScalar else { return [] }
        return [("query_pre_attn_scalar", Int64(exactly: queryScalar).map { .integer($0) } ?? .number(queryScalar))]
    }
}
