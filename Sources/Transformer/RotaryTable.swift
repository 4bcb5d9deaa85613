import Compute
import Foundation

/// Cosines and sines of every position, [positions, headDim / 2], grown as contexts grow.
/// Angles are f32 products of an f32 frequency and the position, as transformers computes them.
final class RotaryTable: @unchecked Sendable {
    let half: Int
    private let frequencies: [Float]
    private let limit: Int
    private let lock = NSLock()
    private var tables: (positions: Int, cosine: FloatBuffer, sine: FloatBuffer)

    init(_ configuration: Configuration) throws {
        half = configuration.headDim / 2
        frequencies = Self.frequencies(configuration)
        limit = configuration.maxPositions
        tables = (0, try FloatBuffer(count: 0), try FloatBuffer(count: 0))
    }

    /// Tables that hold at least `positions` rows.
    func covering(_ positions: Int) throws -> (cosine: FloatBuffer, sine: FloatBuffer) {
        lock.lock()
        defer { lock.unlock() }
        if positions > tables.positions {
            let rows = min(limit, max(positions, 2 * tables.positions, 256))
            let cosine = try FloatBuffer(count: rows * half), sine = try FloatBuffer(count: rows * half)
            for position in 0..<rows {
                for d in 0..<half {
                    let angle = Double(Float(position) * frequencies[d])
                    cosine.pointer[position * half + d] = Float(cos(angle))
                    sine.pointer[position * half + d] = Float(sin(angle))
                }
            }
            tables = (rows, cosine, sine)
        }
        return (tables.cosine, tables.sine)
    }

    private static func frequencies(_ configuration: Configuration) -> [Float] {
        (0..<configuration.headDim / 2).map { d in
            let plain = Float(1.0 / pow(configuration.ropeTheta, Double(2 * d) / Double(configuration.headDim)))
            switch configuration.ropeScaling {
            case .none: return plain
            case .linear(let factor): return plain / Float(factor)
            case .llama3(let factor, let low, let high, let original):
                let wavelength = 2 * Double.pi / Double(plain)
                if wavelength < original / high { return plain }
                if wavelength > original / low { return plain / Float(factor) }
                let smooth = (original / wavelength - low) / (high - low)
                return Float((1 - smooth) * Double(plain) / factor + smooth * Double(plain))
            }
        }
    }
}
