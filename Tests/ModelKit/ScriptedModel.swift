import Compute
import Acting
import Foundation
import Generation
import Problems
import PromptKit
import Prompts
import Tokenizers

/// A model that writes what it is told to: its text is a function of the request, its next-token
/// probabilities a function of the context's text. Sendable unchecked: tests ask it from one thread.
package final class ScriptedModel: ScoringModel, @unchecked Sendable {
    package let name = "scripted"
    package let tokenizer: Tokenizer
    package let contextLength: Int?
    package let endTokens: Set<TokenID>
    private let write: (CompletionRequest) -> (text: String, finish: FinishReason)
    private let next: (String) -> [String: Double]
    package private(set) var requests: [CompletionRequest] = []
    package private(set) var contexts: [[TokenID]] = []
    /// Sizes of the calls of `nextTokenLogprobs`.
    package private(set) var rowCalls: [Int] = []

    package init(
        _ tokenizer: Tokenizer, contextLength: Int = 4096,
        next: @escaping (String) -> [String: Double] = { _ in [:] },
        write: @escaping (CompletionRequest) -> (text: String, finish: FinishReason)
    ) {
        self.tokenizer = tokenizer
        self.contextLength = contextLength
        self.next = next
        self.write = write
        endTokens = Set([tokenizer.id(ofSpecial: "<|end|>")].compactMap { $0 })
    }

    package func complete(
        _ requests: [CompletionRequest], cancellation: Cancellation, onEvent: ((CompletionEvent) -> Void)?
    ) throws -> [Completion] {
        self.requests += requests
        return requests.enumerated().map { index, request in
            let (text, finish) = write(request)
            var ids: [TokenID] = []
            var closed = false
            for id in tokenizer.encode(text, recognisingSpecials: false)
            where !closed && ids.count < request.sampling.maxTokens {
                ids.append(id)
                onEvent?(CompletionEvent(request: index, bytes: tokenizer.bytes(of: id)))
                closed = request.isClosed?(tokenizer.decodeBytes(ids)) ?? false
            }
            let bytes = tokenizer.decodeBytes(ids)
            if finish == .stop, !closed { ids += endTokens }
            return Completion(
                ids: ids, logprobs: ids.map { _ in -1 }, bytes: bytes, finish: closed ? .stop : finish)
        }
    }

    package func nextTokenLogprobs(
        _ contexts: [[TokenID]], of candidates: [TokenID], cancellation: Cancellation
    ) throws -> [[Float]] {
        self.contexts += contexts
        rowCalls.append(contexts.count)
        return contexts.map { context in
            var row = [Float](repeating: -Float.infinity, count: tokenizer.vocabularySize)
            for (text, probability) in next(tokenizer.decode(context)) {
                if let id = tokenizer.id(ofBytes: Array(text.utf8)) { row[Int(id)] = Float(log(probability)) }
            }
            return candidates.map { row[Int($0)] }
        }
    }

    package func score(_ sequence: [TokenID], from start: Int, top: Int, cancellation: Cancellation) throws
        -> [TokenScore]
    {
        []
    }
}

/// An actor that asks `model` with ``actorText``.
package func makeActor(_ model: any TextModel, maxTokens: Int = 256) throws -> Actor {
    Actor(
        name: model.name, parameters: nil, model: model,
        builder: (model as? any TokenModel).map {
            PromptBuilder(tokenizer: $0.tokenizer, chatTemplate: nil, bos: nil)
        } ?? TextPrompts(),
        template: try PromptTemplate(name: "a", role: .actor, text: actorText),
        sampling: Sampling(maxTokens: maxTokens))
}
