import Compute
import Formats
import Foundation

/// Files in which models come too, and which are not read: each is told apart, with what to do about it.
struct OtherFiles {
    private let directory: String
    private let names: [String]

    init(_ directory: String, _ names: [String]) {
        (self.directory, self.names) = (directory, names.sorted())
    }

    private func first(_ endings: [String], but isOther: (String) -> Bool = { _ in false }) -> String? {
        names.first { name in endings.contains { name.lowercased().hasSuffix($0) } && !isOther(name) }
    }

    // MARK: A folder without config.json

    /// Why a folder without config.json and GGUF files is no model.
    var noConfiguration: CheckpointsError {
        if names.contains(Self.adapterSettings) || names.contains(Self.adapterWeights) { return adapter }
        if let unmerged { return unmerged }
        let below = names.filter { FileManager.default.fileExists(atPath: "\(directory)/\($0)/config.json") }
        if let one = below.first {
            return .part(
                file: directory, what: "it has no config.json; a model lies in \(below.joined(separator: ", "))",
                hint: "name \(directory)/\(one)")
        }
        if names.contains("params.json") {
            return .part(
                file: directory,
                what: "it has no config.json: params.json is the configuration of Meta's or Mistral's own files",
                hint: "take the same model as transformers has it, or as a GGUF file")
        }
        if let weights = first([".safetensors"]) {
            return .part(
                file: directory, what: "it has \(weights) and no config.json, which says what the tensors are",
                hint: "put the config.json and the tokenizer's files of the same model beside it")
        }
        return weightless(lacking: "config.json")
    }

    // MARK: A folder without model.safetensors

    /// Why a folder has no weights that can be read.
    /// - Parameter lacking: what was looked for.
    func weightless(lacking: String) -> CheckpointsError {
        func refusal(_ found: String, _ hint: String) -> CheckpointsError {
            .part(file: directory, what: "it has no \(lacking); \(found)", hint: hint)
        }
        if HubCache.isUnfinished(directory) {
            return refusal("a download into it was not finished", HubCache.fetching(directory + "/x"))
        }
        if let pickle = first(Self.pickles, but: Self.isTrainerState) {
            return refusal(
                "\(pickle) is a PyTorch file, which is not read: it may hold any program", Self.conversion(directory))
        }
        if names.contains(Self.consolidated) { return Self.consolidatedRefusal("\(directory)/\(Self.consolidated)") }
        if let weights = first([".safetensors"], but: { $0 == Self.adapterWeights }) {
            return refusal("there is \(weights)", "name \(directory)/\(weights) if that is the model")
        }
        if let onnx = first([".onnx"]) ?? names.first(where: { $0 == "onnx" }) {
            return refusal("\(onnx) is ONNX, which is not read", "take the model's safetensors or GGUF files")
        }
        if let other = first([".h5", ".msgpack", ".npz", ".mlpackage", ".tflite"]) {
            return refusal("\(other) is of another framework", "take the model's safetensors or GGUF files")
        }
        return .missing(path: directory, what: "it has no \(lacking)")
    }

    /// What a trainer left on its way, one file a process, where that is what the folder holds.
    private var unmerged: CheckpointsError? {
        func refusal(_ file: String, _ trainer: String, _ command: String) -> CheckpointsError {
            .part(
                file: directory, what: "it has no config.json; \(file) is a part of \(trainer), which are not read",
                hint: "`\(command)` writes the model")
        }
        if let file = names.first(where: { $0.hasPrefix("model_world_size_") }) {
            return refusal(
                file, "verl's checkpoints by FSDP",
                "python -m verl.model_merger merge --backend fsdp --local_dir \(directory) --target_dir NEW")
        }
        if let file = names.first(where: { $0 == "zero_to_fp32.py" }) {
            return refusal(
                file, "DeepSpeed's checkpoints", "python \(directory)/\(file) \(directory) NEW --safe_serialization")
        }
        if let file = first([".distcp"]) {
            return .part(
                file: directory, what: "it has no config.json; \(file) is a part of PyTorch's distributed checkpoints",
                hint: "let the trainer that wrote it write a model for transformers")
        }
        return nil
    }

    // MARK: Adapters

    private static let adapterSettings = "adapter_config.json"
    private static let adapterWeights = "adapter_model.safetensors"

    /// - Throws: ``CheckpointsError/unsupported(file:what:hint:)`` where an adapter lies beside the weights:
    ///   transformers would apply it, and the model without it is another.
    func refuseAdapter() throws {
        guard names.contains(Self.adapterSettings) || names.contains(Self.adapterWeights) else { return }
        throw adapter
    }

    private var adapter: CheckpointsError {
        let file = names.contains(Self.adapterSettings) ? Self.adapterSettings : Self.adapterWeights
        let hasBase = names.contains("config.json") && names.contains("model.safetensors")
        let merging = "PEFT's merge_and_unload() and save_pretrained() write the whole model"
        return .unsupported(
            file: "\(directory)/\(file)", what: "it is an adapter\(baseName), and adapters are not applied",
            hint: hasBase ? "\(merging); \(directory)/model.safetensors names the base alone" : merging)
    }

    /// ` of meta-llama/Llama-3.2-1B`, where the adapter says so.
    private var baseName: String {
        // A file that cannot be read tells no name; the adapter is refused all the same.
        guard let settings = try? Settings(load: "\(directory)/\(Self.adapterSettings)"),
            let name = settings.value("base_model_name_or_path")?.asString
        else { return "" }
        return " of \(name)"
    }

    /// - Throws: ``CheckpointsError/unsupported(file:what:hint:)`` for a value head that LLaMA-Factory keeps in a
    ///   pickle of its own: a critic's would be lost.
    func refuseValueHead() throws {
        guard names.contains("value_head.bin") else { return }
        throw CheckpointsError.unsupported(
            file: "\(directory)/value_head.bin", what: "the value head is a PyTorch file, which is not read",
            hint: "in Python, safetensors.torch.save_file(torch.load(\"value_head.bin\"), \"value_head.safetensors\")")
    }

    // MARK: Files that are named

    private static let consolidated = "consolidated.safetensors"
    private static let pickles = [".bin", ".pt", ".pth", ".ckpt"]

    /// What trainers write beside weights.
    private static func isTrainerState(_ name: String) -> Bool {
        ["training_args", "optimizer", "scheduler", "rng_state", "scaler", "value_head"].contains { name.hasPrefix($0) }
    }

    private static func conversion(_ directory: String) -> String {
        "in Python, transformers' AutoModelForCausalLM.from_pretrained(\(directory.debugDescription))"
            + ".save_pretrained(NEW) writes model.safetensors"
    }

    private static func consolidatedRefusal(_ path: String) -> CheckpointsError {
        .unsupported(
            file: path, what: "it has Mistral's own names of tensors, which are not read",
            hint: "take the model-….safetensors of the same repository, or a GGUF file")
    }

    /// - Parameter name: of a safetensors file that the user names itself.
    static func refuse(weights name: String, _ path: String) throws {
        if name == consolidated { throw consolidatedRefusal(path) }
        guard name == adapterWeights else { return }
        let directory = Source.parent(of: path)
        throw OtherFiles(directory, try Folder.names(directory)).adapter
    }

    /// Why a file that the user names is no model.
    static func refusal(file path: String, _ kind: FileKind) -> any GenacError {
        if let lfs = lfsPointer(path) { return lfs }
        let name = path.lowercased()
        if kind == .pytorch || pickles.contains(where: { name.hasSuffix($0) }) {
            return CheckpointsError.unsupported(
                file: path, what: "it is a PyTorch file, which is not read: it may hold any program",
                hint: conversion(Source.parent(of: path)))
        }
        if name.hasSuffix(".onnx") {
            return CheckpointsError.unsupported(
                file: path, what: "it is ONNX, which is not read", hint: "take the model's safetensors or GGUF files")
        }
        return CheckpointsError.unsupported(
            file: path, what: "neither a directory nor a .safetensors or .gguf file",
            hint: "convert it, or name the directory it lies in")
    }

    private static func lfsPointer(_ path: String) -> (any GenacError)? {
        do {
            _ = try BoundedFile.read(path, limit: 1 << 10)
            return nil
        } catch FormatsError.tooLarge {
            return nil
        } catch {
            return error as? any GenacError
        }
    }
}
