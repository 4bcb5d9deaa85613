import Compute
import Tokenizers

/// A prompt to continue.
package struct CompletionRequest: Sendable {
    package var prompt: [TokenID]
    package var sampling: Sampling
    /// Names this request's random numbers, so that no batch or order changes what is drawn.
    package var key: RandomKey
    /// A stop rule beside the sampling's own: asked after each token with the bytes written so far.
    package var isClosed: (@Sendable ([UInt8]) -> Bool)?
    /// Tokens at the prompt's end that were drawn under `key` already: a completion taken up in parts is the one that
    /// would have been written at once.
    package var drawn: Int

    package init(
        prompt: [TokenID], sampling: Sampling, key: RandomKey, isClosed: (@Sendable ([UInt8]) -> Bool)? = nil,
        drawn: Int = 0
    ) {
        self.prompt = prompt
        self.sampling = sampling
        self.key = key
        self.isClosed = isClosed
        self.drawn = drawn
    }
}

/// What a model wrote.
package struct Completion: Sendable, Codable, Equatable {
    /// As sampled, the end token included when it was sampled.
    package var ids: [TokenID]
    /// One per id, of the full distribution at the sampling temperature (greedy: temperature 1), before
    /// top-k, top-p or min-p cut it.
    package var logprobs: [Float]
    /// Without the end token and without a stop text.
    package var bytes: [UInt8]
    package var finish: FinishReason

    package init(ids: [TokenID], logprobs: [Float], bytes: [UInt8], finish: FinishReason) {
        self.ids = ids
        self.logprobs = logprobs
        self.bytes = bytes
        self.finish = finish
    }

    /// `bytes`; what is not UTF-8 shows as U+FFFD.
    package var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// One token, just sampled.
package struct CompletionEvent: Sendable {
    /// The request's place in the batch.
    package var request: Int
    package var id: TokenID
    package var logprob: Float
    /// What the token added to the request's bytes.
    package var bytes: [UInt8]

    package init(request: Int, id: TokenID, logprob: Float, bytes: [UInt8]) {
        self.request = request
        self.id = id
        self.logprob = logprob
        self.bytes = bytes
    }
}

/// How likely a given token was where it stands.
package struct TokenScore: Sendable, Codable, Equatable {
    package struct Alternative: Sendable, Codable, Equatable {
        package var id: TokenID
        package var logprob: Float

        package init(id: TokenID, logprob: Float) {
            self.id = id
            self.logprob = logprob
        }
    }

    package var id: TokenID
    package var logprob: Float
    /// Of the whole next-token distribution, in nats.
    package var entropy: Float
    /// The likeliest tokens, best first.
    package var top: [Alternative]

    package init(id: TokenID, logprob: Float, entropy: Float, top: [Alternative]) {
        self.id = id
        self.logprob = logprob
        self.entropy = entropy
        self.top = top
    }
}

/// Where tokens come from.
package protocol Completer: AnyObject, Sendable {
    var name: String { get }
    var tokenizer: Tokenizer { get }
    /// Prompt and completion together.
    var contextLength: Int { get }
    var endTokens: Set<TokenID> { get }

    /// One completion per request, in their order. Prompts that share token prefixes are prefilled once, and all
    /// are decoded as one batch. After a cancellation the unfinished ones end as `.cancelled`.
    func complete(
        _ requests: [CompletionRequest], cancellation: Cancellation, onEvent: ((CompletionEvent) -> Void)?
    ) throws -> [Completion]

    /// After each context, the log-probability (temperature 1) of every token of the vocabulary.
    func nextTokenLogprobs(_ contexts: [[TokenID]], cancellation: Cancellation) throws -> [[Float]]

    /// The tokens from `start` on (at least 1, for the first has nothing before it), each scored after those before it.
    func score(_ sequence: [TokenID], from start: Int, top: Int, cancellation: Cancellation) throws -> [TokenScore]
}

extension Completer {
    /// What sampled ids say: an end token says nothing.
    package func writtenBytes(_ ids: some Sequence<TokenID>) -> [UInt8] {
        tokenizer.decodeBytes(ids.filter { !endTokens.contains($0) })
    }
}
