import Checkpoints
import Compute
import Generation

/// A language model in this process: a Hugging Face directory, a `.safetensors` file in one, a `.gguf` file, or
/// `ORG/NAME` in the hub's cache.
///
///     let model = try LanguageModel(at: "models/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf")
///     print(try model.complete("Two and two is", maxTokens: 8, temperature: 0))
///
/// Weights stay mapped and as they are stored. One call computes at a time, on all cores; others wait for it.
public struct LanguageModel: Sendable {
    let checkpoint: Checkpoint
    let writer: any ScoringModel

    /// - Parameter path: where its files are.
    /// - Throws: ``Failure`` for what is no model, is damaged, or of a family that is not known; for a value head.
    public init(at path: String) throws(Failure) {
        checkpoint = try Failure.telling { try Checkpoint.load(path) }
        guard !checkpoint.isValueModel else {
            throw Failure(what: "it is a value head and writes nothing", location: path, hint: "give a language model")
        }
        writer = checkpoint.textModel()
    }

    /// The last part of its path.
    public var name: String { checkpoint.name }

    /// Trainable numbers; an embedding that is the output head too counts once.
    public var parameters: Int { checkpoint.parameters }

    /// What the model writes after a text, without the token that ends it.
    /// - Parameters:
    ///   - prompt: taken as it stands: no chat template is put around it.
    ///   - maxTokens: at least 1; where the model's context ends before, it is an error.
    ///   - temperature: at least 0; 0 takes the likeliest token each time.
    ///   - seed: the same text and seed give the same words, to the bit, on every CPU of one instruction set.
    /// - Throws: ``Failure``.
    public func complete(
        _ prompt: String, maxTokens: Int = 256, temperature: Double = 1, seed: UInt64 = 0
    ) throws(Failure) -> String {
        try Failure.telling {
            let ids = checkpoint.tokenizer.encode(prompt, recognisingSpecials: false)
            let request = CompletionRequest(
                prompt: Passage(text: prompt, ids: ids),
                sampling: Sampling(temperature: temperature, maxTokens: maxTokens),
                key: RandomKey(seed: seed, purpose: .sampling))
            return try writer.complete([request], cancellation: Cancellation(), onEvent: nil)[0].text
        }
    }
}
