import Formats
import Testing

@Suite struct ShardNameTests {
    @Test func readsAndWritesWhatTransformersAndLlamaCppWrite() throws {
        let name = try #require(ShardName("my-model.v1-00002-of-00003.gguf"))
        #expect(name.stem == "my-model.v1" && name.number == 2 && name.count == 3 && name.ending == "gguf")
        #expect(name.all == ["00001", "00002", "00003"].map { "my-model.v1-\($0)-of-00003.gguf" })
        try #expect(#require(ShardName("m-00001-of-12345.safetensors")).part(12_345) == "m-12345-of-12345.safetensors")
    }

    @Test(arguments: [
        "model.safetensors", "model-1-of-3.gguf", "model-00004-of-00003.gguf", "model-00000-of-00003.gguf",
        "00001-of-00003.gguf", "model-00001-of-00003", "model-00001-of-000003.gguf", "m-0000x-of-00003.gguf",
        "m--0001-of-00003.gguf", "m-00001-OF-00003.gguf", "m-+0001-of-00003.gguf", "",
    ]) func isNilForOtherNames(_ name: String) {
        #expect(ShardName(name) == nil)
    }
}
