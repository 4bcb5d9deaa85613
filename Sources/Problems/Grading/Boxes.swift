/// `\boxed{…}` in a text.
enum Boxes {
    /// Contents of every closed box that is not inside another, in order: of `\boxed{…}`, `\fbox{…}` and `\boxed 5`.
    /// One pass with a stack of open braces.
    static func contents(_ text: [UInt8]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var open: [(start: Int, isBox: Bool)] = []
        var place = 0
        while place < text.count {
            switch text[place] {
            case UInt8(ascii: "\\"):
                guard let name = ["\\boxed", "\\fbox"].first(where: { text[place...].starts(with: $0.utf8) }) else {
                    place += place + 1 < text.count && "{}\\".utf8.contains(text[place + 1]) ? 2 : 1
                    continue
                }
                place = begin(text, after: place + name.utf8.count, &open, &found)
                continue
            case UInt8(ascii: "{"): open.append((place + 1, false))
            case UInt8(ascii: "}"):
                if let brace = open.popLast(), brace.isBox {
                    while let last = found.last, last.lowerBound >= brace.start { found.removeLast() }
                    found.append(brace.start..<place)
                }
            default: break
            }
            place += 1
        }
        return found
    }

    /// What follows `\boxed`: an open brace is remembered, a bare word is found at once.
    private static func begin(
        _ text: [UInt8], after end: Int, _ open: inout [(start: Int, isBox: Bool)], _ found: inout [Range<Int>]
    ) -> Int {
        var next = end
        while next < text.count, text[next] == 0x20 { next += 1 }
        guard next < text.count else { return next }
        if text[next] == UInt8(ascii: "{") {
            open.append((next + 1, true))
            return next + 1
        }
        guard next > end else { return max(next, end) }
        let last = text[next...].firstIndex { AnswerExtraction.isBlank($0) || $0 == UInt8(ascii: "$") } ?? text.count
        if last > next { found.append(next..<last) }
        return last
    }
}
