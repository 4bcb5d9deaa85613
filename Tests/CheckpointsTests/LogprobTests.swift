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

    @Test func aSafetensorsFileLoadsWithWhatLiesBesideIt() throws {
        let checkpoint = try Checkpoint.load(fixture("checkpoints/llama-f32-tied/model.safetensors"), name: "actor")
        #expect(checkpoint.name == "actor")
        try #expect(Expected("llama-f32-tied").distance(of: checkpoint.model) < 1e-4)
    }

    @Test(arguments: Fixtures.all)
    func knowsWordsTemplateAndEnds(_ name: String) throws {
        let checkpoint = try Checkpoint.load(Fixtures.path(name))
        #expect(checkpoint.endTokens == [2])
        #expect(checkpoint.eosText == "<|im_end|>")
        #expect(checkpoint.bosText == "<|endoftext|>")
        #expect(!checkpoint.addsBOS)
        #expect(checkpoint.chatTemplate?.source.contains("add_generation_prompt") == true)
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
        let checkpoint = try Checkpoint.load(try #require(Self.file))
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
}
