import Compute
import Foundation
import Testing
import Training
import Transformer

/// Three PPO steps of a tiny Qwen2 by PyTorch (Fixtures/golden/ppo-three-steps): loss, gradient, clipping and AdamW.
@Suite struct PPOGoldenTests {
    struct Golden: Decodable {
        struct Step: Decodable { var loss, pg, kl, grad_norm: Double }
        var input_ids, attention_mask: [[Int32]]
        var prompt_width: Int
        var old_logp, ref_logp, advantages: [[Float]]
        var steps: [Step]
    }

    private static let folder = Support.fixtures.appendingPathComponent("golden/ppo-three-steps")
    private static let configuration = Configuration(
        architecture: .qwen2, hidden: 32, layers: 2, heads: 4, kvHeads: 2, headDim: 8, intermediate: 64, vocabulary: 97,
        maxPositions: 64, ropeTheta: 10_000, rmsEpsilon: 1e-6, tiedHead: true)
    private static let layout = ParameterLayout(configuration)

    private func values(_ file: String) throws -> FloatBuffer {
        try flatTensors(Self.folder.appendingPathComponent(file + ".safetensors"), Self.layout)
    }

    private func golden() throws -> Golden {
        try JSONDecoder().decode(
            Golden.self, from: Data(contentsOf: Self.folder.appendingPathComponent("golden.json")))
    }

    @Test func adamWReproducesTheFirstStepFromRecordedGradients() throws {
        let weights = try values("model"), gradients = try values("grads_step0_after_clip")
        let optimiser = try AdamW(count: Self.layout.count)
        optimiser.update(weights, gradients, learningRate: 1e-3)
        #expect(largest(weights, try values("params_after_step0")) < 1e-7)
    }

    @Test func threeStepsReproduceLossGradientsAndParameters() throws {
        let golden = try golden()
        let model = try TrainableModel(configuration: Self.configuration, values: try values("model"))
        let optimiser = try AdamW(count: Self.layout.count)
        #expect(golden.steps.count == 3)
        for (index, expected) in golden.steps.enumerated() {
            let (batch, old, reference, advantages) = pack(golden)
            model.clearGradients()
            let objective = PolicyObjective(divergence: .k3, divergenceCoefficient: 0.01)
            let tokens = advantages.indices.map {
                PolicyObjective.Token(
                    old: Double(old[$0]), reference: Double(reference[$0]), advantage: Double(advantages[$0]),
                    weight: 1 / Double(advantages.count))
            }
            try model.forward(batch)
            let scores = try model.backward(
                TargetCoefficients { Float(objective.result(tokens[$0], logprob: Double($1)).slope) })
            let results = zip(tokens, scores.logprobs).map { objective.result($0, logprob: Double($1)) }
            let policy = zip(tokens, results).reduce(0) { $0 + $1.0.weight * $1.1.policy.loss }
            let divergence = zip(tokens, results).reduce(0) { $0 + $1.0.weight * $1.1.divergence }
            let norm = clipGradients(model.gradients, to: 1)
            #expect(abs(policy - expected.pg) < 1e-5 && abs(divergence - expected.kl) < 1e-5)
            #expect(abs(policy + 0.01 * divergence - expected.loss) < 1e-5)
            #expect(abs(norm - expected.grad_norm) < 1e-4 * expected.grad_norm)
            if index == 0 { #expect(largest(model.gradients, try values("grads_step0_after_clip")) < 1e-5) }
            optimiser.update(model.values, model.gradients, learningRate: 1e-3)
            // Adam divides by the gradient's own size, so a gradient of 1e-9 may turn its sign; such weights aside, all
            // agree to a hundredth of a step.
            let after = try values("params_after_step\(index)")
            #expect(relative(model.values, after) < 1e-5)
        }
    }

    private func pack(_ golden: Golden) -> (TrainingBatch, old: [Float], reference: [Float], advantages: [Float]) {
        var batch = TrainingBatch(), old: [Float] = [], reference: [Float] = [], advantages: [Float] = []
        for (row, mask) in golden.attention_mask.enumerated() {
            let columns = mask.indices.filter { mask[$0] == 1 }
            let scored = columns.enumerated().filter { $0.element >= golden.prompt_width }
            batch.appendSequence(
                columns.map { golden.input_ids[row][$0] }, scored: scored[0].offset..<columns.count)
            for (_, column) in scored {
                old.append(golden.old_logp[row][column - golden.prompt_width])
                reference.append(golden.ref_logp[row][column - golden.prompt_width])
                advantages.append(golden.advantages[row][column - golden.prompt_width])
            }
        }
        return (batch, old, reference, advantages)
    }

    private func largest(_ a: FloatBuffer, _ b: FloatBuffer) -> Float {
        (0..<Self.layout.count).reduce(0) { max($0, abs(a[$1] - b[$1])) }
    }

    private func relative(_ a: FloatBuffer, _ b: FloatBuffer) -> Double {
        var difference = 0.0, size = 0.0
        for i in 0..<Self.layout.count {
            difference += pow(Double(a[i]) - Double(b[i]), 2)
            size += pow(Double(b[i]), 2)
        }
        return (difference / size).squareRoot()
    }
}

/// A small trusted safetensors file's f32 tensors, laid out flat.
func flatTensors(_ url: URL, _ layout: ParameterLayout) throws -> FloatBuffer {
    let data = try Data(contentsOf: url)
    let size = data.prefix(8).enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
    let header = try JSONSerialization.jsonObject(with: data[8..<8 + size]) as? [String: Any] ?? [:]
    let buffer = try FloatBuffer(count: layout.count)
    for entry in layout.entries {
        let offsets = try required((header[entry.name] as? [String: Any])?["data_offsets"] as? [Int])
        data[8 + size + offsets[0]..<8 + size + offsets[1]].withUnsafeBytes { bytes in
            for i in 0..<entry.count {
                buffer[entry.offset + i] = bytes.loadUnaligned(fromByteOffset: 4 * i, as: Float.self)
            }
        }
    }
    return buffer
}
