import Foundation

/// YaRN's scaling (arXiv 2309.00071), as transformers computes it: fast frequencies are kept, slow ones divided, with a
/// ramp between the two, and cosines and sines are multiplied by `attentionFactor`.
package struct Yarn: Sendable, Equatable {
    /// What slow frequencies are divided by.
    package var factor: Double
    /// Frequencies that turn at least `betaFast` times over `originalContext` are kept, those that turn at most
    /// `betaSlow` times are divided.
    package var betaFast = 32.0, betaSlow = 1.0
    /// The context before it was stretched, in positions.
    package var originalContext: Double
    /// What cosines and sines are multiplied by, above 0.
    package var attentionFactor: Double
    /// The ramp begins and ends at whole numbers of frequencies.
    package var truncates = true

    /// - Parameters:
    ///   - factor: above 0.
    ///   - attentionFactor: nil for the paper's, 0.1 ln(factor) + 1.
    package init(factor: Double, originalContext: Double, attentionFactor: Double? = nil) {
        self.factor = factor
        self.originalContext = originalContext
        self.attentionFactor = attentionFactor ?? Self.magnitude(factor)
    }

    /// 0.1 m ln(factor) + 1, and 1 where nothing is stretched; m is the paper's 1 or a model's `mscale`.
    package static func magnitude(_ factor: Double, _ m: Double = 1) -> Double {
        factor <= 1 ? 1 : 0.1 * m * log(factor) + 1
    }

    /// The share of frequency `index` that is kept, in 0...1.
    /// - Parameters:
    ///   - base: of the frequencies.
    ///   - size: of a head, twice the number of frequencies.
    func keptShare(_ index: Int, base: Double, size: Int) -> Double {
        func place(ofTurns turns: Double) -> Double {
            Double(size) * log(originalContext / (turns * 2 * .pi)) / (2 * log(base))
        }
        var (low, high) = (place(ofTurns: betaFast), place(ofTurns: betaSlow))
        if truncates { (low, high) = (low.rounded(.down), high.rounded(.up)) }
        (low, high) = (max(low, 0), min(high, Double(size - 1)))
        if low == high { high += 0.001 }
        return 1 - min(1, max(0, (Double(index) - low) / (high - low)))
    }
}

extension Configuration {
    /// Scalings leave fast frequencies alone, divide slow ones, and blend between the two.
    /// - Returns: the share of frequency `index` that is kept, in 0...1; the rest is divided. 1 where nothing is
    ///   scaled.
    package func keptShare(ofFrequency index: Int) -> Double {
        switch ropeScaling {
        case .none: 1
        case .linear: 0
        case .llama3(_, let low, let high, let original):
            min(1, max(0, (original / (2 * Double.pi / Double(plainFrequency(index))) - low) / (high - low)))
        case .yarn(let yarn): yarn.keptShare(index, base: ropeTheta, size: headDim)
        }
    }

    /// RoPE's frequencies as scaled, [headDim / 2], in radians a position.
    var frequencies: [Float] {
        (0..<headDim / 2).map { index in
            let plain = plainFrequency(index), kept = keptShare(ofFrequency: index)
            if kept == 1 { return plain }
            if kept == 0 { return plain / Float(ropeScaling.factor) }
            return Float((1 - kept) * Double(plain) / ropeScaling.factor + kept * Double(plain))
        }
    }
}

extension Configuration.RopeScaling {
    /// What slow frequencies are divided by.
    package var factor: Double {
        switch self {
        case .none: 1
        case .linear(let factor), .llama3(let factor, _, _, _): factor
        case .yarn(let yarn): yarn.factor
        }
    }

    /// What cosines and sines are multiplied by.
    var attentionFactor: Float {
        switch self {
        case .none, .linear, .llama3: 1
        case .yarn(let yarn): Float(yarn.attentionFactor)
        }
    }
}
