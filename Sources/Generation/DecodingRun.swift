import Tokenizers
import Transformer

/// One completion on its way.
struct DecodingRun {
    let request: CompletionRequest
    /// What was read before: the request's ids.
    let prompt: [TokenID]
    /// The positions computed so far: all but the newest token's.
    var path: KVPath
    var ids: [TokenID] = []
    var logprobs: [Float] = []
    var bytes: [UInt8] = []
    var finish: FinishReason?

    init(request: CompletionRequest, prompt: [TokenID], path: KVPath) {
        (self.request, self.prompt) = (request, prompt)
        self.path = path
    }

    var completion: Completion {
        Completion(ids: ids, logprobs: logprobs, bytes: bytes, finish: finish ?? .cancelled)
    }

    /// Takes a token and decides whether it is the last. Returns the bytes it added.
    mutating func append(_ id: TokenID, _ logprob: Float, tokenizer: Tokenizer, endTokens: Set<TokenID>) -> [UInt8] {
        ids.append(id)
        logprobs.append(logprob)
        if endTokens.contains(id) {
            finish = .stop
            return []
        }
        let before = bytes.count
        bytes += tokenizer.bytes(of: id)
        if let cut = stopPosition(from: before) {
            bytes.removeLast(bytes.count - cut)
            finish = .stop
        } else if let isClosed = request.isClosed, isClosed(bytes) {
            finish = .stop
        } else if ids.count >= request.sampling.maxTokens {
            finish = .length
        }
        return bytes.count > before ? Array(bytes[before...]) : []
    }

    /// Where the earliest stop text begins, looking only where the newest bytes can have completed one.
    private func stopPosition(from added: Int) -> Int? {
        var earliest: Int?
        for text in request.sampling.stop where !text.isEmpty {
            let stop = Array(text.utf8)
            let first = max(0, added - stop.count + 1)
            guard bytes.count >= first + stop.count else { continue }
            if let found = (first...bytes.count - stop.count).first(where: {
                bytes[$0..<$0 + stop.count].elementsEqual(stop)
            }) {
                earliest = min(earliest ?? found, found)
            }
        }
        return earliest
    }
}
