import Compute

public enum GenerationError: GenacError {
    case contextTooLong(prompt: Int, maxTokens: Int, limit: Int)
    case emptyPrompt
    case invalidSampling(String)
    case cancelled

    public var what: String {
        switch self {
        case .contextTooLong(let prompt, let maxTokens, let limit):
            "a prompt of \(prompt) tokens and \(maxTokens) to generate do not fit the model's context of \(limit)"
        case .emptyPrompt: "the prompt is empty"
        case .invalidSampling(let reason): reason
        case .cancelled: "cancelled"
        }
    }

    public var location: String? { nil }

    public var hint: String? {
        switch self {
        case .contextTooLong: "lower --max-tokens or shorten the problem"
        case .emptyPrompt: "give at least one token"
        case .invalidSampling: "temperature, top-p and min-p: see `help generate`"
        case .cancelled: nil
        }
    }
}
