import Formats
import Transformer

/// What a layer sees, as `layer_types` of config.json names it.
enum LayerKind: String, CaseIterable {
    /// All positions before it.
    case full = "full_attention"
    /// A window of them.
    case sliding = "sliding_attention"

    /// The kind of a layer that is run.
    init(_ layer: LayerAttention) { self = layer.window == nil ? .full : .sliding }
}

extension Settings {
    /// `layer_types`, one a layer; nil where the file has none.
    /// - Parameter layers: how many it must name.
    /// - Throws: ``CheckpointsError`` for another number of them, or another kind.
    func layerKinds(_ layers: Int) throws -> [LayerKind]? {
        guard let named = try array("layer_types") else { return nil }
        guard named.count == layers else {
            throw failure("layer_types", "names \(named.count) layers of \(layers)")
        }
        return try named.map { kind in
            guard let known = kind.asString.flatMap(LayerKind.init(rawValue:)) else {
                throw CheckpointsError.unsupported(
                    file: file, what: "layer type \(kind.text()) is not supported",
                    hint: LayerKind.allCases.map(\.rawValue).joined(separator: " and ") + " are")
            }
            return known
        }
    }
}
