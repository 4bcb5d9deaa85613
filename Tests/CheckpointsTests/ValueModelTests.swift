import Checkpoints
import Compute
import Formats
import Foundation
import Testing
import Transformer

@Suite struct ValueModelTests {
    static let names = ["llama", "qwen2", "qwen3"]

    private func path(_ name: String) -> String { fixture("values/\(name)") }

    /// A copy of the llama fixture with other tensors or settings.
    private func withChanged(
        tensors: ([(name: String, shape: [Int], values: [Float])]) -> [(name: String, shape: [Int], values: [Float])] =
            { $0 },
        config: (inout JSONObject) -> Void = { _ in }, _ body: (String) throws -> Void
    ) throws {
        try withTemporaryPath { directory in
            try FileManager.default.copyItem(atPath: path("llama"), toPath: directory)
            let file = try SafetensorsFile(path: path("llama") + "/model.safetensors")
            let all = try file.tensors.map { tensor -> (name: String, shape: [Int], values: [Float]) in
                let values = try #require(tensor.type?.dequantise(file.bytes(of: tensor), count: tensor.elements))
                return (tensor.name, tensor.shape, values)
            }
            try SafetensorsWriter.write(
                tensors(all).map { TensorSource(name: $0.name, shape: $0.shape, values: $0.values) },
                to: directory + "/model.safetensors")
            var object = try #require(try JSONValue.load(directory + "/config.json").asObject)
            config(&object)
            try AtomicFile.write(JSONValue.object(object).encoded(), to: directory + "/config.json")
            try body(directory)
        }
    }

    @Test(arguments: names) func loadsTransformersTokenClassifierOfOneLabel(_ name: String) throws {
        let checkpoint = try Checkpoint.load(path(name))
        #expect(checkpoint.isValueModel && checkpoint.model.configuration.tiedHead)
        let inspection = try Checkpoint.inspect(path(name))
        #expect(inspection.refusal == nil && inspection.elements == checkpoint.parameters)
        let cases = try JSONValue.load(path(name) + "/case.json")
        func lists(_ key: String) -> [[Double]] {
            (cases[key]?.asArray ?? []).map { ($0.asArray ?? []).compactMap(\.asDouble) }
        }
        #expect(lists("sequences").count == 4 && lists("values").map(\.count) == lists("sequences").map(\.count))
        for (ids, expected) in zip(lists("sequences"), lists("values")) {
            let found = try values(checkpoint, ids.map { Int32($0) })
            #expect(found.count == expected.count && zip(found, expected).allSatisfy { abs(Double($0) - $1) < 1e-4 })
        }
    }

    @Test(arguments: names) func savingAndReloadingIsExact(_ name: String) throws {
        let original = try Checkpoint.load(path(name))
        try withSaved(name) { directory in
            try original.save(to: directory, replacing: true)
            let reloaded = try Checkpoint.load(directory)
            #expect(reloaded.model.configuration == original.model.configuration)
            #expect(reloaded.valueHead?.weight.array == original.valueHead?.weight.array)
            #expect(reloaded.valueHead?.bias == original.valueHead?.bias)
            let (before, after) = (
                try SafetensorsFile(path: path(name) + "/model.safetensors"),
                try SafetensorsFile(path: directory + "/model.safetensors")
            )
            #expect(Set(after.tensors.map(\.name)) == Set(before.tensors.map(\.name)))
            for tensor in before.tensors {
                let same = try #require(after.tensors.first { $0.name == tensor.name })
                #expect(same.shape == tensor.shape)
                try #expect(before.bytes(of: tensor).elementsEqual(after.bytes(of: same)), "\(tensor.name)")
            }
            #expect(reloaded.endTokens == original.endTokens && reloaded.bosToken == original.bosToken)
        }
    }

    @Test func aHeadWithoutABiasHasBiasZero() throws {
        try withChanged(tensors: { $0.filter { $0.name != "score.bias" } }) { directory in
            let checkpoint = try Checkpoint.load(directory), whole = try Checkpoint.load(path("llama"))
            #expect(checkpoint.valueHead?.bias == 0)
            let bias = try #require(whole.valueHead?.bias)
            for (without, with) in zip(try values(checkpoint, [3, 4, 5]), try values(whole, [3, 4, 5])) {
                #expect(abs(without + bias - with) < 1e-6)
            }
        }
    }

    @Test func moreThanOneLabelIsRefusedByName() throws {
        let changes: [(inout JSONObject) -> Void] = [
            { $0["num_labels"] = 3 }, { $0["id2label"] = ["0": "NO", "1": "YES"] }, { $0["id2label"] = nil },
        ]
        for change in changes {
            try withChanged(config: change) { directory in
                let error = #expect(throws: CheckpointsError.self) { try Checkpoint.load(directory) }
                #expect(error?.what.contains("LlamaForTokenClassification of ") == true)
                #expect(error?.what.contains("labels") == true)
                #expect(error?.location == directory + "/config.json")
                try #expect(Checkpoint.inspect(directory).refusal != nil)
            }
        }
        try withChanged(config: { ($0["num_labels"], $0["id2label"]) = (1, nil) }) { _ = try Checkpoint.load($0) }
    }

    @Test func aHeadThatIsMissingMisshapenOrTwofoldIsRefused() throws {
        typealias Tensors = [(name: String, shape: [Int], values: [Float])]
        let changes: [(String, (Tensors) -> Tensors)] = [
            ("score.weight", { $0.filter { $0.name != "score.weight" } }),
            ("score.weight", { $0.map { $0.name == "score.weight" ? ($0.name, [36], $0.values) : $0 } }),
            ("score.bias", { $0.map { $0.name == "score.bias" ? ($0.name, [2], [0, 0]) : $0 } }),
            ("lm_head.weight", { $0 + [("lm_head.weight", [61, 36], [Float](repeating: 0, count: 61 * 36))] }),
        ]
        for (name, change) in changes {
            try withChanged(tensors: change) { directory in
                let error = #expect(throws: CheckpointsError.self) { try Checkpoint.load(directory) }
                #expect(error?.description.contains(name) == true)
            }
        }
        // A language model has no such tensors either.
        try withChanged(config: { $0["architectures"] = ["LlamaForCausalLM"] }) { directory in
            #expect(throws: CheckpointsError.self) { try Checkpoint.load(directory) }
        }
    }

    /// An untied bf16 model under a fresh f32 head: its output head is left behind, and nothing is rounded.
    @Test func aLanguageModelBecomesAValueModelByItsHead() throws {
        let base = try Checkpoint.load(Fixtures.path("llama-bf16-untied-llama3-sharded"))
        #expect(!base.isValueModel)
        let width = base.model.configuration.hidden
        let head = ValueHead(weight: try FloatBuffer((0..<width).map { 0.1 / Float($0 + 3) }), bias: 0.3)
        let critic = base.replacing(valueHead: head, name: "critic")
        #expect(critic.isValueModel && critic.replacing(name: "again").valueHead?.weight === head.weight)
        #expect(critic.parameters == base.parameters - width * base.model.configuration.vocabulary + width + 1)
        try withTemporaryPath { directory in
            try critic.save(to: directory)
            let reloaded = try Checkpoint.load(directory)
            #expect(reloaded.isValueModel && reloaded.model.configuration == base.model.configuration.headless)
            #expect(reloaded.valueHead?.weight.array == head.weight.array && reloaded.valueHead?.bias == head.bias)
            try #expect(values(reloaded, [5, 6, 7, 8]) == values(critic, [5, 6, 7, 8]))
        }
    }
}
