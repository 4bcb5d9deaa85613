import Compute
import Critics
import Foundation
import Generation
import Problems
import Tokenizers

/// A byte-level tokenizer of 256 bytes, the given merges (in rank order) and special tokens.
func makeTokenizer(merges: [(String, String)] = [], specials: [String] = ["<|end|>", "<|im_start|>", "<|im_end|>"])
    throws -> Tokenizer
{
    var next: UInt32 = 0x100
    let alphabet: [String] = (0..<256).map { byte in
        if (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || (0xAE...0xFF).contains(byte) {
            return String(Character(Unicode.Scalar(UInt8(byte))))
        }
        next += 1
        return String(Character(Unicode.Scalar(next - 1) ?? "?"))
    }
    func spell(_ text: String) -> String { Array(text.utf8).map { alphabet[Int($0)] }.joined() }
    var vocabulary: [String: Int] = [:]
    for (id, scalar) in alphabet.enumerated() { vocabulary[scalar] = id }
    for (left, right) in merges { vocabulary[spell(left + right)] = vocabulary.count }
    let added = specials.enumerated().map { index, content -> [String: Any] in
        ["id": vocabulary.count + index, "content": content, "special": true]
    }
    let json: [String: Any] = [
        "model": ["type": "BPE", "vocab": vocabulary, "merges": merges.map { [spell($0), spell($1)] }] as [String: Any],
        "added_tokens": added,
        "pre_tokenizer": ["type": "ByteLevel", "add_prefix_space": false] as [String: Any],
        "decoder": ["type": "ByteLevel"],
    ]
    return try Tokenizer(tokenizerJSON: Array(JSONSerialization.data(withJSONObject: json)))
}

/// A model that writes what it is told to: its text is a function of the request, its next-token
/// probabilities a function of the context's text.
final class ScriptedCompleter: Completer, @unchecked Sendable {
    let name = "scripted"
    let tokenizer: Tokenizer
    let contextLength: Int
    let endTokens: Set<TokenID>
    private let write: (CompletionRequest) -> (text: String, finish: FinishReason)
    private let next: (String) -> [String: Double]
    private(set) var requests: [CompletionRequest] = []
    private(set) var contexts: [[TokenID]] = []
    /// Sizes of the calls of `nextTokenLogprobs`.
    private(set) var rowCalls: [Int] = []

    init(
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

    func complete(
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
                onEvent?(CompletionEvent(request: index, id: id, logprob: -1, bytes: tokenizer.bytes(of: id)))
                closed = request.isClosed?(tokenizer.decodeBytes(ids)) ?? false
            }
            let bytes = tokenizer.decodeBytes(ids)
            if finish == .stop, !closed { ids += endTokens }
            return Completion(
                ids: ids, logprobs: ids.map { _ in -1 }, bytes: bytes, finish: closed ? .stop : finish)
        }
    }

    func nextTokenLogprobs(_ contexts: [[TokenID]], cancellation: Cancellation) throws -> [[Float]] {
        self.contexts += contexts
        rowCalls.append(contexts.count)
        return contexts.map { context in
            var row = [Float](repeating: -Float.infinity, count: tokenizer.vocabularySize)
            for (text, probability) in next(tokenizer.decode(context)) {
                if let id = tokenizer.id(ofBytes: Array(text.utf8)) { row[Int(id)] = Float(log(probability)) }
            }
            return row
        }
    }

    func score(_ sequence: [TokenID], from start: Int, top: Int, cancellation: Cancellation) throws -> [TokenScore] {
        []
    }
}

let snapshot = ActorSnapshot(
    name: "Tiny", parameters: 352_000, version: 7, successRate: SuccessRate(value: 0.42, source: .ema(step: 7)),
    sampling: Sampling(temperature: 0.7, maxTokens: 96))

/// A solution whose steps are its lines.
func makeSolution(
    _ text: String, id: Int = 2, problem: Int = 1, tokenizer: Tokenizer, actor: ActorSnapshot = snapshot
) -> (solution: Solution, steps: [Step]) {
    var ids: [TokenID] = []
    var steps: [Step] = []
    var bytes = 0
    let pieces = text.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, piece) in pieces.enumerated() {
        let line = String(piece) + (index < pieces.count - 1 ? "\n" : "")
        guard !line.isEmpty else { continue }
        let added = tokenizer.encode(line, recognisingSpecials: false)
        steps.append(
            Step(
                index: steps.count + 1, tokens: ids.count..<ids.count + added.count,
                bytes: bytes..<bytes + line.utf8.count, text: line))
        ids += added
        bytes += line.utf8.count
    }
    let solution = Solution(id: id, problem: problem, ids: ids, text: text, finish: .stop, actor: actor, seed: 1)
    return (solution, steps)
}

let problem = Problem(id: 1, text: "What is 2 + 3?", answer: "5")

let criticText = """
    {{% CONTENT_TYPE:TEXT}}
    {{! form: text }}
    {{! cue: Score: }}
    Judge.
    {{#actor}}
    By {{name}}{{#size}}, {{size}} numbers{{/size}}.
    {{/actor}}
    {{#success-rate}}
    It is right {{percent}} times of 100.
    {{/success-rate}}
    {{#sampling}}
    Temperature {{temperature}}{{#tokens}}, {{tokens}} tokens{{/tokens}}.
    {{/sampling}}
    {{#infer}}
    {{#own}}{{own}}{{/own}}{{^own}}Infer its skill.{{/own}}
    {{/infer}}
    {{#fields}}
    {{sentence}}
    {{/fields}}
    Problem: {{problem}}
    <solution>
    {{solution}}</solution>
    Think, then say {{cue}} N.


    """

let actorText = "{{% CONTENT_TYPE:TEXT}}\n{{! form: text }}\nQ: {{problem}}\nA:\n\n"

func criticTemplate(_ text: String = criticText) throws -> PromptTemplate {
    try PromptTemplate(name: "test", role: .critic, text: text)
}

func promptsFolder() -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("prompts").path
}
