/// Finds added tokens in text: leftmost, then longest, as `tokenizers` does.
struct AddedTokenMatcher: Sendable {
    struct Match { var token: AddedToken; var range: Range<Int> }

    private var tokens: [AddedToken] = []
    /// Edges (node, byte) -> (next node, unused); node 0 is the root.
    private var edges = PairTable(minimumCapacity: 64)
    /// Index into `tokens` of the token that ends at each node, or -1.
    private var ending: [Int32] = [-1]
    private var startsToken = [Bool](repeating: false, count: 256)

    var isEmpty: Bool { tokens.isEmpty }

    /// - Parameter content: the bytes to look for, which differ from the token's own when a normaliser is at work.
    mutating func insert(_ token: AddedToken, as content: [UInt8]) {
        guard let first = content.first else { return }
        startsToken[Int(first)] = true
        var node: Int32 = 0
        for byte in content {
            if let next = edges[node, Int32(byte)] {
                node = next.first
            } else {
                let fresh = Int32(ending.count)
                ending.append(-1)
                edges.set(node, Int32(byte), to: (fresh, 0))
                node = fresh
            }
        }
        ending[Int(node)] = Int32(tokens.count)
        tokens.append(token)
    }

    /// The longest token that starts exactly at `start`.
    func longest(in text: [UInt8], at start: Int, end: Int) -> Match? {
        guard startsToken[Int(text[start])] else { return nil }
        var node: Int32 = 0
        var found: Match?
        var index = start
        while index < end, let next = edges[node, Int32(text[index])] {
            node = next.first
            index += 1
            if ending[Int(node)] >= 0 { found = Match(token: tokens[Int(ending[Int(node)])], range: start..<index) }
        }
        return found
    }

    /// Cuts `range` of `text` at added tokens. `plain` gets the stretches between, `added` the tokens.
    /// - Parameter accepts: a match for which this says no stays plain text, and so do tokens inside it.
    func split(
        _ text: [UInt8], _ range: Range<Int>, accepts: (Match) -> Bool,
        plain: (Range<Int>) throws -> Void, added: (AddedToken) throws -> Void
    ) rethrows {
        var done = range.lowerBound
        var index = range.lowerBound
        while index < range.upperBound {
            guard let match = longest(in: text, at: index, end: range.upperBound) else {
                index += 1
                continue
            }
            index = match.range.upperBound
            guard accepts(match), !match.token.singleWord || standsAlone(match.range, in: text, range) else { continue }
            let start =
                match.token.lstrip
                ? whitespaceStart(before: match.range.lowerBound, text, range) : match.range.lowerBound
            let stop =
                match.token.rstrip ? whitespaceEnd(after: match.range.upperBound, text, range) : match.range.upperBound
            if done < max(start, done) { try plain(done..<start) }
            try added(match.token)
            done = stop
            index = max(index, stop)
        }
        if done < range.upperBound { try plain(done..<range.upperBound) }
    }

    private func standsAlone(_ match: Range<Int>, in text: [UInt8], _ range: Range<Int>) -> Bool {
        if match.lowerBound > range.lowerBound {
            let before = UTF8Scan.scalar(text, endingAt: match.lowerBound, from: range.lowerBound)
            if let scalar = before.scalar, WordKind.isWord(scalar) { return false }
        }
        if match.upperBound < range.upperBound {
            let after = UTF8Scan.scalar(text, at: match.upperBound, to: range.upperBound)
            if let scalar = after.scalar, WordKind.isWord(scalar) { return false }
        }
        return true
    }

    private func whitespaceStart(before index: Int, _ text: [UInt8], _ range: Range<Int>) -> Int {
        var start = index
        while start > range.lowerBound {
            let before = UTF8Scan.scalar(text, endingAt: start, from: range.lowerBound)
            guard let scalar = before.scalar, scalar.properties.isWhitespace else { break }
            start -= before.length
        }
        return start
    }

    private func whitespaceEnd(after index: Int, _ text: [UInt8], _ range: Range<Int>) -> Int {
        var stop = index
        while stop < range.upperBound {
            let after = UTF8Scan.scalar(text, at: stop, to: range.upperBound)
            guard let scalar = after.scalar, scalar.properties.isWhitespace else { break }
            stop += after.length
        }
        return stop
    }
}
