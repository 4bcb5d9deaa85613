import Formats
import Transformer

/// The layers of a config.json of which some see only a window of positions, or do not know positions, and all others
/// are turned by the same frequencies (Mistral, Qwen, SmolLM3). Windows count as transformers counts them: a row sees
/// itself and those just before it, `sliding_window` in all.
struct WindowReader {
    let settings: Settings
    private let architecture: Architecture
    private let layers: Int
    /// The longest context: a window of that length is none.
    private let context: Int

    init(settings: Settings, configuration c: Configuration) {
        self.settings = settings
        (architecture, layers, context) = (c.architecture, c.layers, c.maxPositions)
    }

    /// One a layer; none where all are ``LayerAttention/full``.
    /// - Throws: ``CheckpointsError``.
    func attention() throws -> [LayerAttention] {
        let turned = try turned(), named = try settings.layerKinds(layers)
        let window = try window()
        let windowed = try windowed(window, named, turned)
        let all = zip(turned, windowed).map {
            LayerAttention(window: $1 ? window : nil, rotary: $0 ? .main : .none)
        }
        return all.contains { $0 != .full } ? all : []
    }

    /// Which layers know positions: `no_rope_layers` has a 1 for each.
    private func turned() throws -> [Bool] {
        guard let unnamed = architecture.unturnedInterval else { return Array(repeating: true, count: layers) }
        guard let named = try settings.array("no_rope_layers") else {
            let interval = try settings.size("no_rope_layer_interval", default: unnamed)
            return (1...layers).map { $0 % interval != 0 }
        }
        guard named.count >= layers else {
            throw settings.failure("no_rope_layers", "names \(named.count) layers of \(layers)")
        }
        return try named.prefix(layers).map { value in
            guard let bit = value.asInt, [0, 1].contains(bit) else {
                throw settings.failure("no_rope_layers", "holds \(value.text()), neither 0 nor 1")
            }
            return bit == 1
        }
    }

    /// The window, where one is in use and shorter than the context.
    private func window() throws -> Int? {
        let window: Int
        switch architecture.window {
        case .none, .byLayer: return nil
        case .always(let unnamed):
            if settings.object["sliding_window"]?.isNull == true { return nil }
            window = try settings.size("sliding_window", default: unnamed)
        case .switched(let unnamed):
            guard try settings.flag("use_sliding_window", default: false) else { return nil }
            if settings.object["sliding_window"]?.isNull == true { return nil }
            guard unnamed != nil || settings.value("sliding_window") != nil else { return nil }
            window = try settings.size("sliding_window", default: unnamed)
        }
        return window < context ? window : nil
    }

    /// Whether the file has a window, however long. Mistral's, or Ministral's whose layers are named, needs no switch.
    private func isInUse() throws -> Bool {
        switch architecture.window {
        case .none, .byLayer: false
        case .always: settings.object["sliding_window"]?.isNull != true
        case .switched: try settings.flag("use_sliding_window", default: false)
        }
    }

    /// Which layers see only the window: those of that name, else those that do not know positions, where the family
    /// has such, else those from `max_window_layers` on.
    private func windowed(_ window: Int?, _ named: [LayerKind]?, _ turned: [Bool]) throws -> [Bool] {
        if let named {
            let windowed = named.map { $0 == .sliding }
            guard try !windowed.contains(true) || isInUse() else {
                throw settings.failure(
                    "layer_types", "names \(LayerKind.sliding.rawValue), but no sliding window is in use")
            }
            return windowed.map { $0 && window != nil }
        }
        guard window != nil else { return turned.map { _ in false } }
        if case .always = architecture.window { return turned.map { _ in true } }
        if architecture.unturnedInterval != nil { return turned.map { !$0 } }
        let first = settings.value("max_window_layers") ?? 28
        guard let index = first.asInt, index >= 0 else {
            throw settings.failure("max_window_layers", "is \(first.text()), not a number of layers")
        }
        return turned.indices.map { $0 >= index }
    }
}
