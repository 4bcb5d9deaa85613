import Checkpoints
import Compute
import Formats
import Foundation
import Testing

/// Files in which models come too and that are not read: each is named, with what to do.
@Suite struct OtherFilesTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        /// The file below the model's directory that the error names; "" for the directory itself.
        let place: String
        let says: String
        /// What makes a copy of the fixture such a directory.
        let change: @Sendable (String) throws -> Void
        var testDescription: String { name }
    }

    private static func write(_ text: String, _ path: String) throws {
        try AtomicFile.write(Array(text.utf8), to: path)
    }
    private static func move(_ old: String, _ new: String) -> @Sendable (String) throws -> Void {
        { try FileManager.default.moveItem(atPath: "\($0)/\(old)", toPath: "\($0)/\(new)") }
    }
    private static func put(_ text: String, in name: String) -> @Sendable (String) throws -> Void {
        { path in
            try? FileManager.default.removeItem(atPath: "\(path)/\(name)")
            try write(text, "\(path)/\(name)")
        }
    }
    private static func link(_ name: String) -> @Sendable (String) throws -> Void {
        { path in
            try FileManager.default.removeItem(atPath: "\(path)/\(name)")
            try FileManager.default.createSymbolicLink(
                atPath: "\(path)/\(name)", withDestinationPath: "../../blobs/gone")
        }
    }

    private static let weights = "model.safetensors"
    private static let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0123\nsize 260\n"
    private static let files = [
        "config.json", "generation_config.json", weights, "tokenizer.json",
        "tokenizer_config.json", "chat_template.jinja",
    ]

    static let cases: [Case] =
        [
            Case(
                name: "pickle", place: "", says: "pytorch_model.bin is a PyTorch file",
                change: move(weights, "pytorch_model.bin")),
            Case(
                name: "part of a pickle", place: "", says: "pytorch_model-00001-of-00002.bin is a PyTorch file",
                change: move(weights, "pytorch_model-00001-of-00002.bin")),
            Case(
                name: "Meta's pickle", place: "", says: "consolidated.00.pth is a PyTorch file",
                change: move(weights, "consolidated.00.pth")),
            Case(
                name: "Mistral's own", place: "/consolidated.safetensors", says: "Mistral's own names",
                change: move(weights, "consolidated.safetensors")),
            Case(
                name: "a variant", place: "", says: "there is model.fp16.safetensors",
                change: move(weights, "model.fp16.safetensors")),
            Case(name: "ONNX", place: "", says: "model.onnx is ONNX", change: move(weights, "model.onnx")),
            Case(
                name: "Flax", place: "", says: "flax_model.msgpack is of another framework",
                change: move(weights, "flax_model.msgpack")),
            Case(
                name: "what a trainer left", place: "", says: "it has no model.safetensors",
                change: move(weights, "training_args.bin")),
            Case(
                name: "no configuration", place: "", says: "it has model.safetensors and no config.json",
                change: move("config.json", "config.yaml")),
            Case(
                name: "verl's parts", place: "", says: "verl.model_merger merge",
                change: move("config.json", "model_world_size_2_rank_0.pt")),
            Case(
                name: "DeepSpeed's parts", place: "", says: "--safe_serialization",
                change: move("config.json", "zero_to_fp32.py")),
            Case(
                name: "PyTorch's parts", place: "", says: "__0_0.distcp is a part of",
                change: move("config.json", "__0_0.distcp")),
            Case(
                name: "a folder above", place: "", says: "a model lies in huggingface",
                change: { path in
                    let inner = path + "-inner"
                    try FileManager.default.moveItem(atPath: path, toPath: inner)
                    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
                    try FileManager.default.moveItem(atPath: inner, toPath: path + "/huggingface")
                }),
            Case(
                name: "an adapter beside", place: "/adapter_config.json", says: "an adapter of lab/base",
                change: put(
                    "{\"peft_type\": \"LORA\", \"base_model_name_or_path\": \"lab/base\"}", in: "adapter_config.json")),
            Case(
                name: "an adapter whose settings are broken", place: "/adapter_config.json", says: "an adapter",
                change: put("{", in: "adapter_config.json")),
            Case(
                name: "an adapter's weights beside", place: "/adapter_model.safetensors", says: "an adapter",
                change: put("x", in: "adapter_model.safetensors")),
            Case(
                name: "an adapter alone", place: "/adapter_config.json", says: "merge_and_unload",
                change: { path in
                    for name in ["config.json", weights] {
                        try FileManager.default.removeItem(atPath: "\(path)/\(name)")
                    }
                    try write("{}", path + "/adapter_config.json")
                }),
        ]
        + files.map { name in
            Case(
                name: "a link to nothing: \(name)", place: "/" + name, says: "it is a link to ../../blobs/gone",
                change: link(name))
        }
        + files.map { name in
            Case(name: "a pointer: \(name)", place: "/" + name, says: "Git LFS pointer", change: put(pointer, in: name))
        }

    @Test(arguments: cases) func namesWhatIsThere(_ other: Case) throws {
        try withTemporaryPath { path in
            try FileManager.default.copyItem(atPath: fixture("checkpoints/llama-f32-tied"), toPath: path)
            try other.change(path)
            do {
                _ = try Checkpoint.load(path)
                Issue.record("it was loaded")
            } catch let error as any GenacError {
                #expect(error.description.contains(other.says), "\(error)")
                #expect(error.location == path + other.place, "\(error)")
                #expect(!error.description.contains("index.json"), "\(error)")
                #expect(error.hint != nil)
            }
        }
    }

    @Test func theBaseBesideAnAdapterIsNamedByItsFile() throws {
        try withTemporaryPath { path in
            try FileManager.default.copyItem(atPath: fixture("checkpoints/llama-f32-tied"), toPath: path)
            try Self.write("{}", path + "/adapter_config.json")
            try #expect(
                Expected("llama-f32-tied").distance(of: Checkpoint.load(path + "/model.safetensors").model) < 1e-4)
            try Self.write("x", path + "/adapter_model.safetensors")
            let error = #expect(throws: (any Error).self) { try Checkpoint.load(path + "/adapter_model.safetensors") }
            #expect((error as? any GenacError)?.what.contains("adapter") == true)
        }
    }

    @Test(arguments: [("x.bin", "PyTorch"), ("x.onnx", "ONNX"), ("x.txt", "neither a directory")])
    func aFileOfAnotherKindIsNamed(_ name: String, _ says: String) throws {
        try withTemporaryPath { path in
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            try Self.write("x", "\(path)/\(name)")
            let error = #expect(throws: CheckpointsError.self) { try Checkpoint.load("\(path)/\(name)") }
            #expect(error?.what.contains(says) == true && error?.location == "\(path)/\(name)")
            try Self.write(Self.pointer, "\(path)/\(name)")
            #expect(throws: FormatsError.self) { try Checkpoint.load("\(path)/\(name)") }
        }
    }

    static let quantised: [(String, JSONValue, String)] = [
        ("quantization_config", ["quant_method": "gptq", "bits": 4], "GPTQ"),
        ("quantization_config", ["quant_method": "awq"], "AWQ"),
        ("quantization_config", ["quant_method": "bitsandbytes", "load_in_4bit": true], "bitsandbytes"),
        ("quantization_config", ["quant_method": "fp8"], "fp8"),
        ("quantization_config", ["quant_method": "compressed-tensors"], "compressed-tensors"),
        ("quantization_config", ["quant_algo": "FP8"], "quantization_config"),
        ("quantization", ["group_size": 64, "bits": 4], "MLX"),
    ]

    @Test(arguments: quantised) func quantisedWeightsAreNamedByTheirMethod(
        _ key: String, _ value: JSONValue, _ says: String
    ) throws {
        try withChanged("llama-f32-tied", "config.json", { $0[key] = value }) { path in
            let error = #expect(throws: CheckpointsError.self) { try Checkpoint.load(path) }
            #expect(error?.what.contains(says) == true && error?.location == path + "/config.json")
            #expect(error?.hint?.contains("unquantised") == true)
        }
    }

    @Test(arguments: [
        ("model.layers.0.mlp.up_proj.qweight", "I32", 8, "GPTQ or AWQ"),
        ("model.layers.0.mlp.up_proj.weight_packed", "I32", 8, "compressed-tensors"),
        ("model.layers.0.mlp.up_proj.weight", "F8_E4M3", 2, "fp8 (F8_E4M3)"),
    ]) func quantisedTensorsAreNamedWhateverConfigurationsSay(
        _ name: String, _ type: String, _ bytes: Int, _ says: String
    ) throws {
        try withTemporaryPath { path in
            try FileManager.default.copyItem(atPath: fixture("checkpoints/llama-f32-tied"), toPath: path)
            let header = Array("{\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":[2],\"data_offsets\":[0,\(bytes)]}}".utf8)
            let length = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) }
            try AtomicFile.write(length + header + [UInt8](repeating: 0, count: bytes), to: path + "/model.safetensors")
            let error = #expect(throws: CheckpointsError.self) { try Checkpoint.load(path) }
            #expect(error?.what.contains(says) == true && error?.location == path + "/model.safetensors")
        }
    }

    /// Whatever is in a file's place: one error that names the file, or the model as it was.
    @Test func everyFileCutShortOrReplacedIsNamed() throws {
        for model in ["llama-f32-tied", "llama-bf16-untied-llama3-sharded"] {
            let original = fixture("checkpoints/\(model)")
            for name in try FileManager.default.contentsOfDirectory(atPath: original) {
                let bytes = try BoundedFile.read("\(original)/\(name)", limit: 1 << 20)
                for junk in [[], Array(bytes.prefix(bytes.count / 2)), [UInt8](repeating: 0xFF, count: 300), nil] {
                    // A text cut short may still be a text.
                    if name == "chat_template.jinja", junk?.isEmpty == false { continue }
                    try withTemporaryPath { path in
                        try FileManager.default.copyItem(atPath: original, toPath: path)
                        try FileManager.default.removeItem(atPath: "\(path)/\(name)")
                        if let junk {
                            try Data(junk).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
                        } else {
                            try FileManager.default.createDirectory(
                                atPath: "\(path)/\(name)", withIntermediateDirectories: true)
                        }
                        let error = #expect(throws: (any Error).self, "\(name)") { try Checkpoint.load(path) }
                        let location = (error as? any GenacError)?.location
                        #expect(location?.hasPrefix("\(path)/\(name)") == true, "\(name): \(String(describing: error))")
                    }
                }
            }
        }
    }
}
