import CKernels
import Compute
import Formats
import Foundation
import Transformer

/// AdamW as PyTorch computes it: f32 weights and moments, scalars in Double and rounded once, decay decoupled.
package final class AdamW {
    /// Its constants; the learning rate comes with each update.
    package struct Options: Sendable, Equatable {
        /// Decay of the mean gradient and of the mean square.
        package var beta1 = 0.9, beta2 = 0.999
        /// Added to the root of the mean square.
        package var epsilon = 1e-8
        /// Decoupled, times the learning rate: of every weight alike.
        package var weightDecay = 0.01

        /// PyTorch's defaults.
        package init() {}
    }

    /// As they were given.
    package let options: Options
    /// Updates made.
    package private(set) var step = 0
    /// Running means of the gradient and of its square, laid out as the weights.
    package let mean, square: FloatBuffer

    static let tile = 1 << 15

    /// - Parameter count: weights, whose moments are zero at first.
    /// - Throws: `ComputeError.outOfMemory(bytes:)`.
    package init(count: Int, options: Options = Options()) throws {
        self.options = options
        mean = try FloatBuffer(count: count)
        square = try FloatBuffer(count: count)
    }

    /// Bytes of the two moments.
    package static func bytes(count: Int) -> Int { 8 * count }

    /// Moves `values` one step against `gradients`.
    package func update(_ values: FloatBuffer, _ gradients: FloatBuffer, learningRate: Double) {
        step += 1
        let count = Double(step)
        let rate = Float(learningRate / (1 - pow(options.beta1, count)))
        let root = Float((1 - pow(options.beta2, count)).squareRoot())
        let keep = Float(1 - learningRate * options.weightDecay)
        let o = options
        overTiles(mean.count, of: Self.tile) { [mean, square] _, range in
            let first = range.lowerBound
            ck_adamw(
                range.count, keep, Float(1 - o.beta1), Float(o.beta2), Float(1 - o.beta2), rate, root, Float(o.epsilon),
                gradients.pointer + first, values.pointer + first, mean.pointer + first, square.pointer + first)
        }
    }

    /// Goes on from saved moments (already copied into `mean` and `square`).
    func restore(step: Int) { self.step = step }
}

/// Scales `gradients` so that their Euclidean norm is at most `limit` (0: no limit).
/// - Returns: The norm before.
@discardableResult
package func clipGradients(_ gradients: FloatBuffer, to limit: Double) -> Double {
    let norm = gradientNorm(gradients)
    guard limit > 0, norm.isFinite else { return norm }
    let factor = limit / (norm + 1e-6)
    if factor < 1 {
        overTiles(gradients.count, of: AdamW.tile) { _, range in
            ck_scale(range.count, Float(factor), gradients.pointer + range.lowerBound)
        }
    }
    return norm
}

/// Euclidean norm, accumulated in Double over tiles of fixed size.
package func gradientNorm(_ gradients: FloatBuffer) -> Double {
    var squares = [Double](repeating: 0, count: (gradients.count + AdamW.tile - 1) / AdamW.tile)
    squares.withUnsafeMutableBufferPointer { squares in
        overTiles(gradients.count, of: AdamW.tile) { tile, range in
            squares[tile] = ck_sum_of_squares(range.count, gradients.pointer + range.lowerBound)
        }
    }
    return squares.reduce(0, +).squareRoot()
}
