import Checkpoints
import Compute
import Formats
import Foundation
import Testing

/// vocab.json and merges.txt in place of tokenizer.json, as transformers' slow classes save them.
@Suite struct SlowTokenizerTests {
    /// A copy of the Qwen2 fixture with its tokenizer.json taken apart.
    private func withSlow(
        settings change: (inout JSONObject) -> Void = { _ in }, _ body: (String) throws -> Void
    ) throws {
        try withTemporaryPath { path in
            try FileManager.default.copyItem(atPath: fixture("checkpoints/qwen2-bf16-tied"), toPath: path)
            let whole = try JSONValue.load(path + "/tokenizer.json")
            try FileManager.default.removeItem(atPath: path + "/tokenizer.json")
            let vocabulary = try #require(whole["model"]?["vocab"])
            try AtomicFile.write(vocabulary.encoded(), to: path + "/vocab.json")
            let merges = try #require(whole["model"]?["merges"]?.asArray).map { merge in
                (merge.asArray ?? []).compactMap(\.asString).joined(separator: " ")
            }
            let lines = ["#version: 0.2"] + merges
            try AtomicFile.write(Array((lines.joined(separator: "\n") + "\n").utf8), to: path + "/merges.txt")
            let added = try #require(whole["added_tokens"]?.asArray).map { token in
                (key: "\(token["id"]?.asInt ?? -1)", value: token)
            }
            var settings = try #require(try JSONValue.load(path + "/tokenizer_config.json").asObject)
            settings["tokenizer_class"] = "Qwen2Tokenizer"
            settings["added_tokens_decoder"] = .object(JSONObject(added))
            change(&settings)
            try AtomicFile.write(JSONValue.object(settings).encoded(), to: path + "/tokenizer_config.json")
            try body(path)
        }
    }

    @Test func qwen2sSlowFilesAreItsTokenizer() throws {
        let whole = try Checkpoint.load(fixture("checkpoints/qwen2-bf16-tied"))
        try withSlow { path in
            let slow = try Checkpoint.load(path)
            #expect(slow.endTokens == whole.endTokens && slow.eosToken == whole.eosToken)
            for text in [
                "The sum of 12 and 30 is 42.", "e\u{301} 3x 1234567\n\n  it's", "<|im_start|>user\n<|im_end|>", "",
            ] {
                for specials in [false, true] {
                    let ids = whole.tokenizer.encode(text, recognisingSpecials: specials)
                    #expect(slow.tokenizer.encode(text, recognisingSpecials: specials) == ids)
                    #expect(slow.tokenizer.decode(ids) == whole.tokenizer.decode(ids))
                }
            }
            try withTemporaryPath { saved in
                try slow.save(to: saved)
                try #expect(
                    Checkpoint.load(saved).tokenizer.encode("12 it's", recognisingSpecials: false)
                        == whole.tokenizer.encode("12 it's", recognisingSpecials: false))
            }
        }
    }

    @Test func whatIsNotCertainIsRefusedWithWhatToDo() throws {
        let changes: [((inout JSONObject) -> Void, String)] = [
            ({ $0["tokenizer_class"] = "GPT2Tokenizer" }, "GPT2Tokenizer"),
            ({ $0["tokenizer_class"] = nil }, "unnamed"),
            ({ $0["added_tokens_decoder"] = nil }, "added_tokens_decoder"),
        ]
        for (change, says) in changes {
            try withSlow(settings: change) { path in
                let error = #expect(throws: CheckpointsError.self) { try Checkpoint.load(path) }
                #expect(error?.what.contains(says) == true && error?.hint?.contains("AutoTokenizer") == true)
            }
        }
    }

    @Test func otherTokenizersAreNamed() throws {
        try withSlow { path in
            try FileManager.default.removeItem(atPath: path + "/merges.txt")
            let error = #expect(throws: CheckpointsError.self) { try Checkpoint.load(path) }
            #expect(error?.what.contains("it has no tokenizer.json") == true)
            try AtomicFile.write(Array("{}".utf8), to: path + "/tekken.json")
            let other = #expect(throws: CheckpointsError.self) { try Checkpoint.load(path) }
            #expect(other?.what.contains("tekken.json is not read") == true)
        }
    }

    @Test(arguments: ["vocab.json", "merges.txt"]) func brokenFilesAreNamed(_ name: String) throws {
        try withSlow { path in
            for junk in [[], [UInt8](repeating: 0xFF, count: 99), Array("x y".utf8)] {
                try AtomicFile.write(junk, to: "\(path)/\(name)")
                let error = #expect(throws: (any Error).self) { try Checkpoint.load(path) }
                let said = (error as? any GenacError)?.description
                // A merge of words that are none is found when the two are put together.
                #expect(said?.contains("\(path)/\(name)") == true || said?.contains(path + "/vocab.json") == true)
            }
        }
    }
}
