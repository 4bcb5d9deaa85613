import Checkpoints
import Compute
import Formats
import Foundation
import Testing

/// What a user may name a model by: files, folders, parts, blobs, and repositories in the hub's cache.
@Suite struct SourceTests {
    private func isSame(_ checkpoint: Checkpoint, as name: String) throws {
        try #expect(Expected(name).distance(of: checkpoint.model) < 1e-4)
    }

    private func copy(_ name: String, to path: String) throws {
        try FileManager.default.createDirectory(
            atPath: Source.folder(of: path), withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: fixture("checkpoints/\(name)"), toPath: path)
    }

    /// What loading says instead.
    private func refusal(_ path: String, hub: HubCache = HubCache()) throws -> String {
        do {
            _ = try Checkpoint.load(path, hub: hub)
            Issue.record("\(path) was loaded")
            return ""
        } catch let error as any GenacError {
            return error.description
        }
    }

    // MARK: GGUF

    /// gguf's own writer split it; its expected numbers are transformers' of the whole.
    @Test func anyPartOfASplitGGUFIsTheWholeAndSoIsItsFolder() throws {
        let folder = fixture("checkpoints/qwen3-split")
        for part in 1...3 {
            let checkpoint = try Checkpoint.load("\(folder)/qwen3-split-0000\(part)-of-00003.gguf")
            try isSame(checkpoint, as: "qwen3-split")
            #expect(checkpoint.name == "qwen3-split")
        }
        try isSame(Checkpoint.load(folder), as: "qwen3-split")
        let inspection = try Checkpoint.inspect(folder)
        #expect(inspection.files.count == 3 && inspection.refusal == nil && inspection.tensors.count == 24)
    }

    @Test func aPartThatIsMissingStrangeOrRenamedIsNamed() throws {
        func part(_ number: Int) -> String { "qwen3-split-0000\(number)-of-00003.gguf" }
        try withTemporaryPath { path in
            try copy("qwen3-split", to: path)
            try FileManager.default.removeItem(atPath: "\(path)/\(part(2))")
            for source in [path, "\(path)/\(part(1))", "\(path)/\(part(3))"] {
                let said = try refusal(source)
                #expect(said.contains("\(path)/\(part(2)): part 2 of 3 is not there"))
            }
            try FileManager.default.copyItem(atPath: "\(path)/\(part(3))", toPath: "\(path)/\(part(2))")
            try #expect(refusal(path).contains("does not say that it is part 2 of 3"))
            try FileManager.default.copyItem(atPath: "\(path)/\(part(1))", toPath: "\(path)/alone.gguf")
            try #expect(refusal("\(path)/alone.gguf").contains("one of 3 parts of a model, and not called so"))
        }
    }

    @Test func aFolderWithOneGGUFIsThatModel() throws {
        try withTemporaryPath { path in
            try copy("llama-q4_1.gguf", to: path + "/model-Q4_1.gguf")
            try AtomicFile.write(Array("no model".utf8), to: path + "/mmproj-model.gguf")
            try isSame(Checkpoint.load(path), as: "llama-q4_1")
            // Repositories of GGUF files keep the original's configuration too.
            try AtomicFile.write(Array("{}".utf8), to: path + "/config.json")
            try isSame(Checkpoint.load(path), as: "llama-q4_1")
            try copy("qwen2-q4_0.gguf", to: path + "/model-Q4_0.gguf")
            let said = try refusal(path)
            #expect(said.contains("2 GGUF models: model-Q4_0.gguf, model-Q4_1.gguf"))
            #expect(said.contains("\(path)/model-Q4_0.gguf"))
        }
    }

    @Test func filesWithoutAnEndingAreKnownByTheirFirstBytes() throws {
        try withTemporaryPath { path in
            try copy("llama-q4_1.gguf", to: path + "/blobs/sha256-0123")
            try isSame(Checkpoint.load(path + "/blobs/sha256-0123"), as: "llama-q4_1")
            try copy("llama-f32-tied", to: path + "/model")
            try FileManager.default.moveItem(atPath: path + "/model/model.safetensors", toPath: path + "/model/0123")
            try isSame(Checkpoint.load(path + "/model/0123"), as: "llama-f32-tied")
            try FileManager.default.moveItem(atPath: path + "/model/0123", toPath: path + "/blobs/0123")
            try #expect(refusal(path + "/blobs/0123").contains("it has no config.json"))
        }
    }

    @Test func aGGUFThatIsNoModelIsRefusedByItsType() throws {
        var file = Array("GGUF".utf8)
        func append<Value: FixedWidthInteger>(_ value: Value) {
            withUnsafeBytes(of: value.littleEndian) { file.append(contentsOf: $0) }
        }
        func append(_ text: String) {
            append(UInt64(text.utf8.count))
            file += Array(text.utf8)
        }
        append(UInt32(3))
        append(UInt64(0))
        append(UInt64(1))
        append("general.type")
        append(UInt32(8))
        append("adapter")
        try withTemporaryPath { path in
            try AtomicFile.write(file, to: path)
            try #expect(refusal(path).contains("adapter"))
        }
    }

    @Test func whatAProgramNamedByAHashGetsANameThatCanBeTyped() {
        let hash = String(repeating: "0a", count: 32)
        for (source, name) in [
            ("blobs/sha256-\(hash)", "blob-0a0a0a0a"), ("hub/models--lab--tiny/snapshots/\(hash.prefix(40))", "tiny"),
            ("hub/models--lab--tiny/", "tiny"), ("lab/tiny-00001-of-00002.gguf", "tiny"), ("snapshots/a/b", "b"),
        ] { #expect(Checkpoint.defaultName(of: source) == name) }
    }

    // MARK: Shards

    @Test func shardsNeedNoIndexWhenAllAreThere() throws {
        let name = "llama-bf16-untied-llama3-sharded"
        try withTemporaryPath { path in
            try copy(name, to: path)
            try isSame(Checkpoint.load(path + "/model-00002-of-00003.safetensors"), as: name)
            try FileManager.default.removeItem(atPath: path + "/model.safetensors.index.json")
            try isSame(Checkpoint.load(path), as: name)
            try isSame(Checkpoint.load(path + "/model-00002-of-00003.safetensors"), as: name)
            try FileManager.default.removeItem(atPath: path + "/model-00003-of-00003.safetensors")
            let said = try refusal(path)
            #expect(said.contains("/model-00003-of-00003.safetensors: the shard is missing"))
        }
    }

    @Test func aShardThatTheIndexNamesMustBeThere() throws {
        try withTemporaryPath { path in
            try copy("llama-bf16-untied-llama3-sharded", to: path)
            try FileManager.default.removeItem(atPath: path + "/model-00001-of-00003.safetensors")
            let said = try refusal(path)
            #expect(said.contains("/model-00001-of-00003.safetensors: the shard is missing"))
            #expect(said.contains("model.safetensors.index.json names"))
        }
    }

    // MARK: The hub's cache

    /// A cache as huggingface_hub lays it out: links from a snapshot to blobs.
    private func withCache(_ body: (_ hub: HubCache, _ folder: String) throws -> Void) throws {
        try withTemporaryPath { path in
            let folder = path + "/models--lab--tiny"
            try copy("llama-f32-tied", to: folder + "/blobs")
            let snapshot = folder + "/snapshots/0123456789abcdef"
            try FileManager.default.createDirectory(atPath: snapshot, withIntermediateDirectories: true)
            for name in try FileManager.default.contentsOfDirectory(atPath: folder + "/blobs") {
                try FileManager.default.createSymbolicLink(
                    atPath: "\(snapshot)/\(name)", withDestinationPath: "../../blobs/\(name)")
            }
            try FileManager.default.createDirectory(atPath: folder + "/refs", withIntermediateDirectories: true)
            try AtomicFile.write(Array("0123456789abcdef".utf8), to: folder + "/refs/main")
            try body(HubCache(environment: ["HF_HUB_CACHE": path]), folder)
        }
    }

    @Test func aRepositoryOfTheHubIsItsSnapshotInTheCache() throws {
        try withCache { hub, folder in
            for name in [
                "lab/tiny", "lab/tiny@main", "lab/tiny@0123456789abcdef", "lab/tiny@0123456", folder,
                "lab/tiny/model.safetensors",
            ] {
                try isSame(Checkpoint.load(name, hub: hub), as: "llama-f32-tied")
            }
            try #expect(Checkpoint.load("lab/tiny", hub: hub).name == "tiny")
            try #expect(hub.repositories == ["lab/tiny"])
            try #expect(hub.pinned("lab/tiny") == "lab/tiny@0123456789abcdef")
            try #expect(hub.pinned("other/tiny") == nil)
            for (name, says) in [
                ("lab/other", "`hf download lab/other`"), ("lab/tiny@v2", "no revision v2"),
                ("lab/tiny/x.gguf", "it has no x.gguf"), ("lab/../tiny", "there is no such file"),
            ] {
                try #expect(refusal(name, hub: hub).contains(says), "\(name)")
            }
        }
    }

    @Test func theCacheIsWhereItsVariablesSay() throws {
        try withCache { _, folder in
            let cache = Source.folder(of: folder), home = cache + "-home"
            defer { try? FileManager.default.removeItem(atPath: home) }
            try FileManager.default.createDirectory(
                atPath: home + "/.cache/huggingface", withIntermediateDirectories: true)
            for place in [home + "/hub", home + "/.cache/huggingface/hub"] {
                try FileManager.default.createSymbolicLink(atPath: place, withDestinationPath: cache)
            }
            for environment in [["HF_HOME": home], ["HOME": home], ["HOME": home, "HF_HOME": ""]] {
                try isSame(Checkpoint.load("lab/tiny", hub: HubCache(environment: environment)), as: "llama-f32-tied")
            }
            try #expect(HubCache(environment: ["HF_HOME": "/nonexistent", "HOME": home]).repositories == [])
        }
    }

    @Test func anUnfinishedSnapshotIsNamed() throws {
        try withCache { hub, folder in
            try FileManager.default.removeItem(atPath: folder + "/blobs/tokenizer_config.json")
            let said = try refusal("lab/tiny", hub: hub)
            #expect(said.contains("tokenizer_config.json: it is a link to ../../blobs/tokenizer_config.json"))
            #expect(said.contains("`hf download lab/tiny`"))
        }
        try withCache { hub, folder in
            try FileManager.default.removeItem(atPath: folder + "/snapshots/0123456789abcdef/model.safetensors")
            try FileManager.default.moveItem(
                atPath: folder + "/blobs/model.safetensors", toPath: folder + "/blobs/0123.incomplete")
            let said = try refusal("lab/tiny", hub: hub)
            #expect(said.contains("not finished") && said.contains("`hf download lab/tiny`"))
        }
        try withCache { hub, folder in
            try FileManager.default.removeItem(atPath: folder + "/snapshots/0123456789abcdef")
            try #expect(refusal("lab/tiny", hub: hub).contains("refs/main: it names the snapshot"))
        }
    }
}

enum Source {
    static func folder(of path: String) -> String { URL(fileURLWithPath: path).deletingLastPathComponent().path }
}
