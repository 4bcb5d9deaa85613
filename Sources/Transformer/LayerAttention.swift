/// What one layer's attention sees of the path, and how positions turn its q and k.
package struct LayerAttention: Sendable, Equatable {
    /// By which frequencies positions turn q and k.
    package enum Rotary: Sendable, Equatable {
        /// Those of ``Configuration/ropeTheta`` and ``Configuration/ropeScaling``.
        case main
        /// Those of ``Configuration/localRopeTheta``, never scaled.
        case local
        /// By none: the layer does not know positions.
        case none
    }

    /// How many positions a row sees, itself and those just before it; nil: all.
    package let window: Int?
    /// By which frequencies positions turn q and k.
    package let rotary: Rotary

    /// - Parameter window: 1 or more; nil for all positions.
    package init(window: Int?, rotary: Rotary) {
        (self.window, self.rotary) = (window, rotary)
    }

    /// All positions, turned by the main frequencies: every layer of most families.
    package static let full = LayerAttention(window: nil, rotary: .main)

    /// As kernels take it.
    var windowOrAll: Int { window ?? .max }
}

extension Configuration {
    /// The attention of layer `index`.
    package func attention(of index: Int) -> LayerAttention {
        layerAttention.isEmpty ? .full : layerAttention[index]
    }

    /// What scores are divided by the root of.
    package var scorePower: Double { queryScalar ?? Double(headDim) }
}

/// The rotations of all layers over the same positions.
struct Rotations: Sendable {
    private let main: Rotation
    private let local: Rotation?

    init(main: Rotation, local: Rotation?) {
        (self.main, self.local) = (main, local)
    }

    /// Nil where positions turn nothing.
    subscript(rotary: LayerAttention.Rotary) -> Rotation? {
        switch rotary {
        case .main: main
        case .local: local
        case .none: nil
        }
    }
}

/// The ``RotaryTable``s of a model.
final class RotaryTables: Sendable {
    private let main: RotaryTable
    private let local: RotaryTable?

    init(_ configuration: Configuration) throws {
        main = try RotaryTable(configuration)
        local = try configuration.localRopeTheta.map { theta in
            var plain = configuration
            (plain.ropeTheta, plain.ropeScaling) = (theta, .none)
            return try RotaryTable(plain)
        }
    }

    /// Tables that hold at least `positions` rows.
    /// - Throws: ``ComputeError/outOfMemory(bytes:)``.
    func covering(_ positions: Int) throws -> Rotations {
        Rotations(main: try main.covering(positions), local: try local?.covering(positions))
    }
}
