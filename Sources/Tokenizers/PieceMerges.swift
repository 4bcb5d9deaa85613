/// The merges that a vocabulary of pieces implies: every way of cutting a piece into two others, ranked by the piece.
///
/// SentencePiece merges the leftmost of equals. A list of merges cannot say that, but where pieces share a score (runs
/// of blanks do), ranking the longest left half first comes to the same, as transformers' converter does.
struct PieceMerges: Sendable {
    /// The rank of each id as a merge's result, from 0; nil: it is never made of others.
    private var ranks: [Int32?]
    /// Which ids may be halves.
    private var halves: [Bool]

    /// The highest score first.
    /// - Parameter scores: of each id, nil for what is never made of others, nor a half.
    init(scores: [Float?]) {
        ranks = [Int32?](repeating: nil, count: scores.count)
        let order = scores.enumerated().compactMap { id, score in score.map { (id: id, score: $0) } }
            .sorted { $0.score > $1.score }
        var rank: Int32 = -1
        var last: Float?
        for entry in order {
            if last != entry.score { rank += 1 }
            last = entry.score
            ranks[entry.id] = rank
        }
        halves = scores.map { $0 != nil }
    }

    /// By id, the lowest first: pieces that a user defined stand before all others.
    /// - Parameter excluded: ids that are never made of others.
    init(inOrderOfIDs count: Int, except excluded: Set<TokenID>) {
        ranks = (0..<Int32(count)).map { excluded.contains($0) ? nil : $0 }
        halves = [Bool](repeating: true, count: count)
    }

    private struct Candidate {
        var rank: Int32
        var lengths: (left: Int32, right: Int32)
        var merge: (left: TokenID, right: TokenID, merged: TokenID)

        static func < (a: Candidate, b: Candidate) -> Bool {
            if a.rank != b.rank { return a.rank < b.rank }
            if a.lengths.left != b.lengths.left { return a.lengths.left > b.lengths.left }
            if a.lengths.right != b.lengths.right { return a.lengths.right > b.lengths.right }
            return a.merge.merged < b.merge.merged
        }
    }

    /// All merges, the first to be done first.
    func list(_ vocabulary: Vocabulary) -> [(left: TokenID, right: TokenID, merged: TokenID)] {
        var found: [Candidate] = []
        found.reserveCapacity(vocabulary.count * 2)
        for id in 0..<TokenID(min(vocabulary.count, ranks.count)) {
            guard let rank = ranks[Int(id)] else { continue }
            let spelling = Array(vocabulary.spelling(of: id))
            var cuts: [Int] = [0]
            while let last = cuts.last, last < spelling.count {
                cuts.append(last + UTF8Scan.scalar(spelling, at: last, to: spelling.count).length)
            }
            for (length, cut) in cuts.enumerated().dropFirst().dropLast() {
                guard let left = half(vocabulary, spelling, 0..<cut),
                    let right = half(vocabulary, spelling, cut..<spelling.count)
                else { continue }
                let lengths = (left: Int32(length), right: Int32(cuts.count - 1 - length))
                found.append(Candidate(rank: rank, lengths: lengths, merge: (left, right, id)))
            }
        }
        found.sort(by: <)
        return found.map(\.merge)
    }

    private func half(_ vocabulary: Vocabulary, _ spelling: [UInt8], _ range: Range<Int>) -> TokenID? {
        guard let id = vocabulary.id(of: spelling, range), Int(id) < halves.count, halves[Int(id)] else { return nil }
        return id
    }
}
