import Compute
import Foundation
import Testing
import Transformer

/// The hidden states of `tokens`, run in pieces of the given lengths, or as one piece.
private func hidden(_ model: Model, _ tokens: [Int32], pieces: [Int]? = nil) throws -> [Float] {
    let cache = KVCache(configuration: model.configuration), scratch = ForwardScratch()
    var path = KVPath(), out: [Float] = [], first = 0
    for length in pieces ?? [tokens.count] {
        path = try cache.extended(path, by: length)
        let states = try model.forward(
            [Segment(tokens: Array(tokens[first..<first + length]), path: path)], cache: cache, scratch: scratch)
        out += states.array.prefix(length * model.configuration.hidden)
        first += length
    }
    return out
}

@Suite struct ForwardTests {
    @Test(
        "A row's bits do not depend on what is computed beside it", arguments: Configuration.small)
    func piecesGiveTheSameBits(configuration: Configuration) throws {
        let model = try RandomModel(configuration).model
        let tokens = RandomModel.tokens(75, vocabulary: configuration.vocabulary)
        let whole = try hidden(model, tokens)
        for pieces in [Array(repeating: 1, count: 75), [40, 35], [3, 16, 17, 1, 38], [74, 1]] {
            #expect(try hidden(model, tokens, pieces: pieces) == whole)
        }
    }

    @Test(
        "Branches of a tree, in one batch with their trunk, equal separate sequences bit for bit",
        arguments: [Configuration.smallLlama, .smallGemma, .smallWindows])
    func treeEqualsSeparate(configuration: Configuration) throws {
        let model = try RandomModel(configuration).model
        let tokens = RandomModel.tokens(50, vocabulary: 50)
        let cache = KVCache(configuration: model.configuration), scratch = ForwardScratch()
        let trunk = try cache.extended(KVPath(), by: 30)
        var segments = [Segment(tokens: Array(tokens[..<30]), path: trunk)]
        let cuts = [0, 1, 7, 16, 29, 30]
        for (index, cut) in cuts.enumerated() {
            let branch = RandomModel.tokens(9, vocabulary: 50, seed: UInt64(index))
            segments.append(Segment(tokens: branch, path: try cache.extended(trunk.prefix(cut), by: 9)))
        }
        let together = try model.forward(segments, cache: cache, scratch: scratch).array
        for (index, cut) in cuts.enumerated() {
            let alone = try hidden(model, Array(tokens[..<cut]) + segments[index + 1].tokens)
            let width = model.configuration.hidden, first = (30 + 9 * index) * width
            #expect(Array(together[first..<first + 9 * width]) == Array(alone.suffix(9 * width)))
        }
    }

    @Test(
        "The forward pass agrees with a plain double-precision one", arguments: Configuration.small)
    func agreesWithReference(configuration: Configuration) throws {
        let random = try RandomModel(configuration)
        let tokens = RandomModel.tokens(40, vocabulary: configuration.vocabulary)
        let fast = try hidden(random.model, tokens)
        let slow = ReferenceForward(configuration, random.tensors.mapValues { $0.array.map(Double.init) }).hidden(
            tokens)
        let worst = zip(fast, slow).map { abs(Double($0) - $1) }.max() ?? 1
        #expect(worst < 2e-5)
    }

    @Test("What does not belong together is refused")
    func attentionThatDoesNotFit() throws {
        var (short, empty, unturned) = (Configuration.smallGemma, Configuration.smallWindows, Configuration.smallGemma)
        short.layers = 4
        empty.layerAttention[0] = LayerAttention(window: 0, rotary: .main)
        unturned.localRopeTheta = nil
        for configuration in [short, empty, unturned] {
            let error = #expect(throws: TransformerError.self) { try RandomModel(configuration) }
            #expect(error?.what.contains("attention") == true)
        }
    }

    @Test("What does not fit or does not exist is refused")
    func refusals() throws {
        let model = try RandomModel(.smallLlama).model
        let cache = KVCache(configuration: model.configuration), scratch = ForwardScratch()
        #expect(throws: TransformerError.self) {
            let path = try cache.extended(KVPath(), by: 257)
            _ = try model.forward(
                [Segment(tokens: Array(repeating: 1, count: 257), path: path)], cache: cache, scratch: scratch)
        }
        #expect(throws: TransformerError.self) {
            let path = try cache.extended(KVPath(), by: 1)
            _ = try model.forward([Segment(tokens: [50], path: path)], cache: cache, scratch: scratch)
        }
    }
}
