import Checkpoints
import Formats
import Foundation
import Testing

/// Directories with a tokenizer.model and no tokenizer.json.
@Suite struct SentencePieceDirectoryTests {
    private static let text = "<s>the thin\u{1F600}  one</s> the"

    private func withModel(_ settings: JSONObject?, _ body: (String) throws -> Void) throws {
        try withTemporaryPath { path in
            let files = FileManager.default
            try files.copyItem(atPath: fixture("checkpoints/llama-f32-tied"), toPath: path)
            for name in ["tokenizer.json", "tokenizer_config.json"] where files.fileExists(atPath: path + "/" + name) {
                try files.removeItem(atPath: path + "/" + name)
            }
            try files.copyItem(atPath: fixture("tokenizers/tiny-style.model"), toPath: path + "/tokenizer.model")
            if let settings {
                try AtomicFile.write(JSONValue.object(settings).encoded(), to: path + "/tokenizer_config.json")
            }
            try body(path)
        }
    }

    @Test func itLoadsAndIsSavedWithATokenizerJSONOfTheSameIDs() throws {
        let settings = JSONObject([
            ("tokenizer_class", "LlamaTokenizer"), ("legacy", false), ("add_bos_token", true), ("bos_token", "<s>"),
            ("eos_token", ["content": "</s>"]),
        ])
        try withModel(settings) { path in
            let loaded = try Checkpoint.load(path)
            #expect(loaded.addedBOS == loaded.bosToken && loaded.bosText == "<s>" && loaded.eosText == "</s>")
            let ids = loaded.tokenizer.encode(Self.text, recognisingSpecials: true)
            #expect(ids.first == 1 && ids.contains(2))
            try withSaved("pieces") { saved in
                try loaded.save(to: saved, replacing: true)
                let again = try Checkpoint.load(saved)
                #expect(again.tokenizer.encode(Self.text, recognisingSpecials: true) == ids)
                #expect(again.addedBOS == 1 && again.bosToken == 1 && again.eosToken == 2)
                // transformers reads the tokenizer.json as it stands only under this name.
                let written = try JSONValue.load(saved + "/tokenizer_config.json")
                #expect(written["tokenizer_class"]?.asString == "PreTrainedTokenizerFast")
                #expect(written["legacy"] == nil && written["bos_token"]?.asString == "<s>")
            }
        }
    }

    @Test func withoutSettingsAModelSpeaksForItself() throws {
        try withModel(nil) { path in
            let loaded = try Checkpoint.load(path)
            #expect(loaded.addedBOS == loaded.bosToken && loaded.bosToken == 1)
            // As SentencePiece has it, a stretch behind a control token begins with a blank.
            let ids = loaded.tokenizer.encode("</s>the", recognisingSpecials: true)
            #expect(loaded.tokenizer.decode(ids) == "</s> the" && ids.count == 2)
        }
    }

    @Test func aBrokenModelIsNamed() throws {
        try withModel(nil) { path in
            let file = path + "/tokenizer.model"
            var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
            bytes.removeLast(3)
            try AtomicFile.write(bytes, to: file)
            do {
                _ = try Checkpoint.load(path)
                Issue.record("it was loaded")
            } catch {
                #expect("\(error)".contains("tokenizer.model"), "\(error)")
            }
        }
    }
}
