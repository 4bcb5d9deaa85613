/// What merging begins with in a vocabulary of pieces: the token of each scalar, or those of its bytes.
struct PieceSymbols: Sendable {
    /// (scalar, 0) -> (id, 0)
    private var scalars: PairTable
    /// The token of each byte, -1 where there is none; empty without byte fallback.
    private(set) var byteIDs: [TokenID] = []
    private let unknown: TokenID?
    /// Neighbouring unknown scalars are one token.
    private let fusesUnknown: Bool

    init(_ vocabulary: Vocabulary, fallsBackToBytes: Bool, unknown: TokenID?, fusesUnknown: Bool) {
        self.unknown = unknown
        self.fusesUnknown = fusesUnknown
        scalars = PairTable(minimumCapacity: 1024)
        for id in 0..<TokenID(vocabulary.count) where vocabulary.kinds[Int(id)] == .spelled {
            let spelling = Array(vocabulary.spelling(of: id))
            guard !spelling.isEmpty else { continue }
            let (scalar, length) = UTF8Scan.scalar(spelling, at: 0, to: spelling.count)
            if let scalar, length == spelling.count { scalars.set(Int32(scalar.value), 0, to: (id, 0)) }
        }
        if fallsBackToBytes {
            byteIDs = (0...255).map { vocabulary.id(of: PieceSpelling.spell(byte: $0)) ?? -1 }
        }
    }

    /// Whether a `▁` is a token, so that nothing before it waits for what comes after it, and nothing between two is
    /// left out, so that they never become neighbours.
    var keepsBlanksApart: Bool {
        scalars[0x2581, 0] != nil && (unknown != nil || !byteIDs.isEmpty && byteIDs.allSatisfy { $0 >= 0 })
    }

    /// Appends the tokens of the scalars of `text[range]`. Unknown ones wait for the next that is known, as in
    /// `tokenizers`: bytes in between come before them.
    func append(_ text: [UInt8], _ range: Range<Int>, to ids: inout [TokenID]) {
        var waiting = false
        var index = range.lowerBound
        func flush() {
            if waiting, let unknown { ids.append(unknown) }
            waiting = false
        }
        while index < range.upperBound {
            let (scalar, length) = UTF8Scan.scalar(text, at: index, to: range.upperBound)
            defer { index += length }
            if let scalar, let found = scalars[Int32(scalar.value), 0] {
                flush()
                ids.append(found.first)
                continue
            }
            let bytes = text[index..<index + length]
            if !byteIDs.isEmpty, bytes.allSatisfy({ byteIDs[Int($0)] >= 0 }) {
                for byte in bytes { ids.append(byteIDs[Int(byte)]) }
                continue
            }
            if !fusesUnknown { flush() }
            waiting = unknown != nil
        }
        flush()
    }
}
