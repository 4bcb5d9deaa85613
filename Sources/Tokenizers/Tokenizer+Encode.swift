extension Tokenizer {
    /// The ids of `text`. Nothing is added: no beginning, no end.
    /// - Parameters:
    ///   - recognisingSpecials: when false, `<|im_end|>` and its like are plain text;
    ///     added tokens that are not special are matched either way.
    ///   - continuing: whether the text goes on after other tokens. Then it gets no blank in front that is not in it,
    ///     which vocabularies of pieces put before a text.
    package func encode(_ text: String, recognisingSpecials: Bool, continuing: Bool = false) -> [TokenID] {
        encode(Array(text.utf8), recognisingSpecials: recognisingSpecials, continuing: continuing)
    }

    /// The ids of bytes that need not be UTF-8; decoding gives exactly these bytes back
    /// when ``decodesExactly`` and the vocabulary has all 256 bytes.
    package func encode(_ bytes: [UInt8], recognisingSpecials: Bool, continuing: Bool = false) -> [TokenID] {
        var run = EncodingRun(self, inputSize: bytes.count, specials: recognisingSpecials)
        run.place = continuing ? .continuing : .start
        run.encode(bytes)
        return run.output
    }

    /// Whether ids say the very bytes they were made of: nothing is composed, no blank is put in front, and none is
    /// mistaken for a `▁`.
    package var decodesExactly: Bool { normalizer == .none && pieces == nil }

    /// The ids of a rendered template in which user text was `protect`ed: specials are recognised only
    /// in what the template wrote, and the guard's scalars are gone from the result.
    package func encode(_ rendered: String, guardedBy guardian: SpecialGuard) -> [TokenID] {
        let bytes = Array(rendered.utf8)
        var run = EncodingRun(self, inputSize: bytes.count, specials: true)
        run.guardian = guardian
        run.encode(bytes)
        return run.output
    }
}

/// One call of `encode`: its output and a cache of words met before, which are copied from that output.
struct EncodingRun {
    let tokenizer: Tokenizer
    let specials: Bool
    var guardian: SpecialGuard?
    /// Where in a text its first byte stands.
    var place = PieceRules.Place.start
    /// Whether the text is as the normaliser leaves it, so that it must not put a blank in front again.
    private var isNormalized = false
    private(set) var output: [TokenID] = []
    private var loop = MergeLoop()
    private var cache: [CachedWord]

    /// Where in the text of the stretch, and in the output, a word was met.
    private struct CachedWord {
        var hash: UInt64 = 0
        var ids: Range<Int> = 0..<0
        var word: [UInt8] = []
    }
    private static let longestCached = 32

    init(_ tokenizer: Tokenizer, inputSize: Int, specials: Bool) {
        self.tokenizer = tokenizer
        self.specials = specials
        var slots = 16
        while slots < 8192, slots < inputSize / 8 { slots *= 2 }
        cache = [CachedWord](repeating: CachedWord(), count: slots)
        output.reserveCapacity(inputSize / 3 + 4)
    }

    mutating func encode(_ text: [UInt8]) {
        let matcher = tokenizer.rawMatcher
        if matcher.isEmpty { return encodeStretch(text, 0..<text.count) }
        // Closures may not capture an inout self twice, so the cuts are gathered first.
        for cut in cuts(text, 0..<text.count, matcher) {
            switch cut {
            case .added(let id): output.append(id)
            case .plain(let range): encodeStretch(text, range)
            }
        }
    }

    private enum Cut { case plain(Range<Int>), added(TokenID) }

    private func cuts(_ text: [UInt8], _ range: Range<Int>, _ matcher: AddedTokenMatcher) -> [Cut] {
        var cuts: [Cut] = []
        matcher.split(
            text, range,
            accepts: { match in
                guard match.token.special else { return true }
                guard specials else { return false }
                return guardian.map { !$0.stands(before: match.range.lowerBound, in: text) } ?? true
            },
            plain: { cuts.append(.plain($0)) }, added: { cuts.append(.added($0.id)) })
        return cuts
    }

    private mutating func encodeStretch(_ text: [UInt8], _ range: Range<Int>) {
        let matcher = tokenizer.normalizedMatcher
        let place = range.lowerBound == 0 ? self.place : .later
        if matcher.isEmpty, tokenizer.normalizer == .none, tokenizer.pieces == nil, guardian == nil {
            return encodePlain(text, range, place)
        }
        let normalized = normalize(text, range, place)
        if matcher.isEmpty { return encodeUnguarded(normalized, 0..<normalized.count, place) }
        for cut in cuts(normalized, 0..<normalized.count, matcher) {
            switch cut {
            case .added(let id): output.append(id)
            case .plain(let range): encodeUnguarded(normalized, range, range.lowerBound == 0 ? place : .later)
            }
        }
    }

    private func normalize(_ text: [UInt8], _ range: Range<Int>, _ place: PieceRules.Place) -> [UInt8] {
        guard let pieces = tokenizer.pieces else { return tokenizer.normalizer.apply(text, range) }
        return isNormalized ? Array(text[range]) : pieces.normalize(text[range], at: place)
    }

    private mutating func encodeUnguarded(_ text: [UInt8], _ range: Range<Int>, _ place: PieceRules.Place) {
        guard let guardian else { return encodePlain(text, range, place) }
        let stripped = guardian.strip(text[range])
        if stripped.count == range.count { return encodePlain(text, range, place) }
        // What the guard kept apart may compose now; non-special added tokens inside were matched around it.
        var inner = EncodingRun(tokenizer, inputSize: stripped.count, specials: false)
        inner.place = place
        inner.isNormalized = true
        inner.encode(stripped)
        output.append(contentsOf: inner.output)
    }

    private mutating func encodePlain(_ text: [UInt8], _ range: Range<Int>, _ place: PieceRules.Place) {
        if let pieces = tokenizer.pieces {
            return pieces.words(text[range], at: place, splitsFreely: tokenizer.splitsFreely) { encodeWord($0, $1) }
        }
        tokenizer.preTokenizer.split(text, range) { encodeWord($0, $1) }
    }

    private mutating func encodeWord(_ text: [UInt8], _ word: Range<Int>) {
        if word.count == 1, case .bytes(let byteIDs) = tokenizer.model.symbols {
            let id = byteIDs[Int(text[word.lowerBound])]
            if id >= 0 { output.append(id) }
            return
        }
        let start = output.count
        guard word.count <= Self.longestCached else { return merge(text, word) }
        let hash = byteHash(text, word)
        let slot = Int(truncatingIfNeeded: hash) & (cache.count - 1)
        let known = cache[slot].hash == hash && cache[slot].word.elementsEqual(text[word])
        if known {
            for index in cache[slot].ids { output.append(output[index]) }
            return
        }
        merge(text, word)
        cache[slot] = CachedWord(hash: hash, ids: start..<output.count, word: Array(text[word]))
    }

    private mutating func merge(_ text: [UInt8], _ word: Range<Int>) {
        if tokenizer.ignoresMerges, let id = tokenizer.vocabulary.id(of: text, word),
            specials || !tokenizer.specialIDs.contains(id)
        {
            output.append(id)
            return
        }
        loop.encode(text, word, tokenizer.model, into: &output)
    }
}

extension Tokenizer {
    /// The words that a text without added tokens is cut into before merging, as bytes.
    package func words(of text: String) -> [[UInt8]] {
        let bytes = Array(text.utf8)
        let normalized = normalizer.apply(bytes, 0..<bytes.count)
        var words: [[UInt8]] = []
        preTokenizer.split(normalized, 0..<normalized.count) { words.append(Array($0[$1])) }
        return words
    }
}
