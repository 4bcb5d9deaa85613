import Checkpoints
import Compute
import Foundation
import Testing
import Transformer

@Suite struct ValueHeadTests {
    @Test(arguments: ValueFixture.names) func packedValuesAndGradientsEqualPyTorch(_ name: String) throws {
        let fixture = try ValueFixture.load(name)
        let (batch, derivatives) = fixture.packed()
        let model = try ValueFixture.model(name)
        try model.forward(batch)
        let values = try model.headValues()
        let distance = zip(values, fixture.values.flatMap { $0 }).map { abs($0 - $1) }.max() ?? .nan
        print("values: \(name) within \(distance)")
        #expect(distance < 1e-4)
        try model.backward(values: derivatives)
        try expectPyTorch(model, name)
    }

    @Test(arguments: ValueFixture.names) func treeGradientsEqualPyTorchOnSeparateSequences(_ name: String) throws {
        let (batch, derivatives) = try ValueFixture.load(name).tree()
        let model = try ValueFixture.model(name)
        try model.forward(batch)
        try model.backward(values: derivatives)
        try expectPyTorch(model, name)
    }

    private func expectPyTorch(_ model: TrainableModel, _ name: String) throws {
        let expected = try ValueFixture.gradients(name)
        #expect(Set(expected.tensors.keys) == Set(model.layout.entries.map(\.name)))
        var worst = 0.0
        for entry in model.layout.entries {
            let error = relativeError(
                entry.range.map { model.gradients[$0] }, try #require(expected.tensors[entry.name]))
            worst = max(worst, error)
            #expect(error < 1e-4, "\(entry.name)")
        }
        print("value gradients: \(name) within \(worst)")
    }

    @Test(arguments: ValueFixture.names) func aValueIsTheSameBitsInInferenceTrainingPackedAndAsTree(_ name: String)
        throws
    {
        let fixture = try ValueFixture.load(name)
        let checkpoint = try ValueFixture.checkpoint(name)
        let head = try #require(checkpoint.valueHead)
        let inferred = try fixture.sequences.map { try inferredValues(checkpoint.model, head, $0) }
        let model = try ValueFixture.model(name)
        try model.forward(fixture.packed().batch)
        try #expect(model.headValues() == inferred.flatMap { $0 })
        let (tree, trunk) = (fixture.tree().batch, fixture.trunk)
        try model.forward(tree)
        let values = try model.headValues()
        for (index, row) in tree.valueRows.enumerated() where row < trunk { #expect(values[index] == inferred[0][row]) }
        #expect(values.suffix(fixture.sequences[3].count) == inferred[3][...])
    }

    /// correctness.md, 6.
    @Test func aValueDoesNotChangeWithLaterTokens() throws {
        let checkpoint = try ValueFixture.checkpoint("qwen2")
        let head = try #require(checkpoint.valueHead), ids = try ValueFixture.load("qwen2").sequences[0]
        let changed = ids[..<30] + ids[30...].map { ($0 + 7) % 61 }
        let (before, after) = (
            try inferredValues(checkpoint.model, head, ids), try inferredValues(checkpoint.model, head, Array(changed))
        )
        #expect(before[..<30] == after[..<30])
        #expect(zip(before[30...], after[30...]).allSatisfy { $0 != $1 })
        let model = try ValueFixture.model("qwen2")
        for (sequence, values) in [(ids, before), (Array(changed), after)] {
            var batch = TrainingBatch()
            batch.append(sequence)
            batch.value(after: 29)
            try model.forward(batch)
            try #expect(model.headValues() == [values[29]])
        }
    }

    /// The value is linear in weight, bias and final norm, so that a wide central difference is exact but for rounding.
    @Test func theHeadsGradientsEqualFiniteDifferences() throws {
        let (batch, derivatives) = try ValueFixture.load("llama").packed()
        let model = try ValueFixture.model("llama")
        func loss() throws -> Double {
            try model.forward(batch)
            return try zip(model.headValues(), derivatives).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        }
        _ = try loss()
        try model.backward(values: derivatives)
        for name in ["score.weight", "score.bias", "model.norm.weight"] {
            let entry = try #require(model.layout.entries.first { $0.name == name })
            let differences = try entry.range.map { place in
                let value = model.values[place]
                defer { model.values[place] = value }
                model.values[place] = value + 0.5
                let up = try loss()
                model.values[place] = value - 0.5
                return Float(up - (try loss()))
            }
            #expect(relativeError(entry.range.map { model.gradients[$0] }, differences) < 1e-4, "\(name)")
        }
    }

    @Test func gradientsAddUpOverMicroBatchesAndOverOneRowAskedForTwice() throws {
        let fixture = try ValueFixture.load("qwen2")
        let (whole, parts, twice) = try (
            ValueFixture.model("qwen2"), ValueFixture.model("qwen2"), ValueFixture.model("qwen2")
        )
        let (batch, derivatives) = fixture.packed()
        try whole.forward(batch)
        try whole.backward(values: derivatives)
        for (sequence, coefficients) in zip(fixture.sequences, fixture.coefficients) {
            var batch = TrainingBatch()
            batch.append(sequence)
            for row in sequence.indices { batch.value(after: row) }
            try parts.forward(batch)
            try parts.backward(values: coefficients)
        }
        #expect(relativeError(parts.gradients.array, whole.gradients.array) < 1e-6)
        var doubled = batch
        for row in batch.valueRows { doubled.value(after: row) }
        try twice.forward(doubled)
        try twice.backward(values: (derivatives + derivatives).map { $0 / 2 })
        #expect(twice.gradients.array == whole.gradients.array)
    }

    @Test func aValueModelHasNoOutputHeadAndKeepsNoLogits() throws {
        let untied = Configuration.smallQwen
        let layout = ParameterLayout(untied, valueHead: true)
        #expect(layout.parameters == untied.headless.parameters + untied.hidden + 1)
        #expect(layout.entries.suffix(2).map(\.name) == ["score.weight", "score.bias"])
        #expect(layout.entries.suffix(2).map(\.shape) == [[1, 40], [1]])
        var wide = untied
        wide.vocabulary *= 1000
        let grown = ParameterLayout(wide, valueHead: true).count - layout.count
        #expect(
            TrainableModel.bytes(wide, rows: 256, valueHead: true)
                - TrainableModel.bytes(untied, rows: 256, valueHead: true)
                == 8 * grown)
        let model = try GradientFixture.model("llama-untied")
        #expect(throws: TrainingPassError.self) { try model.headValues() }
        #expect(throws: TrainingPassError.self) { try model.backward(values: []) }
    }
}
