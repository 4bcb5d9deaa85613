import Checkpoints
import Formats
import Foundation
import Testing

/// What ends a text is named by several files, and all of them count. The fixtures' words are <|endoftext|> (0),
/// <|im_start|> (1) and <|im_end|> (2).
@Suite struct EndTokenTests {
    /// The ends of a copy of a fixture whose files say this; nil leaves a file out.
    private func ends(
        config: JSONValue, generation: JSONValue?, tokenizer: JSONValue?, map: JSONValue? = nil
    ) throws -> (ends: Set<Int32>, eos: Int32?) {
        var found: (Set<Int32>, Int32?) = ([], nil)
        try withChanged("qwen2-bf16-tied", "config.json", { $0["eos_token_id"] = config }) { path in
            func write(_ name: String, _ key: String, _ value: JSONValue?) throws {
                try? FileManager.default.removeItem(atPath: "\(path)/\(name)")
                guard let value else { return }
                try AtomicFile.write(JSONValue.object(JSONObject([(key, value)])).encoded(), to: "\(path)/\(name)")
            }
            try write("generation_config.json", "eos_token_id", generation)
            try write("tokenizer_config.json", "eos_token", tokenizer)
            try write("special_tokens_map.json", "eos_token", map)
            let checkpoint = try Checkpoint.load(path)
            found = (checkpoint.endTokens, checkpoint.eosToken)
        }
        return found
    }

    @Test func everyFileThatNamesAnEndCounts() throws {
        try #expect(ends(config: [2, 0], generation: 0, tokenizer: "<|im_end|>") == ([0, 2], 2))
        try #expect(ends(config: 0, generation: nil, tokenizer: "<|im_end|>") == ([0, 2], 2))
        try #expect(ends(config: 0, generation: [0, 2], tokenizer: nil) == ([0, 2], 0))
        try #expect(ends(config: nil, generation: nil, tokenizer: ["content": "<|im_end|>"]) == ([2], 2))
        try #expect(ends(config: nil, generation: nil, tokenizer: nil, map: "<|im_end|>") == ([2], 2))
        try #expect(ends(config: 0, generation: nil, tokenizer: nil, map: ["content": "<|im_end|>"]) == ([0, 2], 2))
        try #expect(ends(config: nil, generation: nil, tokenizer: nil) == ([], nil))
    }

    /// transformers would add it, and end texts with it.
    @Test func aTokenThatOnlyTheFilesBesideKnowIsRefused() throws {
        for (tokenizer, map) in [(JSONValue.string("<|new|>"), nil), (nil, ["content": "<|new|>"] as JSONValue)] {
            let error = #expect(throws: CheckpointsError.self) {
                try ends(config: 0, generation: nil, tokenizer: tokenizer, map: map)
            }
            #expect(error?.what == "eos_token names \"<|new|>\", which the tokenizer does not have")
        }
    }

    /// A configuration that was copied from another model names an ordinary word.
    @Test func anOrdinaryWordOfTheConfigurationCountsOnlyWhereNothingElseIsSaid() throws {
        try #expect(ends(config: 40, generation: [2], tokenizer: nil) == ([2], 2))
        try #expect(ends(config: 40, generation: nil, tokenizer: nil) == ([40], 40))
        try #expect(ends(config: 2, generation: 40, tokenizer: nil) == ([2, 40], 40))
    }

    /// A seed of `make fuzz` in Gemma's manner: `<eos>` by its key, `<end_of_turn>` by its text; `</s>` is a tag.
    @Test func aGGUFEndsByItsKeysAndByKnownTexts() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Fuzz/seeds/gguf/gemma3.gguf").path
        let loaded = try Checkpoint.load(file)
        #expect(loaded.endTokens == [1, 264])
        #expect(loaded.eosToken == 1)
    }
}
