import Compute
import Foundation
import Testing
import Transformer

/// Tokens a second of forward and backward at the starter models' size; printed, not judged.
/// `GENAC_BENCH=1 swift test -c release --filter GradientSpeed`
@Suite(.enabled(if: ProcessInfo.processInfo.environment["GENAC_BENCH"] != nil)) struct GradientSpeed {
    @Test(arguments: [(96, 3, 4, 256, 400), (192, 4, 6, 512, 400), (576, 6, 9, 1536, 8192)])
    func tokensPerSecond(_ shape: (hidden: Int, layers: Int, heads: Int, intermediate: Int, vocabulary: Int)) throws {
        let c = Configuration(
            architecture: .llama, hidden: shape.hidden, layers: shape.layers, heads: shape.heads,
            kvHeads: shape.heads, headDim: shape.hidden / shape.heads, intermediate: shape.intermediate,
            vocabulary: shape.vocabulary, maxPositions: 512)
        let layout = ParameterLayout(c)
        let values = try FloatBuffer(count: layout.count)
        let key = RandomKey(seed: 1, purpose: .test)
        for i in 0..<layout.count { values[i] = Float(key.uniform(UInt64(i)) - 0.5) * 0.1 }
        let model = try TrainableModel(configuration: c, values: values)
        var batch = TrainingBatch()
        for sequence in 0..<40 {
            let ids = (0..<100).map { Int32(key.index(below: c.vocabulary, UInt64(sequence * 100 + $0))) }
            batch.appendSequence(ids, scored: 30..<100)
        }
        let coefficients = TargetCoefficients(logprobs: [Float](repeating: -1e-3, count: batch.targets.count))
        var (best, wall) = (Double.infinity, Double.infinity)
        for _ in 0..<7 {
            let (start, used) = (Date(), cpuSeconds())
            try model.forward(batch)
            try model.backward(coefficients)
            wall = min(wall, Date().timeIntervalSince(start))
            best = min(best, cpuSeconds() - used)
        }
        let rows = Double(batch.rows)
        print(
            "\(layout.parameters) parameters, \(Cores.shared.threads) threads: \(Int(rows / wall)) tokens/s,",
            "\(Int(rows / best)) tokens per second of processor time")
    }

    private func cpuSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
    }
}
