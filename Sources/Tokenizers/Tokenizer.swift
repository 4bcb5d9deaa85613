/// A BPE tokenizer, of bytes or of SentencePiece's pieces: text to token ids and back, id for id like Hugging Face's
/// `tokenizers`.
///
///     let tokenizer = try Tokenizer(tokenizerJSON: bytes, file: path)
///     let ids = tokenizer.encode("2 + 2 = 4", recognisingSpecials: false)
///     tokenizer.decode(ids)  // "2 + 2 = 4"
package final class Tokenizer: Sendable {
    package let preTokenizer: PreTokenizer
    package let normalizer: Normalizer
    /// Tokens matched in the text itself, special and other, by id.
    package let addedTokens: [AddedToken]
    package let specialIDs: Set<TokenID>
    /// The token that a complete sequence begins with, where the tokenizer says so. `encode` never adds it.
    package let bosID: TokenID?
    /// The token that ends a text, where the source names one (GGUF does, tokenizer.json where it puts one behind).
    package let eosID: TokenID?
    /// Whether the tokenizer's own post-processor would put `bosID` in front.
    package let addsBOS: Bool
    /// Whether it would put `eosID` behind. A prompt that goes on must not have it, so nothing but saving asks.
    let addsEOS: Bool

    /// What surrounds the merges of a vocabulary of pieces; nil: it is one of bytes, behind `preTokenizer`.
    package let pieces: PieceRules?

    let vocabulary: Vocabulary
    let model: MergeModel
    /// Merges in rank order, for writing the tokenizer out.
    let mergeList: [(left: TokenID, right: TokenID)]
    let ignoresMerges: Bool
    let unknown: String?
    let fusesUnknown: Bool
    let fallsBackToBytes: Bool
    /// Whether cutting pieces' text before a `▁` that follows something else changes no id, which is what makes long
    /// texts fast: no piece has one inside.
    let splitsFreely: Bool
    /// Added tokens matched before and after normalisation.
    let rawMatcher: AddedTokenMatcher
    let normalizedMatcher: AddedTokenMatcher
    /// Special tokens alone, which is what a `SpecialGuard` breaks up.
    let specialMatcher: AddedTokenMatcher
    private let addedByContent: [[UInt8]: TokenID]

    /// The pattern that runs on the general engine, where there is one: cutting takes 4 to 7 times as long then.
    package var slowPattern: String? {
        let cuts = preTokenizer.steps.compactMap { step -> SplitPattern? in
            if case .split(let pattern, _, _) = step { pattern } else { nil }
        }
        return cuts.first(where: \.isSlow)?.source
    }

    /// One more than the largest id.
    package var vocabularySize: Int { vocabulary.count }

    init(_ tables: TokenizerTables, file: String?) throws {
        vocabulary = try tables.vocabulary(file: file)
        (model, mergeList) = try tables.mergeModel(vocabulary, file: file)
        preTokenizer = tables.preTokenizer
        normalizer = tables.normalizer
        pieces = tables.pieces
        ignoresMerges = tables.ignoresMerges
        (unknown, fusesUnknown, fallsBackToBytes) = (tables.unknown, tables.fusesUnknown, tables.fallsBackToBytes)
        splitsFreely = !ignoresMerges && model.splitsFreely(mergeList, vocabulary)
        addedTokens = tables.addedTokens.sorted { $0.id < $1.id }
        specialIDs = Set(addedTokens.lazy.filter(\.special).map(\.id))
        for (name, id) in [("beginning", tables.bosID), ("end", tables.eosID)] {
            if let id, !vocabulary.contains(id) {
                throw TokenizersError.malformed("the \(name) token has id \(id), which no token has", file: file)
            }
        }
        bosID = tables.bosID
        eosID = tables.eosID
        addsBOS = tables.addsBOS
        addsEOS = tables.addsEOS

        var raw = AddedTokenMatcher(), normalized = AddedTokenMatcher(), special = AddedTokenMatcher()
        var byContent: [[UInt8]: TokenID] = [:]
        for token in addedTokens {
            let content = Array(token.content.utf8)
            byContent[content] = token.id
            if token.special { special.insert(token, as: content) }
            if token.normalized {
                normalized.insert(token, as: tables.normalize(content))
            } else {
                raw.insert(token, as: content)
            }
        }
        (rawMatcher, normalizedMatcher, specialMatcher) = (raw, normalized, special)
        addedByContent = byContent
    }

    /// The id of an added token spelled exactly so (byte for byte).
    package func id(ofSpecial content: String) -> TokenID? { addedByContent[Array(content.utf8)] }

    /// The bytes a token stands for; none for an id that no token has.
    package func bytes(of id: TokenID) -> [UInt8] { Array(vocabulary.bytes(of: id)) }

    package func contains(_ id: TokenID) -> Bool { vocabulary.contains(id) }

    /// The token whose bytes are exactly these, as merges (not special tokens) would make it.
    package func id(ofBytes bytes: [UInt8]) -> TokenID? {
        guard case .pieces(let symbols) = model.symbols else { return vocabulary.id(of: bytes) }
        let spelled = PieceSpelling.escape(bytes[...])
        if let id = vocabulary.id(of: spelled), vocabulary.kinds[Int(id)] == .spelled, !specialIDs.contains(id) {
            return id
        }
        guard bytes.count == 1, !symbols.byteIDs.isEmpty, symbols.byteIDs[Int(bytes[0])] >= 0 else { return nil }
        return symbols.byteIDs[Int(bytes[0])]
    }
}
