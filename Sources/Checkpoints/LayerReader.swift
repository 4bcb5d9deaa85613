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

    private static let (full, sliding) = ("full_attention", "sliding_attention")

    /// One a layer.
    /// - Throws: ``CheckpointsError``.
    func attention() throws -> [LayerAttention] {
        let kinds = try kinds()
        guard kinds.contains(Self.sliding) else { return kinds.map { _ in .full } }
        if settings.object["sliding_window"]?.isNull == true {
            throw settings.failure("sliding_window", "is null, but layers are of \(Self.sliding)")
        }
        let windowed = LayerAttention(window: try settings.size("sliding_window", default: window), rotary: .local)
        return kinds.map { $0 == Self.sliding ? windowed : .full }
    }

    private func kinds() throws -> [String] {
        guard let named = try settings.array("layer_types") else {
            let pattern = try settings.size("sliding_window_pattern", default: pattern)
            return (1...layers).map { $0 % pattern == 0 ? Self.full : Self.sliding }
        }
        guard named.count == layers else {
            throw settings.failure("layer_types", "names \(named.count) layers of \(layers)")
        }
        return try named.map { kind in
            guard let name = kind.asString, [Self.full, Self.sliding].contains(name) else {
                throw CheckpointsError.unsupported(
                    file: settings.file, what: "layer type \(kind.text()) is not supported",
                    hint: "\(Self.full) and \(Self.sliding) are")
            }
            return name
        }
    }

    /// The frequencies that turn layers which see everything.
    /// - Throws: ``CheckpointsError``.
    func rope() throws -> RopeReader.Rope {
        try RopeReader(settings: part(Self.full, settings.object), defaultTheta: 1_000_000).rope()
    }

    /// The base of the frequencies that turn layers which see a window.
    /// - Throws: ``CheckpointsError``; a scaling of them is not computed.
    func localTheta() throws -> Double {
        var object = settings.object
        object["rope_theta"] = object["rope_local_base_freq"]
        object["rope_scaling"] = nil
        let (theta, scaling) = try RopeReader(settings: part(Self.sliding, object), defaultTheta: 10_000).rope()
        guard scaling == .none else {
            throw CheckpointsError.unsupported(
                file: settings.file, what: "rope parameters that stretch \(Self.sliding) are not supported",
                hint: CheckpointsError.families)
        }
        return theta
    }

    /// `object` with the `rope_parameters` of one kind of layer as if they were all there are.
    private func part(_ kind: String, _ object: JSONObject) throws -> Settings {
        guard let both = try settings.object("rope_parameters") else {
            return Settings(file: settings.file, object: object)
        }
        for (key, _) in both.members where ![Self.full, Self.sliding].contains(key) {
            throw settings.failure("rope_parameters", "has \(key.debugDescription), which is no kind of layer")
        }
        guard let own = both[kind], own.asObject != nil else {
            throw settings.failure("rope_parameters", "says nothing of \(kind)")
        }
        var object = object
        object["rope_parameters"] = own
        return Settings(file: settings.file, object: object)
    }
}
