import Formats

/// What every source of a tokenizer (tokenizer.json, GGUF, a list of words) is first brought to.
struct TokenizerTables {
    struct Entry { var id: Int; var spelling: String }

    /// The model's vocabulary in the byte alphabet, added tokens verbatim.
    var entries: [Entry] = []
    /// Merges in rank order, both halves in the byte alphabet.
    var merges: [(left: String, right: String)] = []
    var addedTokens: [AddedToken] = []
    var preTokenizer = PreTokenizer.smollm
    var normalizer = Normalizer.none
    var ignoresMerges = false
    var bosID: TokenID?
    var eosID: TokenID?
    var addsBOS = false

    /// More ids than any model has; a forged id must not make us reserve memory.
    private static let idLimit = 4_000_000

    func vocabulary(file: String?) throws -> Vocabulary {
        let largest = max(entries.lazy.map(\.id).max() ?? -1, addedTokens.lazy.map { Int($0.id) }.max() ?? -1)
        guard largest < min(Self.idLimit, (entries.count + addedTokens.count) * 16 + 1024) else {
            throw TokenizersError.malformed(
                "token id \(largest) is far beyond the \(entries.count + addedTokens.count) tokens there are",
                file: file)
        }
        var slots = [(bytes: [UInt8], kind: Vocabulary.Kind)](repeating: ([], .absent), count: largest + 1)
        for entry in entries {
            guard entry.id >= 0 else { throw TokenizersError.malformed("token id \(entry.id) is negative", file: file) }
            guard slots[entry.id].kind == .absent else {
                throw TokenizersError.malformed("two tokens have the id \(entry.id)", file: file)
            }
            if let bytes = ByteAlphabet.read(entry.spelling) {
                slots[entry.id] = (bytes, .spelled)
            } else {
                slots[entry.id] = (Array(entry.spelling.utf8), .verbatim)
            }
        }
        try place(addedTokens, in: &slots, file: file)
        return Vocabulary(slots)
    }

    private func place(_ added: [AddedToken], in slots: inout [(bytes: [UInt8], kind: Vocabulary.Kind)], file: String?)
        throws
    {
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
            let readsSame = kind == .spelled && slots[Int(token.id)].bytes == content
            slots[Int(token.id)] = (content, kind == .absent ? .addedOnly : readsSame ? .spelled : .verbatim)
        }
    }

    func mergeModel(_ vocabulary: Vocabulary, file: String?) throws -> (MergeModel, [(left: TokenID, right: TokenID)]) {
        var table = PairTable(minimumCapacity: merges.count)
        var list: [(left: TokenID, right: TokenID)] = []
        list.reserveCapacity(merges.count)
        for (rank, merge) in merges.enumerated() {
            guard let left = ByteAlphabet.read(merge.left), let right = ByteAlphabet.read(merge.right),
                let leftID = vocabulary.id(of: left), let rightID = vocabulary.id(of: right),
                let merged = vocabulary.id(of: left + right)
            else {
                throw TokenizersError.malformed(
                    "merge \(rank) joins \"\(merge.left)\" and \"\(merge.right)\", but one of them or the result is "
                        + "not in the vocabulary",
                    file: file)
            }
            table.set(leftID, rightID, to: (Int32(rank), merged))
            list.append((leftID, rightID))
        }
        let byteIDs = (0..<256).map { vocabulary.id(of: [UInt8($0)]) ?? -1 }
        return (MergeModel(byteIDs: byteIDs, merges: table), list)
    }
}
