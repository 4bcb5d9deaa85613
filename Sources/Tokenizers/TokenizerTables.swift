import Formats

/// What every source of a tokenizer (tokenizer.json, GGUF, a list of words) is first brought to.
struct TokenizerTables {
    struct Entry { var id: Int; var spelling: String }

    /// The model's vocabulary in its alphabet (the byte alphabet, or SentencePiece's), added tokens verbatim.
    var entries: [Entry] = []
    /// Merges in rank order, both halves in the model's alphabet.
    var merges: [(left: String, right: String)] = []
    /// Where no merges are told but follow from the vocabulary.
    var impliedMerges: PieceMerges?
    /// What surrounds the merges of a vocabulary of pieces; nil: it is one of bytes.
    var pieces: PieceRules?
    /// What stands for a scalar that is no token; nil: nothing does.
    var unknown: String?
    var fusesUnknown = false
    var fallsBackToBytes = false
    var addedTokens: [AddedToken] = []
    var preTokenizer = PreTokenizer.smollm
    var normalizer = Normalizer.none
    var ignoresMerges = false
    var bosID: TokenID?
    var eosID: TokenID?
    var addsBOS = false
    var addsEOS = false

    /// What the normaliser makes of an added token's text.
    func normalize(_ content: [UInt8]) -> [UInt8] {
        pieces?.normalize(content[...], at: .start) ?? normalizer.apply(content, 0..<content.count)
    }

    /// More ids than any model has; a forged id must not make us reserve memory.
    private static let idLimit = 4_000_000

    func vocabulary(file: String?) throws -> Vocabulary {
        let largest = max(entries.lazy.map(\.id).max() ?? -1, addedTokens.lazy.map { Int($0.id) }.max() ?? -1)
        guard largest < min(Self.idLimit, (entries.count + addedTokens.count) * 16 + 1024) else {
            throw TokenizersError.malformed(
                "token id \(largest) is far beyond the \(entries.count + addedTokens.count) tokens there are",
                file: file)
        }
        var slots = [Vocabulary.Entry](repeating: .init(), count: largest + 1)
        for entry in entries {
            guard entry.id >= 0 else { throw TokenizersError.malformed("token id \(entry.id) is negative", file: file) }
            guard slots[entry.id].kind == .absent else {
                throw TokenizersError.malformed("two tokens have the id \(entry.id)", file: file)
            }
            slots[entry.id] = read(entry.spelling)
        }
        try place(addedTokens, in: &slots, file: file)
        return Vocabulary(slots, spelled: pieces != nil)
    }

    private func read(_ spelling: String) -> Vocabulary.Entry {
        if let pieces {
            let spelled = Array(spelling.utf8)
            if pieces.hasBytes, let byte = PieceSpelling.byte(spelled[...]) {
                return .init(bytes: [byte], kind: .byte, spelling: spelled)
            }
            return .init(bytes: PieceSpelling.unescape(spelled[...]), kind: .spelled, spelling: spelled)
        }
        if let bytes = ByteAlphabet.read(spelling) { return .init(bytes: bytes, kind: .spelled) }
        return .init(bytes: Array(spelling.utf8), kind: .verbatim)
    }

    private func place(_ added: [AddedToken], in slots: inout [Vocabulary.Entry], file: String?) throws {
        let contents = Set(added.map { UTF8Key($0.content) })
        var places: [UTF8Key: Int] = [:]
        for entry in entries where contents.contains(UTF8Key(entry.spelling)) {
            places[UTF8Key(entry.spelling)] = entry.id
        }
        var taken: Set<TokenID> = []
        for token in added {
            let content = Array(token.content.utf8)
            guard !content.isEmpty, token.id >= 0, taken.insert(token.id).inserted else {
                throw TokenizersError.malformed(
                    "the added token \"\(token.content)\" is empty or its id \(token.id) is used twice", file: file)
            }
            let place = places[UTF8Key(token.content)]
            guard place == nil || place == Int(token.id), place != nil || slots[Int(token.id)].kind == .absent else {
                throw TokenizersError.malformed(
                    "the added token \"\(token.content)\" has the id \(token.id), which the vocabulary gives "
                        + "differently",
                    file: file)
            }
            let kind = slots[Int(token.id)].kind
            if kind == .absent {
                slots[Int(token.id)] =
                    pieces == nil ? .init(bytes: content, kind: .addedOnly) : read(token.content).added
            } else if pieces == nil {
                let readsSame = kind == .spelled && slots[Int(token.id)].bytes == content
                slots[Int(token.id)] = .init(bytes: content, kind: readsSame ? .spelled : .verbatim)
            }
        }
    }

    func mergeModel(_ vocabulary: Vocabulary, file: String?) throws -> (MergeModel, [(left: TokenID, right: TokenID)]) {
        let list = try impliedMerges?.list(vocabulary) ?? told(vocabulary, file: file)
        var table = PairTable(minimumCapacity: list.count)
        for (rank, merge) in list.enumerated() { table.set(merge.left, merge.right, to: (Int32(rank), merge.merged)) }
        let symbols: MergeModel.Symbols
        if pieces == nil {
            symbols = .bytes((0..<256).map { vocabulary.id(of: [UInt8($0)]) ?? -1 })
        } else {
            symbols = try .pieces(
                PieceSymbols(
                    vocabulary, fallsBackToBytes: fallsBackToBytes, unknown: unknownID(vocabulary, file: file),
                    fusesUnknown: fusesUnknown))
        }
        return (MergeModel(symbols: symbols, merges: table), list.map { ($0.left, $0.right) })
    }

    private func unknownID(_ vocabulary: Vocabulary, file: String?) throws -> TokenID? {
        guard let unknown else { return nil }
        guard let id = vocabulary.id(of: Array(unknown.utf8)) else {
            throw TokenizersError.malformed("the unknown token \"\(unknown)\" is not in the vocabulary", file: file)
        }
        return id
    }

    /// The merges as they were told.
    private func told(_ vocabulary: Vocabulary, file: String?) throws -> [(
        left: TokenID, right: TokenID, merged: TokenID
    )] {
        func read(_ half: String) -> [UInt8]? { pieces == nil ? ByteAlphabet.read(half) : Array(half.utf8) }
        return try merges.enumerated().map { rank, merge in
            guard let left = read(merge.left), let right = read(merge.right),
                let leftID = vocabulary.id(of: left), let rightID = vocabulary.id(of: right),
                let merged = vocabulary.id(of: left + right)
            else {
                throw TokenizersError.malformed(
                    "merge \(rank) joins \"\(merge.left)\" and \"\(merge.right)\", but one of them or the result is "
                        + "not in the vocabulary",
                    file: file)
            }
            return (leftID, rightID, merged)
        }
    }
}

extension Vocabulary.Entry {
    /// The same as a token that is only added.
    fileprivate var added: Self { .init(bytes: bytes, kind: .addedOnly, spelling: spelling) }
}
