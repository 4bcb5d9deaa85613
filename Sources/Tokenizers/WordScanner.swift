extension WordScanner {
    /// All words from `start` to the end, in order, without gaps.
    @inline(__always)
    func split(from start: Int, word: (Range<Int>) -> Void) {
        var index = start
        while index < end {
            let stop = wordEnd(from: index)
            word(index..<stop)
            index = stop
        }
    }

    func isLineBreak(at index: Int) -> Bool { index < end && (text[index] == 0x0A || text[index] == 0x0D) }

    /// The end of a run of one kind of scalar.
    @inline(__always)
    func runEnd(of kind: ScalarKind, from start: Int) -> Int {
        var index = start
        while index < end {
            let next = ScalarKind.read(text, at: index, to: end)
            if next.kind != kind { break }
            index += next.length
        }
        return index
    }

    /// `\s*[\r\n]+|\s+(?!\S)|\s+`: a run of white space goes up to its last line break if it has one, else leaves its
    /// last scalar to the word behind it.
    func whitespaceEnd(from start: Int) -> Int {
        var index = start
        var last = start
        var afterBreak: Int?
        while index < end {
            let next = ScalarKind.read(text, at: index, to: end)
            if next.kind != .space { break }
            last = index
            index += next.length
            if isLineBreak(at: last) { afterBreak = index }
        }
        if let afterBreak { return afterBreak }
        return index == end || last == start ? index : last
    }

    /// `(?i:'s|'t|'re|'ve|'m|'ll|'d)`: U+017F (long s) is an s when case is ignored.
    func contractionEnd(from start: Int) -> Int? {
        guard start + 1 < end, text[start] == 0x27 else { return nil }
        switch text[start + 1] | 0x20 {
        case 0x73, 0x74, 0x6D, 0x64: return start + 2
        case 0x72, 0x76: return start + 2 < end && text[start + 2] | 0x20 == 0x65 ? start + 3 : nil
        case 0x6C: return start + 2 < end && text[start + 2] | 0x20 == 0x6C ? start + 3 : nil
        default: break
        }
        return start + 2 < end && text[start + 1] == 0xC5 && text[start + 2] == 0xBF ? start + 3 : nil
    }

    /// `\p{N}{1,most}` from a number on.
    func numberEnd(from start: Int, most: Int) -> Int {
        var index = start
        var count = 0
        while index < end, count < most {
            let next = ScalarKind.read(text, at: index, to: end)
            if next.kind != .number { break }
            index += next.length
            count += 1
        }
        return index
    }
}

/// A pattern that matches everything, scanned by hand: it says where the word that begins at a byte ends.
protocol WordScanner {
    var text: [UInt8] { get }
    var end: Int { get }
    func wordEnd(from start: Int) -> Int
}
