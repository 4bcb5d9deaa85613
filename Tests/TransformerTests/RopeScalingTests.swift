import Foundation
import Testing
import Transformer

@Suite struct RopeScalingTests {
    private func configuration(_ scaling: Configuration.RopeScaling, theta: Double = 1e6, headDim: Int = 128)
        -> Configuration
    {
        Configuration(
            architecture: .qwen2, hidden: 64, layers: 1, heads: 2, kvHeads: 1, headDim: headDim, intermediate: 16,
            vocabulary: 16, maxPositions: 64, ropeTheta: theta, ropeScaling: scaling)
    }

    /// Whatever the numbers, fast frequencies are kept at least as much as slow ones.
    @Test func sharesFallFromFastToSlow() {
        for theta in [100.0, 1e4, 1e6] {
            for original in [64.0, 4096, 131_072] {
                var loose = Yarn(factor: 4, originalContext: original)
                loose.truncates = false
                let scalings: [Configuration.RopeScaling] = [
                    .yarn(Yarn(factor: 4, originalContext: original)), .yarn(loose),
                    .llama3(factor: 8, lowFrequency: 1, highFrequency: 4, originalContext: original),
                ]
                for scaling in scalings {
                    let c = configuration(scaling, theta: theta)
                    let shares = (0..<64).map { c.keptShare(ofFrequency: $0) }
                    #expect(shares.allSatisfy { (0...1).contains($0) }, "\(scaling)")
                    #expect(zip(shares, shares.dropFirst()).allSatisfy { $0 >= $1 }, "\(scaling)")
                }
            }
        }
    }

    /// transformers' ramp for Qwen2.5 at a factor of 4 over 32,768 positions: from frequency 23 to 40, both excluded.
    @Test func qwensRampIsTransformers() {
        let c = configuration(.yarn(Yarn(factor: 4, originalContext: 32_768)))
        let shares = (0..<64).map { c.keptShare(ofFrequency: $0) }
        #expect(shares.prefix(24).allSatisfy { $0 == 1 } && shares.dropFirst(40).allSatisfy { $0 == 0 })
        #expect(abs(shares[24] - 16.0 / 17) < 1e-12 && abs(shares[39] - 1.0 / 17) < 1e-12)
    }

    @Test func nothingIsStretchedByAFactorOfOneOrLess() {
        #expect(Yarn.magnitude(1) == 1 && Yarn.magnitude(0.5) == 1)
        #expect(abs(Yarn(factor: 4, originalContext: 1).attentionFactor - 1.138629436111989) < 1e-15)
        #expect(Yarn(factor: 4, originalContext: 1, attentionFactor: 0.5).attentionFactor == 0.5)
    }
}
