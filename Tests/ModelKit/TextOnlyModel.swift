import Compute
import Generation

/// A model that gives text for text and nothing else, as one behind an endpoint may: no ids, no tokenizer, no
/// log-probabilities. What it writes is a function of what it reads and of the request's numbers.
package final class TextOnlyModel: TextModel {
    package let name: String
    package let contextLength: Int?
    private let write: @Sendable (CompletionRequest) -> String

    /// - Parameter write: the whole answer, before a limit or a stop rule cuts it; a token is a character.
    package init(
        _ name: String = "remote", contextLength: Int? = nil, write: @escaping @Sendable (CompletionRequest) -> String
    ) {
        (self.name, self.contextLength, self.write) = (name, contextLength, write)
    }

    package func complete(
        _ requests: [CompletionRequest], cancellation: Cancellation, onEvent: ((CompletionEvent) -> Void)?
    ) throws -> [Completion] {
        try requests.enumerated().map { index, request in
            guard !request.prompt.text.isEmpty else { throw GenerationError.emptyPrompt }
            guard !cancellation.isCancelled else {
                return Completion(ids: [], logprobs: [], bytes: [], finish: .cancelled)
            }
            let (text, finish) = Self.cut(write(request), request)
            onEvent?(CompletionEvent(request: index, bytes: Array(text.utf8)))
            return Completion(ids: [], logprobs: [], bytes: Array(text.utf8), finish: finish)
        }
    }

    /// The text up to where a stop text, the request's own rule or the limit ends it, whichever comes first.
    private static func cut(_ whole: String, _ request: CompletionRequest) -> (String, FinishReason) {
        var text = ""
        for character in whole {
            if text.count == request.sampling.maxTokens { return (text, .length) }
            text.append(character)
            for stop in request.sampling.stop where text.hasSuffix(stop) {
                return (String(text.dropLast(stop.count)), .stop)
            }
            if request.isClosed?(Array(text.utf8)) ?? false { break }
        }
        return (text, .stop)
    }
}
