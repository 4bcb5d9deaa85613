import Compute
import Foundation
import Testing
import Training

@Suite struct OptimiserTests {
    @Test func tinyGradientsStillMoveByNearlyTheLearningRate() throws {
        let weights = try FloatBuffer([0]), gradients = try FloatBuffer([1e-7])
        var options = AdamW.Options()
        options.weightDecay = 0
        try AdamW(count: 1, options: options).update(weights, gradients, learningRate: 1e-3)
        #expect(abs(weights[0] + 0.91e-3) < 0.01e-3)
    }

    @Test func weightDecayIsDecoupled() throws {
        let weights = try FloatBuffer([2]), gradients = try FloatBuffer([0])
        var options = AdamW.Options()
        options.weightDecay = 0.5
        try AdamW(count: 1, options: options).update(weights, gradients, learningRate: 0.1)
        #expect(abs(weights[0] - 1.9) < 1e-6)
    }

    @Test func smallRatesMoveF32Weights() throws {
        let weights = try FloatBuffer([0.02]), gradients = try FloatBuffer([1])
        let optimiser = try AdamW(count: 1)
        for _ in 0..<100 { optimiser.update(weights, gradients, learningRate: 1e-6) }
        #expect(abs(weights[0] - 0.0199) < 1e-6)
    }

    @Test func clippingScalesToTheLimitAndReportsTheNormBefore() throws {
        let gradients = try FloatBuffer([3, 4])
        #expect(clipGradients(gradients, to: 1) == 5)
        #expect(abs(gradientNorm(gradients) - 1) < 1e-5)
        #expect(abs(clipGradients(gradients, to: 0) - 1) < 1e-5)
    }

    @Test func clippingAddsUpInOneOrderWhateverTheSize() throws {
        let key = RandomKey(seed: 1, purpose: .test)
        let values = (0..<100_001).map { Float(key.uniform(UInt64($0))) }
        let plain = values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        #expect(abs(gradientNorm(try FloatBuffer(values)) - plain) < 1e-9 * plain)
    }

    @Test func schedulesFollowVerl() {
        let constant = Schedule(peak: 2, warmupSteps: 4, totalSteps: 10)
        #expect((0..<6).map(constant.rate) == [0, 0.5, 1, 1.5, 2, 2])
        let cosine = Schedule(peak: 1, shape: .cosine, warmupSteps: 2, totalSteps: 10, floor: 0.1)
        #expect(cosine.rate(0) == 0 && cosine.rate(2) == 1)
        #expect(abs(cosine.rate(6) - 0.55) < 1e-12)
        #expect(abs(cosine.rate(10) - 0.1) < 1e-12)
    }
}
