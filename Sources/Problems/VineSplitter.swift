/// VinePPO's way of cutting prose with LaTeX: at newlines and after a sentence's end before a capital, never inside a
/// formula; fragments that end no sentence join what follows, and long parts are broken at a blank. One pass each,
/// linear.
struct VineSplitter {
    /// A part with fewer characters that ends no sentence is joined to the next.
    static let shortest = 20
    /// A part half as long again is broken at the first blank from here on.
    static let longest = 100

    private let text: [UInt8]
    /// Whether a byte is inside a formula.
    private let isMasked: [Bool]

    init(_ text: [UInt8]) {
        self.text = text
        isMasked = LatexMask.bytes(text)
    }

    /// Byte offsets at which the parts after the first begin. A blank between two sentences begins the second one, as
    /// it does in tokens (` The`); a newline ends its line.
    func starts() -> [Int] {
        let sentences = merged(candidates())
        let borders = [0] + sentences + [text.count]
        return zip(borders, borders.dropFirst()).flatMap { start, end in
            (start == 0 ? [] : [start]) + broken(start..<end)
        }
    }

    private func candidates() -> [Int] {
        var starts: [Int] = []
        for place in text.indices.dropFirst() where !isMasked[place - 1] {
            let before = text[place - 1]
            if before == 0x0A, !isBlank(text[place]) || startsLine(place) {
                starts.append(place)
            } else if text[place] == 0x20, ".!?".utf8.contains(before), place + 1 < text.count,
                (0x41...0x5A).contains(text[place + 1])
            {
                starts.append(place)
            }
        }
        return starts
    }

    /// Whether the line that begins at `place` has text after its blanks.
    private func startsLine(_ place: Int) -> Bool {
        guard text[place] == 0x20 || text[place] == 0x09 else { return false }
        // Only a bounded indentation is looked through, so that runs of blanks cost no more than themselves.
        return text[place...].prefix(32).contains { !isBlank($0) }
            && text[place...].prefix(32).first { $0 == 0x0A || !isBlank($0) } != 0x0A
    }

    /// Leaves out the starts whose part before them is a fragment.
    private func merged(_ starts: [Int]) -> [Int] {
        var kept: [Int] = []
        for start in starts {
            let part = text[(kept.last ?? 0)..<start]
            let last = part.last { !isBlank($0) }
            let isFragment = last == nil || (!".!?".utf8.contains(last ?? 0) && isShorter(part, than: Self.shortest))
            if !isFragment { kept.append(start) }
        }
        if let last = kept.last, !text[last...].contains(where: { !isBlank($0) }) { kept.removeLast() }
        return kept
    }

    private func broken(_ range: Range<Int>) -> [Int] {
        var breaks: [Int] = []
        var start = range.lowerBound
        var count = 0
        var left = characters(text[range])
        for place in range {
            guard text[place] & 0xC0 != 0x80 else { continue }
            let isLong = count >= Self.longest && left >= Self.longest / 2
            if isLong, text[place] == 0x20, !isMasked[place], place > start {
                breaks.append(place)
                (start, count) = (place, 0)
            }
            count += 1
            left -= 1
        }
        return breaks
    }

    private func isShorter(_ part: ArraySlice<UInt8>, than count: Int) -> Bool {
        part.count < 4 * count && characters(part) < count
    }

    /// Bytes that begin a character; for broken UTF-8 a usable count all the same.
    private func characters(_ part: ArraySlice<UInt8>) -> Int {
        part.count { $0 & 0xC0 != 0x80 }
    }

    private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}

/// Where formulas are: `$…$` within a line, `$$…$$`, `\(…\)`, `\[…\]`, `\begin…\end`. What is not closed is no formula.
enum LatexMask {
    static func bytes(_ text: [UInt8]) -> [Bool] {
        var mask = [Bool](repeating: false, count: text.count)
        var closers: [String: ClosingFinder] = [:]
        var place = 0
        while place < text.count {
            guard text[place] == UInt8(ascii: "$") || text[place] == UInt8(ascii: "\\"),
                let pair = pair(at: place, text)
            else {
                place += text[place] == UInt8(ascii: "\\") ? 2 : 1
                continue
            }
            let inside = place + pair.open.utf8.count
            var finder = closers[pair.close] ?? ClosingFinder(pair.close)
            let end = finder.end(from: inside, in: text)
            closers[pair.close] = finder
            guard let end, !pair.isInline || !text[inside..<end].contains(0x0A) else {
                place = inside
                continue
            }
            for index in place..<end { mask[index] = true }
            place = end
        }
        return mask
    }

    private struct Pair {
        var open: String
        var close: String
        var isInline = false
    }

    private static let pairs = [
        Pair(open: "$$", close: "$$"), Pair(open: "$", close: "$", isInline: true), Pair(open: "\\(", close: "\\)"),
        Pair(open: "\\[", close: "\\]"), Pair(open: "\\begin{", close: "\\end{"),
    ]

    private static func pair(at place: Int, _ text: [UInt8]) -> Pair? {
        pairs.first { text[place...].starts(with: $0.open.utf8) }
    }

    /// Looks for a closer from ever later places, reading each byte once.
    private struct ClosingFinder {
        private let needle: [UInt8]
        private var searched = 0
        private var next: Int?

        init(_ closer: String) { needle = Array(closer.utf8) }

        /// Just after the first closer at or after `start`.
        mutating func end(from start: Int, in text: [UInt8]) -> Int? {
            if let next, next >= start { return next + needle.count }
            guard searched <= text.count else { return nil }
            var place = max(start, searched)
            while place + needle.count <= text.count {
                if text[place...].starts(with: needle) {
                    next = place
                    searched = place + 1
                    return place + needle.count
                }
                place += 1
            }
            searched = text.count + 1
            return nil
        }
    }
}
