/// Makes a small byte-level vocabulary in which chosen words are single tokens: for models of our own making.
///
///     let builder = VocabularyBuilder(words: ["Score", ":", " |"], specials: ["<|endoftext|>"])
///     let file = try builder.tokenizer().tokenizerJSON()
///
/// Specials come first, then the 256 bytes, then the words and what their merges pass through on the way.
package struct VocabularyBuilder: Sendable {
    /// Words exactly as they stand in text: `" the"` with its blank is another word than `"the"`.
    package var words: [String]
    package var specials: [String]
    package var maximumSize: Int

    package init(words: [String], specials: [String], maximumSize: Int = 1024) {
        self.words = words
        self.specials = specials
        self.maximumSize = maximumSize
    }

    /// The tokenizer, with the pre-tokenizer of SmolLM2: each digit alone, then GPT-2's pattern.
    /// - Throws: ``TokenizersError`` when a word is more than one word to that pre-tokenizer, or there are too many.
    package func tokenizer() throws -> Tokenizer {
        var tables = TokenizerTables()
        tables.preTokenizer = .smollm
        for (id, special) in specials.enumerated() {
            tables.entries.append(.init(id: id, spelling: special))
            tables.addedTokens.append(AddedToken(id: TokenID(id), content: special, special: true))
        }
        var growth = MergeGrowth(firstID: TokenID(specials.count))
        for word in words {
            let bytes = Array(word.utf8)
            try check(word, bytes, tables.preTokenizer)
            growth.reach(bytes)
            guard specials.count + growth.tokens.count <= maximumSize else {
                throw TokenizersError.vocabulary(
                    "\(words.count) words need more than \(maximumSize) tokens: \"\(word)\" is the first that has no "
                        + "room"
                )
            }
        }
        for (index, token) in growth.tokens.enumerated() {
            tables.entries.append(.init(id: specials.count + index, spelling: ByteAlphabet.spell(token)))
        }
        tables.merges = growth.merges.map { (ByteAlphabet.spell($0.left), ByteAlphabet.spell($0.right)) }
        let tokenizer = try Tokenizer(tables, file: nil)
        for word in words where tokenizer.encode(word, recognisingSpecials: false).count != 1 {
            throw TokenizersError.vocabulary("the word \"\(word)\" did not become one token")
        }
        return tokenizer
    }

    private func check(_ word: String, _ bytes: [UInt8], _ preTokenizer: PreTokenizer) throws {
        var pieces = 0
        preTokenizer.split(bytes, 0..<bytes.count) { _, _ in pieces += 1 }
        guard pieces == 1 else {
            throw TokenizersError.vocabulary(
                "\(word.debugDescription) is \(pieces) words to the pre-tokenizer, so it cannot be one token")
        }
    }
}

/// Grows merges word by word. A new merge ranks behind all others, so it acts only where the old ones have
/// nothing left to do: words reached before stay reached.
private struct MergeGrowth {
    private(set) var tokens: [[UInt8]] = (0...255).map { [UInt8($0)] }
    private(set) var merges: [(left: [UInt8], right: [UInt8])] = []
    private let firstID: TokenID
    private var ids: [[UInt8]: TokenID] = [:]
    private var model: MergeModel
    private var loop = MergeLoop()

    init(firstID: TokenID) {
        self.firstID = firstID
        let byteIDs = (0..<256).map { firstID + TokenID($0) }
        model = MergeModel(symbols: .bytes(byteIDs), merges: PairTable(minimumCapacity: 1024))
        for (byte, id) in byteIDs.enumerated() { ids[[UInt8(byte)]] = id }
    }

    /// Adds merges until `word` is one token.
    mutating func reach(_ word: [UInt8]) {
        while true {
            var encoded: [TokenID] = []
            loop.encode(word, 0..<word.count, model, into: &encoded)
            if encoded.count < 2 { return }
            merge(encoded[0], encoded[1])
        }
    }

    private mutating func merge(_ left: TokenID, _ right: TokenID) {
        let (a, b) = (tokens[Int(left - firstID)], tokens[Int(right - firstID)])
        let merged = ids[a + b] ?? firstID + TokenID(tokens.count)
        if ids.updateValue(merged, forKey: a + b) == nil { tokens.append(a + b) }
        model.merges.set(left, right, to: (Int32(merges.count), merged))
        merges.append((a, b))
    }
}
