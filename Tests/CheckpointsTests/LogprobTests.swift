import Checkpoints
import Formats
import Foundation
import Testing
import Transformer

@Suite struct LogprobTests {
    @Test(arguments: Fixtures.all)
    func agreesWithTransformersOnTheDequantisedWeights(_ name: String) throws {
        let checkpoint = try Checkpoint.load(Fixtures.path(name))
        #expect(checkpoint.name == name)
        let distance = try Expected(name).distance(of: checkpoint.model)
        print("logprobs: \(name) within \(distance)")
        #expect(distance < 1e-4)
    }

    @Test(arguments: Fixtures.all) func greedyIdsEqualTransformers(_ name: String) throws {
        let model = try Checkpoint.load(Fixtures.path(name)).model, expected = try Expected(name)
        let prompt = Array(expected.ids.prefix(8))
        #expect(expected.greedy.count == 24)
        let rows = try logprobs(model, prompt + expected.greedy)
        for (step, id) in expected.greedy.enumerated() {
            let row = rows[prompt.count + step - 1]
            #expect(row.indices.max { row[$0] < row[$1] } == Int(id), "token \(step)")
        }
    }

    @Test func aSafetensorsFileLoadsWithWhatLiesBesideIt() throws {
        let checkpoint = try Checkpoint.load(fixture("checkpoints/llama-f32-tied/model.safetensors"), name: "actor")
        #expect(checkpoint.name == "actor")
        try #expect(Expected("llama-f32-tied").distance(of: checkpoint.model) < 1e-4)
    }

    /// The format promises no alignment; a header of odd length puts every f32 at an odd address.
    @Test func anUnalignedFileComputesTheSame() throws {
        try withTemporaryPath { path in
            try FileManager.default.copyItem(atPath: fixture("checkpoints/llama-f32-tied"), toPath: path)
            let file = path + "/model.safetensors"
            var bytes = try BoundedFile.read(file, limit: 1 << 20)
            let length = Int(bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }) + 1
            bytes.insert(0x20, at: 8 + length - 1)
            withUnsafeBytes(of: UInt64(length)) { bytes.replaceSubrange(0..<8, with: $0) }
            try AtomicFile.write(bytes, to: file)
            try #expect(Expected("llama-f32-tied").distance(of: Checkpoint.load(path).model) < 1e-4)
        }
    }

    @Test func aStoredTiedHeadMustBeTheEmbedding() throws {
        for (change, isFine) in [(Float(0), true), (1, false)] {
            try withTemporaryPath { path in
                let original = fixture("checkpoints/llama-f32-tied")
                try FileManager.default.copyItem(atPath: original, toPath: path)
                let file = try SafetensorsFile(path: original + "/model.safetensors")
                var sources = try file.tensors.map { tensor in
                    let values = try #require(
                        try tensor.type?.dequantise(file.bytes(of: tensor), count: tensor.elements))
                    return TensorSource(name: tensor.name, shape: tensor.shape, values: values)
                }
                let embedding = try #require(file.tensors.first { $0.name == "model.embed_tokens.weight" })
                var head = try #require(
                    try embedding.type?.dequantise(file.bytes(of: embedding), count: embedding.elements))
                head[7] += change
                sources.append(TensorSource(name: "lm_head.weight", shape: embedding.shape, values: head))
                try SafetensorsWriter.write(sources, to: path + "/model.safetensors")
                if isFine {
                    try #expect(Expected("llama-f32-tied").distance(of: Checkpoint.load(path).model) < 1e-4)
                } else {
                    let error = #expect(throws: CheckpointsError.self) { try Checkpoint.load(path) }
                    #expect(error?.what.contains("tie_word_embeddings") == true)
                }
            }
        }
    }

    @Test(arguments: Fixtures.all)
    func knowsWordsTemplateAndEnds(_ name: String) throws {
        let checkpoint = try Checkpoint.load(Fixtures.path(name))
        // By its text llama.cpp ends at <|endoftext|> too; a directory's files name what they mean.
        #expect(checkpoint.endTokens == (Fixtures.directories.contains(name) ? [2] : [0, 2]))
        #expect(checkpoint.eosText == "<|im_end|>")
        #expect(checkpoint.bosText == "<|endoftext|>")
        #expect(checkpoint.addedBOS == nil)
        #expect(checkpoint.chatTemplate?.source?.contains("add_generation_prompt") == true)
        #expect(checkpoint.tokenizer.vocabularySize == 288)
        let ids = checkpoint.tokenizer.encode("the sum is 42", recognisingSpecials: false)
        #expect(checkpoint.tokenizer.decode(ids) == "the sum is 42")
        #expect(checkpoint.parameters == checkpoint.model.configuration.parameters)
    }
}

/// The greedy continuations that transformers gives on the dequantised weights of models/smollm2.
@Suite(.serialized) struct SmolLM2Tests {
    static let file: String? = {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("models/smollm2").path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.first { $0.hasSuffix(".gguf") }.map { folder + "/" + $0 }
    }()

    @Test(.enabled(if: file != nil)) func greedyTextEqualsTransformersFor64Tokens() throws {
        let file = try #require(Self.file)
        let start = ContinuousClock.now
        let checkpoint = try Checkpoint.load(file)
        print("SmolLM2: loaded in \(ContinuousClock.now - start)")
        #expect(checkpoint.parameters == 134_515_008)
        let cases = try #require(try JSONValue.load(fixture("smollm2/greedy.json")).asArray)
        for expected in cases {
            func numbers(_ key: String) -> [Double] { (expected[key]?.asArray ?? []).compactMap(\.asDouble) }
            let prompt = numbers("prompt").map { Int32($0) }, greedy = numbers("greedy").map { Int32($0) }
            #expect(greedy.count == 64)
            let found = try logprobs(checkpoint.model, prompt + greedy)
            var distance = 0.0
            for (step, id) in greedy.enumerated() {
                let row = found[prompt.count + step - 1]
                #expect(row.indices.max { row[$0] < row[$1] } == Int(id), "token \(step)")
                distance = max(distance, abs(Double(row[Int(id)]) - numbers("logprobs")[step]))
            }
            print("logprobs: SmolLM2 within \(distance)")
            #expect(distance < 1e-4)
        }
    }

    /// Half a gigabyte of f32, so only where GENAC_SAVE_TO says where to (Tests/Oracles/saved.py then loads it).
    @Test(.enabled(if: file != nil && ProcessInfo.processInfo.environment["GENAC_SAVE_TO"] != nil))
    func savesAsHuggingFaceDirectory() throws {
        let folder = try #require(ProcessInfo.processInfo.environment["GENAC_SAVE_TO"])
        let original = try Checkpoint.load(try #require(Self.file))
        try original.save(to: folder + "/smollm2", replacing: true)
        let ids = original.tokenizer.encode("The answer is 42.", recognisingSpecials: false)
        try #expect(logprobs(Checkpoint.load(folder + "/smollm2").model, ids) == logprobs(original.model, ids))
    }
}
