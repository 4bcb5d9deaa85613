import Compute
import Foundation
import Generation
import Tokenizers

/// A critic's probabilities of the scores 0...10 at the place where its score stands.
package struct ScoreDistribution: Sendable, Equatable {
    /// Eleven, summing to 1.
    package var probabilities: [Double]
    /// Their sum in the model's own distribution.
    package var mass: Double

    /// Σ p(i)·i/10, in 0...1.
    package var expected: Double {
        probabilities.enumerated().reduce(0) { $0 + Double($1.offset) * $1.element } / Double(ScoreGrammar.highest)
    }

    /// The likeliest score; of equals the lowest.
    package var likeliest: Int {
        probabilities.indices.reduce(0) { probabilities[$1] > probabilities[$0] ? $1 : $0 }
    }
}

/// Reads the distribution over scores from a model's next-token probabilities.
struct ScoreReader {
    /// Where a score is about to be written: the ids before it, and the bytes its token shares with what
    /// stands in front of the integer (` ` where ` 7` is one token).
    struct Place {
        var context: [TokenID]
        var lead: [UInt8]
    }

    let model: any ScoringModel
    let grammar: ScoreGrammar
    private var tokenizer: Tokenizer { model.tokenizer }

    init(_ model: any ScoringModel, grammar: ScoreGrammar) { (self.model, self.grammar) = (model, grammar) }

    /// Below this probability of a 1, what follows it is not asked for.
    private static let negligible = 1e-7

    /// The score's place in a chain that was parsed. `ids` hold no end token, `text` is what they say.
    func place(prompt: [TokenID], chain ids: ArraySlice<TokenID>, text: [UInt8]) -> Place? {
        guard let offset = grammar.integerOffset(text) else { return nil }
        return split(ids, at: offset).map { Place(context: prompt + $0.before, lead: $0.lead) }
    }

    /// The place after a chain that was not, with the cue appended on a line of its own.
    /// - Returns: the place and the appended ids.
    func forcedPlace(prompt: [TokenID], chain ids: ArraySlice<TokenID>, text: [UInt8]) -> (
        place: Place, appended: [TokenID]
    )? {
        let isLineStart = text.isEmpty || text.last == UInt8(ascii: "\n")
        let appended = (isLineStart ? "" : "\n") + grammar.cue + " "
        let encoded = tokenizer.encode(appended + "7", recognisingSpecials: false, continuing: true)
        guard let cut = split(encoded[...], at: appended.utf8.count) else { return nil }
        return (Place(context: prompt + ids + cut.before, lead: cut.lead), Array(cut.before))
    }

    /// The distributions at `places`; nil where no score has any probability. Two batched calls at most.
    func distributions(at places: [Place], cancellation: Cancellation) throws -> [ScoreDistribution?] {
        guard !places.isEmpty else { return [] }
        let tokens = places.map { place in
            (0...ScoreGrammar.highest).map { tokenizer.id(ofBytes: place.lead + Array("\($0)".utf8)) }
        }
        let candidates = Set(tokens.joined().compactMap { $0 }).sorted()
        let rows = try model.nextTokenLogprobs(places.map(\.context), of: candidates, cancellation: cancellation)
        let zero = tokenizer.id(ofBytes: Array("0".utf8))
        var single = zip(tokens, rows).map { tokens, row in
            let known = Dictionary(uniqueKeysWithValues: zip(candidates, row))
            return tokens.map { $0.flatMap { known[$0] }.map { exp(Double($0)) } ?? 0 }
        }
        let asked = zero == nil ? [] : places.indices.filter { single[$0][1] > Self.negligible }
        if let zero, !asked.isEmpty {
            let contexts = asked.compactMap { index in
                tokenizer.id(ofBytes: places[index].lead + Array("1".utf8)).map { places[index].context + [$0] }
            }
            let following = try model.nextTokenLogprobs(contexts, of: [zero], cancellation: cancellation)
            for (index, row) in zip(asked, following) {
                let ten = single[index][1] * exp(Double(row[0]))
                single[index][1] -= ten
                single[index][ScoreGrammar.highest] += ten
            }
        }
        return single.map { masses in
            let mass = masses.reduce(0, +)
            guard mass > 0, mass.isFinite else { return nil }
            return ScoreDistribution(probabilities: masses.map { $0 / mass }, mass: mass)
        }
    }

    /// The ids before the token in which byte `offset` stands, and that token's bytes in front of it.
    private func split(_ ids: ArraySlice<TokenID>, at offset: Int) -> (before: ArraySlice<TokenID>, lead: [UInt8])? {
        var start = 0
        for (index, id) in zip(ids.indices, ids) {
            let bytes = tokenizer.bytes(of: id)
            if offset < start + bytes.count { return (ids[..<index], Array(bytes[..<(offset - start)])) }
            start += bytes.count
        }
        return nil
    }
}
