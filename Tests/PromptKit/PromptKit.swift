import Foundation
import Generation
import Problems
import Prompts
import Tokenizers

/// A byte-level tokenizer of 256 bytes, the given merges (in rank order) and special tokens.
package func makeTokenizer(
    merges: [(String, String)] = [], specials: [String] = ["<|end|>", "<|im_start|>", "<|im_end|>"]
)
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

/// An actor as a solution's record keeps it.
package let snapshot = ActorSnapshot(
    name: "Tiny", parameters: 352_000, version: 7, successRate: SuccessRate(value: 0.42, source: .ema(step: 7)),
    sampling: Sampling(temperature: 0.7, maxTokens: 96))

/// A solution whose steps are its lines.
package func makeSolution(
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

package let problem = Problem(id: 1, text: "What is 2 + 3?", answer: "5")

package let criticText = """
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

package let actorText = "{{% CONTENT_TYPE:TEXT}}\n{{! form: text }}\nQ: {{problem}}\nA:\n\n"

package func criticTemplate(_ text: String = criticText) throws -> PromptTemplate {
    try PromptTemplate(name: "test", role: .critic, text: text)
}

package func promptsFolder() -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("prompts").path
}
