import Compute
import Foundation
import Generation
import Testing
import Tokenizers
import Transformer

/// A random model with a tokenizer of its own, the same in every test.
struct TinyModel {
    let model: Model
    let tokenizer: Tokenizer
    let end: TokenID

    static let spoiledToken = 30

    static let shared = Result { try TinyModel() }
    static let windowed = Result { try TinyModel(windows: true) }

    /// - Parameter scale: of the weights; larger ones make peakier distributions.
    /// - Parameter spoiling: what one number of ``spoiledToken``'s embedding becomes.
    /// - Parameter windows: Gemma 3's shape, of which two layers see less than a text.
    init(seed: UInt64 = 1, scale: Float = 0.3, spoiling: Float? = nil, windows: Bool = false) throws {
        tokenizer = try VocabularyBuilder(words: ["one", " two", "three", " +", "Score", ":"], specials: ["<|end|>"])
            .tokenizer()
        end = try #require(tokenizer.id(ofSpecial: "<|end|>"))
        let configuration = Configuration(
            architecture: windows ? .gemma3 : .qwen2, hidden: 40, layers: windows ? 3 : 2, heads: 4, kvHeads: 2,
            headDim: 10, intermediate: 56, vocabulary: tokenizer.vocabularySize, maxPositions: 1200, tiedHead: true,
            localRopeTheta: windows ? 500 : nil,
            layerAttention: windows
                ? [LayerAttention(window: 21, rotary: .local), .full, LayerAttention(window: 5, rotary: .local)] : [])
        var matrices: [String: WeightMatrix] = [:]
        for (index, spec) in configuration.tensors.enumerated() {
            let key = RandomKey(seed: seed, purpose: .test, iteration: UInt64(index))
            let center: Float = spec.start == .ones ? 1 : 0
            var values = (0..<spec.count).map { center + scale * Float(key.uniform(UInt64($0)) * 2 - 1) }
            if let spoiling, spec.name == "model.embed_tokens.weight" { values[Self.spoiledToken * 40 + 7] = spoiling }
            matrices[spec.name] = try WeightMatrix(
                name: spec.name, buffer: FloatBuffer(values), rows: spec.rows,
                columns: spec.columns)
        }
        let found = matrices
        model = try Model(
            configuration: configuration,
            weights: Weights(configuration: configuration) { name in
                guard let matrix = found[name] else { throw TransformerError.invalidConfiguration("no \(name)") }
                return matrix
            })
    }

    func completer(sharing: Bool = true, endTokens: Set<TokenID>? = nil) -> LocalCompleter {
        LocalCompleter(
            name: "tiny", model: model, tokenizer: tokenizer, endTokens: endTokens ?? [end], sharesPrefixes: sharing)
    }

    /// `count` tokens that are not the end token.
    func tokens(_ count: Int, seed: UInt64 = 5) -> [TokenID] {
        let key = RandomKey(seed: seed, purpose: .test)
        return (0..<count).map {
            end + 1 + TokenID(key.index(below: tokenizer.vocabularySize - Int(end) - 1, UInt64($0)))
        }
    }
}

extension LocalCompleter {
    func complete(_ requests: [CompletionRequest]) throws -> [Completion] {
        try complete(requests, cancellation: Cancellation(), onEvent: nil)
    }

    func next(_ contexts: [[TokenID]]) throws -> [[Float]] {
        try nextTokenLogprobs(contexts, cancellation: Cancellation())
    }
}

func sampled(_ prompt: [TokenID], _ sampling: Sampling, sample: Int = 0, seed: UInt64 = 7) -> CompletionRequest {
    CompletionRequest(
        prompt: Passage(ids: prompt), sampling: sampling,
        key: RandomKey(seed: seed, purpose: .sampling, sample: UInt64(sample)))
}

/// softmax(logprobs / temperature) in Double.
func distribution(_ logprobs: [Float], temperature: Double = 1) -> [Double] {
    let scaled = logprobs.map { Double($0) / temperature }
    let top = scaled.max() ?? 0
    let weights = scaled.map { exp($0 - top) }
    let total = weights.reduce(0, +)
    return weights.map { $0 / total }
}
