import Compute

/// What can go wrong while a model writes or reads.
package enum GenerationError: GenacError, Equatable {
    /// In tokens.
    case contextTooLong(prompt: Int, maxTokens: Int, limit: Int)
    case emptyPrompt
    /// Settings out of their range, and which.
    case invalidSampling(String)
    /// Ctrl-C, where nothing that is half done can be given back.
    case cancelled
    /// The model cannot do what is asked of it. `need` is what asks, as a user knows it.
    case lacks(model: String, Capability, need: String)
    /// What a model gave after the token numbered `token` from 1 (of a completion, or of a text that is read) is
    /// infinite or no number.
    case notANumber(model: String, token: Int, value: Float, tensor: String?)

    /// What went wrong, in a sentence without its place.
    package var what: String {
        switch self {
        case .contextTooLong(let prompt, let maxTokens, let limit):
            "a prompt of \(prompt) tokens and \(maxTokens) to generate do not fit the model's context of \(limit)"
        case .emptyPrompt: "the prompt is empty"
        case .invalidSampling(let reason): reason
        case .cancelled: "cancelled"
        case .lacks(let model, let capability, let need): "\(model) \(capability.lack), which \(need) needs"
        case .notANumber(_, let token, let value, let tensor):
            "the model gives no number (\(value.isNaN ? "NaN" : "\(value)")) at token \(token)"
                + (tensor.map { ": \($0)" } ?? "")
        }
    }

    /// The model that is to blame.
    package var location: String? {
        if case .notANumber(let model, _, _, _) = self { model } else { nil }
    }

    /// What would mend it.
    package var hint: String? {
        switch self {
        case .contextTooLong: "ask for fewer tokens or shorten the prompt"
        case .emptyPrompt: "give at least one token"
        case .invalidSampling:
            "temperature is 0 or at least 1e-6, top-p above 0 and at most 1, min-p from 0 to 1, "
                + "top-k and tokens not negative"
        case .cancelled: nil
        case .lacks(_, .values, _): "name a critic with a value head"
        case .lacks: "use a model in this process: a directory, a .safetensors or a .gguf file"
        case .notANumber(_, _, _, .some): "the file is damaged, or its training diverged: take another"
        case .notANumber(_, _, _, nil):
            "its weights are numbers, but their products overflow: "
                + "it may have been trained in another way than its configuration says"
        }
    }
}
