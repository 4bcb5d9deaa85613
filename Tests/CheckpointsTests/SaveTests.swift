import Checkpoints
import Formats
import Foundation
import Testing
import Transformer

@Suite struct SaveTests {
    @Test(arguments: Fixtures.all)
    func savingAndReloadingIsExact(_ name: String) throws {
        let original = try Checkpoint.load(Fixtures.path(name))
        try withSaved(name) { directory in
            try original.save(to: directory, replacing: true)
            let reloaded = try Checkpoint.load(directory)
            #expect(reloaded.model.configuration == original.model.configuration)
            #expect(reloaded.endTokens == original.endTokens)
            #expect(reloaded.eosToken == original.eosToken && reloaded.bosToken == original.bosToken)
            #expect(reloaded.addedBOS == original.addedBOS)
            #expect(reloaded.chatTemplate?.source == original.chatTemplate?.source)
            let ids = try Expected(name).ids
            try #expect(logprobs(reloaded.model, ids) == logprobs(original.model, ids))
            let text = "The 3 boxes:\n\t12 + 30 = 42 é 😀 <|im_end|>"
            for specials in [false, true] {
                #expect(
                    reloaded.tokenizer.encode(text, recognisingSpecials: specials)
                        == original.tokenizer.encode(text, recognisingSpecials: specials))
            }
        }
    }

    @Test func savingKeepsTheStoredTypeAndTurnsQuantisedIntoF32() throws {
        for (name, type) in [("llama-bf16-untied-llama3-sharded", "BF16"), ("llama-q4_1", "F32")] {
            try withTemporaryPath { directory in
                try Checkpoint.load(Fixtures.path(name)).save(to: directory)
                let file = try SafetensorsFile(path: directory + "/model.safetensors")
                #expect(Set(file.tensors.map(\.typeName)) == [type])
            }
        }
    }

    @Test func savingOverAnExistingDirectoryIsRefusedUnlessAsked() throws {
        let checkpoint = try Checkpoint.load(Fixtures.path("llama-f32-tied"))
        try withTemporaryPath { directory in
            try checkpoint.save(to: directory)
            let error = #expect(throws: FormatsError.self) { try checkpoint.save(to: directory) }
            #expect(error?.location == directory)
            try checkpoint.save(to: directory, replacing: true)
        }
    }

    /// A directory saved under another model's words keeps the model; only what `replacing` names changes.
    @Test func replacingChangesOnlyWhatItNames() throws {
        let checkpoint = try Checkpoint.load(Fixtures.path("qwen2-bf16-tied"))
        let other = checkpoint.replacing(name: "other", origin: "run:1")
        #expect(other.name == "other" && other.origin == "run:1" && other.model === checkpoint.model)
        #expect(checkpoint.replacing().name == "qwen2-bf16-tied")
    }
}
