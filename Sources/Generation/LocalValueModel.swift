import Compute
import Tokenizers
import Transformer

/// A value head over a model in this process. Sequences with common prefixes are computed once, and what was computed
/// stays for the next call.
package final class LocalValueModel: ValueModel {
    /// What computes the hidden states that the head reads.
    private let completer: LocalCompleter
    private let head: ValueHead

    /// Shown beside its values.
    package var name: String { completer.name }
    /// Its backbone's words.
    package var tokenizer: Tokenizer { completer.tokenizer }
    /// Tokens that it reads at most.
    package var contextLength: Int? { completer.contextLength }

    /// - Parameter completer: the head's backbone; what it keeps is shared.
    package init(_ completer: LocalCompleter, head: ValueHead) { (self.completer, self.head) = (completer, head) }

    /// - Throws: also `TransformerError` for a token outside the vocabulary.
    package func values(
        _ sequences: [(ids: [TokenID], positions: [Int])], cancellation: Cancellation, progress: ((Int, Int) -> Void)?
    ) throws -> [[Float]] {
        for (ids, positions) in sequences {
            let needed = (positions.max() ?? -1) + 1
            precondition((positions.min() ?? 0) >= 0 && needed <= ids.count)
            guard needed <= completer.limit else {
                throw GenerationError.contextTooLong(prompt: needed, maxTokens: 0, limit: completer.limit)
            }
        }
        return try Cores.shared.withPrecedence(completer.priority) {
            let (plan, places) = try completer.exclusively { try self.plan(sequences) }
            let found = try run(plan, cancellation: cancellation, progress: progress)
            return try places.map {
                try $0.map { place in
                    guard let value = found[place] else {
                        preconditionFailure("a value that was planned was not computed")
                    }
                    guard value.isFinite else {
                        throw completer.notANumber(value, token: place.position + 1, head: head)
                    }
                    return value
                }
            }
        }
    }

    private func plan(_ sequences: [(ids: [TokenID], positions: [Int])]) throws -> (ValuePlan, [[ValuePlan.Place]]) {
        var plan = ValuePlan()
        for (ids, positions) in sequences {
            guard let first = positions.min(), let last = positions.max() else { continue }
            let tokens = Array(ids[...last])
            // Keys and values are kept from call to call, hidden states are not: a wanted position must be computed.
            let kept = completer.sharesPrefixes ? completer.store.longestMatch(tokens, atMost: first) : KVPath()
            try plan.add(tokens, first: first, kept: kept, shares: completer.sharesPrefixes) {
                try completer.cache.extended($0, by: $1)
            }
        }
        let places = plan.want(sequences.map(\.positions))
        return (plan, places)
    }

    private func run(
        _ plan: ValuePlan, cancellation: Cancellation, progress: ((Int, Int) -> Void)?
    ) throws -> [ValuePlan.Place: Float] {
        var found: [ValuePlan.Place: Float] = [:]
        let work = plan.pieces(of: LocalCompleter.chunkRows)
        let total = work.reduce(0) { $0 + $1.positions.count }
        var next = 0, done = 0
        while next < work.count {
            if cancellation.isCancelled { throw GenerationError.cancelled }
            var segments: [Segment] = [], wanted: [(place: ValuePlan.Place, row: Int)] = []
            var rows = 0
            while next < work.count, rows == 0 || rows + work[next].positions.count <= LocalCompleter.chunkRows {
                let (entry, positions) = work[next]
                segments.append(plan.segment(entry, positions))
                for position in plan.entries[entry].wanted where positions.contains(position) {
                    wanted.append(
                        (ValuePlan.Place(entry: entry, position: position), rows + position - positions.lowerBound))
                }
                rows += positions.count
                next += 1
            }
            let values = try completer.exclusively {
                head.values(
                    try completer.model.forward(segments, cache: completer.cache, scratch: completer.scratch),
                    rows: wanted.map(\.row))
            }
            for (item, value) in zip(wanted, values) { found[item.place] = value }
            done += rows
            progress?(done, total)
        }
        if completer.sharesPrefixes {
            completer.exclusively { for entry in plan.entries { completer.store.keep(entry.tokens, entry.path) } }
        }
        return found
    }
}
