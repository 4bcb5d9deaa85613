/// The merges that a vocabulary of pieces implies: every way of cutting a piece into two others, ranked by the piece.
///
/// SentencePiece merges the leftmost of equals. A list of merges cannot say that, but where pieces share a score (runs
/// of blanks do), ranking the longest left half first comes to the same, as transformers' converter does.
struct PieceMerges: Sendable {
    /// The rank of each id as a merge's result, from 0; nil: it is never made of others.
    private var ranks: [Int32?]
    /// Which ids may be halves.
    private var halves: [Bool]

    /// Pieces that a user defined come first, by id: SentencePiece takes them before it merges. Then normal ones, the
    /// highest score first.
    /// - Parameter scores: of each id, nil for what is no normal piece.
    init(scores: [Float?], definedByUser: Set<Int>) {
        ranks = [Int32?](repeating: nil, count: scores.count)
        for (rank, id) in definedByUser.sorted().enumerated() { ranks[id] = Int32(rank) }
        var rank = Int32(definedByUser.count) - 1
        var last: Float?
        let normal = scores.enumerated().compactMap { id, score in score.map { (id: id, score: $0) } }
        for entry in normal.sorted(by: { $0.score > $1.score }) {
            if last != entry.score { rank += 1 }
            last = entry.score
            ranks[entry.id] = rank
        }
        halves = ranks.map { $0 != nil }
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
