import Formats

/// Weights in number formats of other programs. GGUF's are read, these are not.
enum QuantisedWeights {
    private static let hint = "use the unquantised model, or a GGUF file of it"

    /// - Throws: ``CheckpointsError/unsupported(file:what:hint:)`` where config.json says that they are.
    static func refuse(_ config: Settings) throws {
        func refusal(_ kind: String, _ key: String) -> CheckpointsError {
            .unsupported(file: config.file, what: "its weights are quantised by \(kind) (\(key))", hint: hint)
        }
        // MLX writes this one, and the other as a copy of it.
        if config.value("quantization")?["group_size"] != nil { throw refusal("MLX", "quantization") }
        guard let settings = config.value("quantization_config") else { return }
        let method = settings["quant_method"]?.asString
        throw refusal(method.map { names[$0] ?? $0 } ?? "a method that is not named", "quantization_config")
    }

    private static let names = [
        "gptq": "GPTQ", "awq": "AWQ", "bitsandbytes": "bitsandbytes", "fp8": "fp8", "fbgemm_fp8": "fp8 (fbgemm)",
        "mxfp4": "MXFP4", "torchao": "torchao", "hqq": "HQQ", "modelopt": "NVIDIA's ModelOpt",
    ]

    /// - Throws: ``CheckpointsError/unsupported(file:what:hint:)`` for a tensor that only such weights have: not every
    ///   config.json says what they are.
    static func refuse(_ entry: TensorEntry, in file: String) throws {
        func refusal(_ what: String) -> CheckpointsError {
            .unsupported(file: file, what: "tensor \(entry.name.debugDescription) is \(what)", hint: hint)
        }
        if entry.typeName.hasPrefix("F8_") { throw refusal("in fp8 (\(entry.typeName)), which is not read") }
        for (ending, kind) in endings where entry.name.hasSuffix(ending) {
            throw refusal("a part of weights quantised by \(kind), which are not read")
        }
    }

    private static let endings = [
        (".qweight", "GPTQ or AWQ"), (".weight_packed", "compressed-tensors"), (".weight_scale", "compressed-tensors"),
        (".weight_scale_inv", "blocks of fp8"), (".weight.absmax", "bitsandbytes"), (".SCB", "bitsandbytes"),
        (".scales", "MLX"),
    ]
}
