/// How tokens are drawn. `temperature` 0 is greedy; `topK` 0, `topP` 1 and `minP` 0 switch their filter off.
public struct Sampling: Sendable, Codable, Equatable {
    public var temperature: Double
    public var topK: Int
    public var topP: Double
    public var minP: Double
    /// At most this many tokens, the end token among them.
    public var maxTokens: Int
    /// Text that ends a completion; the text that matched is cut off.
    public var stop: [String]

    public init(
        temperature: Double = 1.0, topK: Int = 0, topP: Double = 1.0, minP: Double = 0.0,
        maxTokens: Int = 256, stop: [String] = []
    ) {
        self.temperature = temperature
        self.topK = topK
        self.topP = topP
        self.minP = minP
        self.maxTokens = maxTokens
        self.stop = stop
    }
}

/// Why a completion ended: an end token or stop text, the token limit, or Ctrl-C.
public enum FinishReason: String, Sendable, Codable {
    case stop, length, cancelled
}
