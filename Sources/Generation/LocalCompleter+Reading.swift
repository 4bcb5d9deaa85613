import Compute
import Tokenizers
import Transformer

extension LocalCompleter {
    /// Contexts with common prefixes are computed once.
    package func nextTokenLogprobs(
        _ contexts: [[TokenID]], of candidates: [TokenID], cancellation: Cancellation
    ) throws -> [[Float]] {
        try rows(contexts, cancellation: cancellation) { row in
            let sum = row.logSum()
            return candidates.map { id in
                (0..<row.count).contains(Int(id)) ? sum.logprob(of: row[Int(id)]) : -.infinity
            }
        }
    }

    /// After each context, the log-probability (temperature 1) of every token of the vocabulary.
    /// - Returns: [contexts][vocabulary], in nats.
    /// - Throws: ``GenerationError``, `.cancelled` among them.
    package func nextTokenLogprobs(_ contexts: [[TokenID]], cancellation: Cancellation) throws -> [[Float]] {
        try rows(contexts, cancellation: cancellation) { $0.logProbabilities() }
    }

    /// What `read` makes of the row of logits after each context.
    private func rows(
        _ contexts: [[TokenID]], cancellation: Cancellation, read: (LogitRow) -> [Float]
    ) throws -> [[Float]] {
        for context in contexts where context.count > limit {
            throw GenerationError.contextTooLong(prompt: context.count, maxTokens: 0, limit: limit)
        }
        return try exclusively {
            let prefilled = try prefill(contexts, cancellation: cancellation)
            var rows: [[Float]] = []
            for first in stride(from: 0, to: contexts.count, by: Self.batchSequences) {
                let group = contexts[first..<min(first + Self.batchSequences, contexts.count)]
                let out = try logits(group.map { Self.state(of: $0, in: prefilled).hidden })
                for (row, context) in group.enumerated() {
                    let logits = LogitRow(out, row: row, count: model.configuration.vocabulary)
                    if let value = logits.notFinite { throw notANumber(value, token: context.count) }
                    rows.append(read(logits))
                }
            }
            return rows
        }
    }

    /// - Throws: also `TransformerError.tokenOutOfRange`.
    package func score(_ sequence: [TokenID], from start: Int, top: Int, cancellation: Cancellation) throws
        -> [TokenScore]
    {
        guard sequence.count <= limit else {
            throw GenerationError.contextTooLong(prompt: sequence.count, maxTokens: 0, limit: limit)
        }
        let start = max(1, start)
        guard start < sequence.count else { return [] }
        let vocabulary = model.configuration.vocabulary
        for id in sequence where !(0..<vocabulary).contains(Int(id)) {
            throw TransformerError.tokenOutOfRange(id: Int(id), vocabulary: vocabulary)
        }
        return try exclusively {
            var path = sharesPrefixes ? store.longestMatch(sequence, atMost: start - 1) : KVPath()
            var scores: [TokenScore] = []
            // The last token's own state predicts nothing that is asked for.
            while path.count < sequence.count - 1 {
                if cancellation.isCancelled { throw GenerationError.cancelled }
                let first = path.count, end = min(first + Self.chunkRows, sequence.count - 1)
                path = try cache.extended(path, by: end - first)
                let hidden = try model.forward(
                    [Segment(tokens: Array(sequence[first..<end]), path: path)], cache: cache, scratch: scratch)
                scores += try read(
                    hidden, sequence: sequence, first: first, positions: max(first, start - 1)..<end, top: top)
            }
            if sharesPrefixes { store.keep(sequence, path) }
            return scores
        }
    }

    /// Scores of the tokens that follow `positions`; `hidden` begins at position `first`.
    private func read(
        _ hidden: FloatBuffer, sequence: [TokenID], first: Int, positions: Range<Int>, top: Int
    ) throws -> [TokenScore] {
        let vocabulary = model.configuration.vocabulary
        // `logits` reuses buffers of the scratch, `hidden` is one of them but not one that `logits` writes.
        return try stride(from: positions.lowerBound, to: positions.upperBound, by: Self.batchSequences).flatMap {
            from in
            let group = from..<min(from + Self.batchSequences, positions.upperBound)
            let out = try model.logits(hidden, rows: group.map { $0 - first }, scratch: scratch)
            return try group.map { position in
                let row = LogitRow(out, row: position - from, count: vocabulary)
                if let value = row.notFinite { throw notANumber(value, token: position + 1) }
                return TokenScore(row, next: sequence[position + 1], top: top)
            }
        }
    }
}
