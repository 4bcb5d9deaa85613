import Tokenizers

/// Cuts a solution into steps, on its sampled tokens: text is split by the rule, then each token goes to the step
/// its first character stands in, so that the steps partition the tokens and no text is ever encoded again.
package enum StepSplitter {
    /// - Parameter tokenPieces: the bytes of each sampled token, in order; an end token's are empty.
    /// - Returns: steps whose token ranges partition all tokens, each with at least one; none for no tokens.
    ///   A token without bytes goes with the token before it.
    package static func split(_ tokenPieces: [[UInt8]], rule: StepRule) -> [Step] {
        guard !tokenPieces.isEmpty else { return [] }
        let text = tokenPieces.flatMap { $0 }
        var byteStarts: [Int] = [0]
        for piece in tokenPieces { byteStarts.append(byteStarts[byteStarts.count - 1] + piece.count) }
        let cuts: [Int]
        switch rule {
        case .tokens(let size): cuts = chunkCuts(tokenPieces, size: max(size, 1))
        case .newline: cuts = tokenCuts(LineSplitter.starts(text), pieces: tokenPieces, byteStarts)
        case .vine: cuts = tokenCuts(VineSplitter(text).starts(), pieces: tokenPieces, byteStarts)
        }
        let borders = [0] + cuts + [tokenPieces.count]
        return zip(borders, borders.dropFirst()).enumerated().map { index, border in
            let bytes = byteStarts[border.0]..<byteStarts[border.1]
            return Step(
                index: index + 1, tokens: border.0..<border.1, bytes: bytes,
                text: String(decoding: text[bytes], as: UTF8.self))
        }
    }

    /// The steps of a sampled solution. An end token adds no text to the last one.
    package static func split(_ ids: [TokenID], tokenizer: Tokenizer, ends: Set<TokenID>, rule: StepRule) -> [Step] {
        split(ids.map { ends.contains($0) ? [] : tokenizer.bytes(of: $0) }, rule: rule)
    }

    /// The steps of a text of which no ids are known, split between characters.
    /// - Parameter rule: none of so many tokens.
    package static func split(text: String, rule: StepRule) -> [Step] {
        if case .tokens = rule { preconditionFailure("a text without ids has no tokens to count") }
        return split(text.utf8.map { [$0] }, rule: rule).map {
            Step(index: $0.index, tokens: 0..<0, bytes: $0.bytes, text: $0.text)
        }
    }

    /// The tokens that begin a step, the first one left out: those in another step than the token before.
    /// - Parameter starts: byte offsets, ascending, at which the steps after the first begin.
    private static func tokenCuts(_ starts: [Int], pieces: [[UInt8]], _ byteStarts: [Int]) -> [Int] {
        var cuts: [Int] = []
        var step = 0
        for token in pieces.indices where !pieces[token].isEmpty {
            let before = step
            while step < starts.count, starts[step] <= byteStarts[token] { step += 1 }
            if step > before, token > 0 { cuts.append(token) }
        }
        return cuts
    }

    /// Every `size` tokens; tokens without bytes at the end stay with the last chunk.
    private static func chunkCuts(_ pieces: [[UInt8]], size: Int) -> [Int] {
        let end = (pieces.lastIndex { !$0.isEmpty } ?? 0) + 1
        return Array(stride(from: size, to: end, by: size))
    }
}

/// A line with its newline, and the blank lines after it, is a step.
enum LineSplitter {
    /// Where the steps after the first begin.
    static func starts(_ text: [UInt8]) -> [Int] {
        var starts: [Int] = []
        var lineStart = 0
        var hasText = false
        var sawText = false
        for (index, byte) in text.enumerated() {
            if byte == 0x0A {
                lineStart = index + 1
                hasText = false
            } else if !hasText, byte != 0x20, byte != 0x09, byte != 0x0D {
                hasText = true
                if sawText, lineStart > 0 { starts.append(lineStart) }
                sawText = true
            }
        }
        return starts
    }
}
