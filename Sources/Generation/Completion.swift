import Compute
import Tokenizers

/// What a model reads, or has written: the text, and exactly its ids. A model without tokens has the text alone.
package struct Passage: Sendable, Codable, Equatable {
    /// In words, special tokens spelled.
    package var text: String
    /// Empty where the model that reads or wrote it tells none.
    package var ids: [TokenID]

    /// A passage of which one part may be unknown, or nothing.
    package init(text: String = "", ids: [TokenID] = []) { (self.text, self.ids) = (text, ids) }
}

/// A prompt to continue.
package struct CompletionRequest: Sendable {
    /// What is asked.
    package var prompt: Passage
    /// What of the answer is written already: the model goes on from there.
    package var begun: Passage
    /// How tokens are drawn; `maxTokens` counts those to be written, `begun` not among them.
    package var sampling: Sampling
    /// Names this request's random numbers, so that no batch or order changes what is drawn.
    package var key: RandomKey
    /// A stop rule beside the sampling's own: asked with the bytes written so far, what was `begun` not among them.
    /// A text that goes on from one that it calls closed must be closed too.
    package var isClosed: (@Sendable ([UInt8]) -> Bool)?
    /// Tokens at the end of `begun` that were drawn under `key` already: a completion taken up in parts is the one that
    /// would have been written at once.
    package var drawn: Int

    /// A request under its own random numbers.
    package init(
        prompt: Passage, begun: Passage = Passage(), sampling: Sampling, key: RandomKey,
        isClosed: (@Sendable ([UInt8]) -> Bool)? = nil, drawn: Int = 0
    ) {
        (self.prompt, self.begun) = (prompt, begun)
        self.sampling = sampling
        self.key = key
        self.isClosed = isClosed
        self.drawn = drawn
    }

    /// All that a model with tokens reads.
    package var ids: [TokenID] { prompt.ids + begun.ids }
}

/// What a model wrote.
package struct Completion: Sendable, Equatable {
    /// As sampled, the end token included when it was sampled; empty where the model tells none.
    package var ids: [TokenID]
    /// One per sampled token, in nats, of the full distribution at the sampling temperature (greedy: temperature 1),
    /// before top-k, top-p or min-p cut it; empty where the model gives none.
    package var logprobs: [Float]
    /// UTF-8, but for a token that breaks it; without the end token and without a stop text.
    package var bytes: [UInt8]
    /// Why it ended.
    package var finish: FinishReason

    /// What was written, in the model's own terms.
    package init(ids: [TokenID], logprobs: [Float], bytes: [UInt8], finish: FinishReason) {
        self.ids = ids
        self.logprobs = logprobs
        self.bytes = bytes
        self.finish = finish
    }

    /// `bytes`; what is not UTF-8 shows as U+FFFD.
    package var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// Something was just written: one token, where the model tells of each.
package struct CompletionEvent: Sendable {
    /// The request's place in the batch.
    package var request: Int
    /// What was added to the request's bytes.
    package var bytes: [UInt8]

    /// What request `request` of the batch just added.
    package init(request: Int, bytes: [UInt8]) { (self.request, self.bytes) = (request, bytes) }
}
