/// How tokens are drawn. `temperature` 0 is greedy; `topK` 0, `topP` 1 and `minP` 0 switch their filter off.
package struct Sampling: Sendable, Codable, Equatable {
    /// 0, or one of ``temperatures``.
    package var temperature: Double
    /// Only the so many likeliest tokens; 0 or more.
    package var topK: Int
    /// Only the likeliest tokens that have this probability together; above 0, at most 1.
    package var topP: Double
    /// Only tokens at least this likely relative to the likeliest; in 0...1.
    package var minP: Double
    /// At most this many tokens, the end token among them.
    package var maxTokens: Int
    /// Text that ends a completion; the text that matched is cut off.
    package var stop: [String]

    /// Every token of the distribution as it is, unless said otherwise.
    package init(
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

    /// Temperatures that can be sampled at: outside, logits over the temperature leave the range of f32; 0 is greedy.
    package static let temperatures = 1e-6...1e6
}

/// Why a completion ended: an end token or stop text, the token limit, or Ctrl-C.
package enum FinishReason: String, Sendable, Codable {
    case stop, length, cancelled
}
