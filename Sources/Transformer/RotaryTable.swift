import Compute
import Foundation
import Synchronization

/// Cosines and sines of RoPE's angles, times YaRN's factor, [positions, headDim / 2].
struct Rotation: Sendable {
    let half: Int
    let cosine, sine: FloatBuffer

    /// Those of one position, [headDim / 2].
    func cosines(_ position: Int) -> UnsafePointer<Float> { UnsafePointer(cosine.pointer + position * half) }
    func sines(_ position: Int) -> UnsafePointer<Float> { UnsafePointer(sine.pointer + position * half) }
}

/// The ``Rotation`` of every position, grown as contexts grow.
/// Angles are f32 products of an f32 frequency and the position, as transformers computes them.
final class RotaryTable: Sendable {
    private let frequencies: [Float]
    private let factor: Float
    private let limit: Int
    private let grown: Mutex<(positions: Int, rotation: Rotation)>

    init(_ configuration: Configuration) throws {
        frequencies = configuration.frequencies
        factor = configuration.ropeScaling.attentionFactor
        limit = configuration.maxPositions
        let none = Rotation(
            half: frequencies.count, cosine: try FloatBuffer(count: 0), sine: try FloatBuffer(count: 0))
        grown = Mutex((0, none))
    }

    /// Tables that hold at least `positions` rows, and no more than the model has positions.
    /// - Throws: ``ComputeError/outOfMemory(bytes:)``.
    func covering(_ positions: Int) throws -> Rotation {
        try grown.withLock { grown in
            if positions > grown.positions {
                let rows = min(limit, max(positions, 2 * grown.positions, 256))
                grown = (rows, try rotation(rows))
            }
            return grown.rotation
        }
    }

    private func rotation(_ rows: Int) throws -> Rotation {
        let half = frequencies.count
        let cosine = try FloatBuffer(count: rows * half), sine = try FloatBuffer(count: rows * half)
        for position in 0..<rows {
            for d in 0..<half {
                let angle = Double(Float(position) * frequencies[d])
                cosine.pointer[position * half + d] = Float(cos(angle)) * factor
                sine.pointer[position * half + d] = Float(sin(angle)) * factor
            }
        }
        return Rotation(half: half, cosine: cosine, sine: sine)
    }
}
