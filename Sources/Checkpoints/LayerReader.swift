import Formats
import Transformer

/// The layers of a config.json of which some see a window of positions, turned by frequencies of its own, and the
/// others all positions (Gemma 3): `layer_types` or `sliding_window_pattern`, `sliding_window`, and either
/// `rope_parameters` of both kinds of layer (transformers 5) or `rope_theta`, `rope_scaling`, `rope_local_base_freq`.
struct LayerReader {
    let settings: Settings
    /// How many there are.
    let layers: Int
    /// What an unnamed `sliding_window` and `sliding_window_pattern` are.
    let window: Int, pattern: Int

    /// One a layer.
    /// - Throws: ``CheckpointsError``.
    func attention() throws -> [LayerAttention] {
        let kinds = try kinds()
        guard kinds.contains(.sliding) else { return kinds.map { _ in .full } }
        if settings.object["sliding_window"]?.isNull == true {
            throw settings.failure("sliding_window", "is null, but layers are of \(LayerKind.sliding.rawValue)")
        }
        let windowed = LayerAttention(window: try settings.size("sliding_window", default: window), rotary: .local)
        return kinds.map { $0 == .sliding ? windowed : .full }
    }

    private func kinds() throws -> [LayerKind] {
        if let named = try settings.layerKinds(layers) { return named }
        let pattern = try settings.size("sliding_window_pattern", default: pattern)
        return (1...layers).map { $0 % pattern == 0 ? .full : .sliding }
    }

    /// The frequencies that turn layers which see everything.
    /// - Throws: ``CheckpointsError``.
    func rope() throws -> RopeReader.Rope {
        try RopeReader(settings: part(.full, settings.object), defaultTheta: 1_000_000).rope()
    }

    /// The base of the frequencies that turn layers which see a window.
    /// - Throws: ``CheckpointsError``; a scaling of them is not computed.
    func localTheta() throws -> Double {
        var object = settings.object
        object["rope_theta"] = object["rope_local_base_freq"]
        object["rope_scaling"] = nil
        let (theta, scaling) = try RopeReader(settings: part(.sliding, object), defaultTheta: 10_000).rope()
        guard scaling == .none else {
            throw CheckpointsError.unsupported(
                file: settings.file,
                what: "rope parameters that stretch \(LayerKind.sliding.rawValue) are not supported",
                hint: CheckpointsError.families)
        }
        return theta
    }

    /// `object` with the `rope_parameters` of one kind of layer as if they were all there are.
    private func part(_ kind: LayerKind, _ object: JSONObject) throws -> Settings {
        guard let both = try settings.object("rope_parameters") else {
            return Settings(file: settings.file, object: object)
        }
        for (key, _) in both.members where LayerKind(rawValue: key) == nil {
            throw settings.failure("rope_parameters", "has \(key.debugDescription), which is no kind of layer")
        }
        guard let own = both[kind.rawValue], own.asObject != nil else {
            throw settings.failure("rope_parameters", "says nothing of \(kind.rawValue)")
        }
        var object = object
        object["rope_parameters"] = own
        return Settings(file: settings.file, object: object)
    }
}
