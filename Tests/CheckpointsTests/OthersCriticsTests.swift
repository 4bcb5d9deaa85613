import Checkpoints
import Compute
import Formats
import Foundation
import Testing
import Transformer

/// Value models as TRL, OpenRLHF and Open-Reasoner-Zero save them (Tests/Oracles/value_head.py).
@Suite struct OthersCriticsTests {
    static let names = ["trl-sequences", "trl-beside", "orz", "openrlhf"]

    private func path(_ name: String) -> String { fixture("critics/\(name)") }

    /// The largest distance of a critic's values from those that its trainer's formula gives.
    private func distance(_ checkpoint: Checkpoint, from name: String) throws -> Double {
        let cases = try JSONValue.load(path(name) + "/case.json")
        func lists(_ key: String) -> [[Double]] {
            (cases[key]?.asArray ?? []).map { ($0.asArray ?? []).compactMap(\.asDouble) }
        }
        let sequences = lists("sequences"), expected = lists("values")
        #expect(sequences.map(\.count) == [40, 7] && expected.map(\.count) == [40, 7])
        return try zip(sequences, expected).flatMap { ids, expected in
            try zip(values(checkpoint, ids.map { Int32($0) }), expected).map { abs(Double($0) - $1) }
        }.max() ?? .nan
    }

    /// A copy with other settings, tensors or files.
    private func withCopy(
        _ name: String, config: (inout JSONObject) -> Void = { _ in }, rename: (String) -> String = { $0 },
        only: (String) -> Bool = { _ in true }, _ body: (String) throws -> Void
    ) throws {
        try withTemporaryPath { directory in
            try FileManager.default.copyItem(atPath: path(name), toPath: directory)
            let file = try SafetensorsFile(path: path(name) + "/model.safetensors")
            let sources = try file.tensors.filter { only($0.name) }.map { tensor in
                let values = try #require(tensor.type?.dequantise(file.bytes(of: tensor), count: tensor.elements))
                return TensorSource(name: rename(tensor.name), shape: tensor.shape, values: values)
            }
            try SafetensorsWriter.write(sources, to: directory + "/model.safetensors")
            var object = try #require(try JSONValue.load(directory + "/config.json").asObject)
            config(&object)
            try AtomicFile.write(JSONValue.object(object).encoded(), to: directory + "/config.json")
            try body(directory)
        }
    }

    @Test(arguments: names) func givesTheTrainersValuesAndIsSavedAsVerlSaves(_ name: String) throws {
        let critic = try Checkpoint.load(path(name), preferring: .value)
        #expect(critic.isValueModel && critic.hasBothHeads == (name == "trl-beside"))
        let found = try distance(critic, from: name)
        print("critics: \(name) within \(found)")
        #expect(found < 1e-5)
        try withSaved(name) { directory in
            try critic.save(to: directory, replacing: true)
            let reloaded = try Checkpoint.load(directory)
            #expect(reloaded.valueHead?.weight.array == critic.valueHead?.weight.array)
            #expect(reloaded.valueHead?.bias == critic.valueHead?.bias)
            let config = try JSONValue.load(directory + "/config.json")
            #expect(config["architectures"]?.asArray?.first?.asString?.hasSuffix("ForTokenClassification") == true)
            try #expect(distance(reloaded, from: name) == found)
        }
    }

    @Test func aHeadBesideALanguageModelIsReadOnlyWhereValuesAreWanted() throws {
        let writer = try Checkpoint.load(path("trl-beside"))
        #expect(!writer.isValueModel && writer.hasBothHeads)
        #expect(!writer.model.configuration.tiedHead)
        try #expect(Checkpoint.inspect(path("trl-beside")).refusal == nil)
        // The wrapper's own state has its name before every tensor of the model.
        let wrapped = { (name: String) in name.hasPrefix("v_head") ? name : "pretrained_model." + name }
        try withCopy("trl-beside", rename: wrapped) { directory in
            try #expect(distance(Checkpoint.load(directory, preferring: .value), from: "trl-beside") < 1e-5)
            try #expect(!Checkpoint.load(directory).isValueModel)
        }
        // Without such a head it is a language model, whoever asks.
        try withCopy("trl-beside", only: { !$0.hasPrefix("v_head") }) { directory in
            let plain = try Checkpoint.load(directory, preferring: .value)
            #expect(!plain.isValueModel && !plain.hasBothHeads)
        }
    }

    @Test func aHeadInAFileOfItsOwnIsReadToo() throws {
        try withCopy("trl-beside", only: { !$0.hasPrefix("v_head") }) { directory in
            try withCopy("trl-beside", only: { $0.hasPrefix("v_head") }) { head in
                try FileManager.default.copyItem(
                    atPath: head + "/model.safetensors", toPath: directory + "/value_head.safetensors")
            }
            try #expect(distance(Checkpoint.load(directory, preferring: .value), from: "trl-beside") < 1e-5)
            try #expect(!Checkpoint.load(directory).isValueModel)
            try FileManager.default.moveItem(
                atPath: directory + "/value_head.safetensors", toPath: directory + "/value_head.bin")
            let error = #expect(throws: CheckpointsError.self) { try Checkpoint.load(directory, preferring: .value) }
            #expect(error?.location == directory + "/value_head.bin")
            try #expect(!Checkpoint.load(directory).isValueModel)
        }
    }

    /// OpenRLHF divides only where `normalize_reward` says so; without numbers it is by one.
    @Test func normalisationIsWhatTheConfigurationSays() throws {
        let normed = try Checkpoint.load(path("openrlhf")), ids: [Int32] = [3, 4, 5]
        let changes: [((inout JSONObject) -> Void, (Float) -> Float)] = [
            ({ $0["normalize_reward"] = false }, { $0 * 1.7 - 0.375 }),
            ({ $0["normalize_reward"] = nil }, { $0 * 1.7 - 0.375 }),
            ({ ($0["mean"], $0["std"]) = (nil, nil) }, { $0 * 1.7 - 0.375 }),
            ({ $0["std"] = nil }, { $0 * 1.7 }),
        ]
        for (change, expected) in changes {
            try withCopy("openrlhf", config: change) { directory in
                for (found, value) in zip(try values(Checkpoint.load(directory), ids), try values(normed, ids)) {
                    #expect(abs(found - expected(value)) < 1e-5)
                }
            }
        }
        for (key, value) in [("std", 0), ("std", -1), ("mean", "0"), ("normalize_reward", 1)] as [(String, JSONValue)] {
            try withCopy("openrlhf", config: { $0[key] = value }) { directory in
                let error = #expect(throws: CheckpointsError.self) { try Checkpoint.load(directory) }
                #expect(error?.what.hasPrefix(key) == true)
            }
        }
    }

    @Test func theNameOfACriticsHeadIsTheConfigurationsOrOneOfTheUsual() throws {
        try withCopy("orz", rename: { $0 == "value_head.weight" ? "score.weight" : $0 }) { directory in
            try #expect(distance(Checkpoint.load(directory), from: "orz") < 1e-5)
        }
        try withCopy("orz", config: { $0["architectures"] = ["RewardModel"] }) { directory in
            try #expect(distance(Checkpoint.load(directory), from: "orz") < 1e-5)
        }
        try withCopy("orz", config: { $0["value_head_prefix"] = "score" }) { directory in
            let error = #expect(throws: CheckpointsError.self) { try Checkpoint.load(directory) }
            #expect(error?.location?.contains("score.weight") == true)
        }
    }

    /// Each of these is a family that is run: the head is what is wrong.
    @Test(
        arguments: [
            ("LlamaForProcessRewardModel", 1), ("LlamaForQuestionAnswering", 1), ("LlamaForSequenceClassification", 3),
            ("LlamaForTokenClassification", 2), ("MyModel", 1),
        ] as [(String, Int64)]) func anotherHeadIsNamedAndNotTheFamilyBlamed(_ name: String, _ labels: Int64) throws
    {
        let change = { (config: inout JSONObject) in
            config["architectures"] = [.string(name)]
            config["num_labels"] = .integer(labels)
        }
        try withCopy("trl-sequences", config: change) { directory in
            let error = #expect(throws: CheckpointsError.self) { try Checkpoint.load(directory) }
            #expect(error?.what.contains(name) == true && error?.location == directory + "/config.json")
            #expect(error?.hint?.contains("value model") == true && error?.hint?.contains("are run") == false)
        }
    }
}
